"""Looking at an uploaded table before anything is made of it: columns, guesses, a preview, what does not fit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from engine.accounts.rights import require_admin
from engine.definitions.lint.reserved_key import RESERVED
from engine.kernel.errors import Invalid, Problem
from engine.kernel.ids import find_id
from engine.kernel.messages import translate
from engine.packs.table.convert import TYPES, Unreadable, as_text, convert
from engine.packs.table.guess import COLOURS, Column, choices_of, guess, key_of, title_of
from engine.packs.table.read import Table, read_table
from engine.records import open_file
from engine.storage import Work

PREVIEW, LISTED, MOST_OPTIONS = 20, 200, 200


def table_of(work: Work, file: object, sheet: object) -> tuple[str, Table]:
    """The name and the table of an upload; raises NotFound, Invalid, Forbidden unless an administrator asks."""
    require_admin(work)
    file_id = find_id(file)
    if file_id is None:
        raise Invalid(Problem("table.no_file", {}, ("file",)))
    stored, path = open_file(work, file_id)
    return stored.name, read_table(path, stored.name, sheet if isinstance(sheet, str) else None)


def analyse_table(work: Work, file: object, sheet: object = None, *, timezone: str) -> dict[str, Any]:
    """What a table would become: its sheets, columns with guessed types, a preview and the cells that don't fit."""
    name, table = table_of(work, file, sheet)
    columns = guess(table, RESERVED, timezone)
    title = title_of(columns)
    columns[title].required = True
    return {
        "name": name.rpartition(".")[0] or name, "sheets": list(table.sheets), "sheet": table.sheet, "rows": len(table.rows),
        "title": columns[title].key, "columns": [vars(column) for column in columns],
        "preview": [[as_text(cell) for cell in row] for _, row in table.rows[:PREVIEW]],
        **_problems(work, table, columns, timezone),
    }  # fmt: skip


def check_table(work: Work, given: Mapping[str, Any], *, timezone: str) -> dict[str, Any]:
    """What would not fit if the columns were what the author says; a column that became a choice comes back with its options."""
    _, table = table_of(work, given.get("file"), given.get("sheet"))
    columns = columns_of(given.get("columns"), table)
    return {"columns": [vars(column) for column in columns], **_problems(work, table, columns, timezone)}


def columns_of(given: object, table: Table) -> list[Column]:
    """The columns as the author wants them; raises Invalid with every problem."""
    if not isinstance(given, list) or len(given) != len(table.header):
        raise Invalid(Problem("table.columns_differ"))
    taken, found, problems = set(RESERVED), [], []
    for at, each in enumerate(given):
        if not isinstance(each, Mapping) or each.get("type") not in TYPES:
            raise Invalid(Problem("table.columns_differ", {}, ("columns", at)))
        label = str(each.get("label") or "").strip()[:200]
        skip = bool(each.get("skip"))
        if not label and not skip:
            problems.append(Problem("table.no_label", {"column": at + 1}, ("columns", at, "label")))
        key = key_of(str(each.get("key") or label), f"field_{at + 1}", taken)
        taken.add(key)
        column = Column(at, table.header[at], key, label or key, str(each["type"]), _options(each), skip, bool(each.get("unique")), bool(each.get("required")))
        if column.type == "choice" and not skip and not column.options:
            cells = [row[at] for _, row in table.rows if row[at] is not None]
            options = choices_of(cells)
            if len(options) > MOST_OPTIONS:
                problems.append(Problem("table.too_many_options", {"label": label, "count": len(options), "most": MOST_OPTIONS}, ("columns", at, "type")))
            column.options = {"options": options[:MOST_OPTIONS]}
        found.append(column)
    if not problems and all(column.skip for column in found):
        problems.append(Problem("table.no_columns"))
    if problems:
        raise Invalid(*problems)
    return found


def _options(given: Mapping[str, Any]) -> dict[str, Any]:
    """What the guess said about a type, if it is there still; nothing else is believed."""
    options = given.get("options")
    if not isinstance(options, Mapping):
        return {}
    if given["type"] == "choice":
        listed = [
            {"key": str(item["key"])[:63], "label": str(item["label"])[:200], "colour": item["colour"] if item.get("colour") in COLOURS else "grey"}
            for item in options.get("options", ())[:MOST_OPTIONS] if isinstance(item, Mapping) and item.get("key") and item.get("label")
        ]
        return {"options": listed} if listed else {}
    scale = options.get("scale")
    return {"scale": scale} if given["type"] in ("decimal", "money", "percent") and isinstance(scale, int) and 0 <= scale <= 6 else {}


def _problems(work: Work, table: Table, columns: Sequence[Column], timezone: str) -> dict[str, Any]:
    """Cells that fit no value of their column's type, and rows that repeat what must be unique."""
    bad, doubles = list(_bad_cells(table, columns, timezone)), list(_doubles(table, columns))
    counts: dict[str, int] = {}
    for column, *_ in bad:
        counts[column.key] = counts.get(column.key, 0) + 1
    said = [
        {"row": row, "column": column.label, "key": column.key, "value": text[:80], "message": translate("table.bad_cell", {"type": translate(f"table.type_{column.type}", {}, work.language)}, work.language)}
        for column, row, text in bad[:LISTED]
    ]
    said += [
        {"row": row, "column": column.label, "key": column.key, "value": text[:80], "message": translate("table.double", {"row": first}, work.language)}
        for column, row, text, first in doubles[:LISTED]
    ]
    return {"bad": said, "bad_counts": counts, "bad_count": len(bad), "double_count": len(doubles)}


def _bad_cells(table: Table, columns: Sequence[Column], timezone: str) -> Iterator[tuple[Column, int, str]]:
    for number, row in table.rows:
        for column in columns:
            if column.skip:
                continue
            try:
                convert(row[column.at], column.type, column.options, timezone)
            except Unreadable:
                yield column, number, as_text(row[column.at])


def _doubles(table: Table, columns: Sequence[Column]) -> Iterator[tuple[Column, int, str, int]]:
    for column in columns:
        if column.skip or not column.unique:
            continue
        seen: dict[str, int] = {}
        for number, row in table.rows:
            text = as_text(row[column.at]).strip()
            if text and text in seen:
                yield column, number, text, seen[text]
            elif text:
                seen[text] = number
