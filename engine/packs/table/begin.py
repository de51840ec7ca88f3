"""Making the app: definitions published at once, records by a job that shows how far it is."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from engine.definitions.lint.reserved_key import RESERVED_PLACES
from engine.jobs import current_job, enqueue, job, set_progress
from engine.kernel.errors import Invalid, NotFound, Problem
from engine.kernel.messages import translate
from engine.packs import store
from engine.packs.table.analyse import LISTED, columns_of, table_of
from engine.packs.table.convert import Unreadable, as_text, convert
from engine.packs.table.documents import Names, documents_of
from engine.packs.table.guess import Column, key_of
from engine.packs.table.read import Cell
from engine.publishing import create_app, list_apps, publish, put_document
from engine.records import bulk_create
from engine.storage import Work

BATCH = 250
JOB = "table.import"


def free_app_key(work: Work, words: str) -> str:
    """A key for a new app, made from its name."""
    return key_of(words, "app", {entry.key for entry in list_apps(work)} | RESERVED_PLACES)


def begin_from_table(work: Work, given: Mapping[str, Any], *, timezone: str) -> dict[str, Any]:
    """Make an app of an uploaded table: {"app", "entity", "job"}; the rows come in afterwards, by the job.

    `given`: file, sheet, label (of the app), name (of a record), title (the key of the column that names records),
    columns. Raises Invalid, NotFound, Forbidden unless an administrator asks.
    """
    _, table = table_of(work, given.get("file"), given.get("sheet"))
    columns = columns_of(given.get("columns"), table)
    label, name = (str(given.get(part) or "").strip()[:100] for part in ("label", "name"))
    title = next((column for column in columns if column.key == given.get("title") and not column.skip), None)
    problems = [Problem(f"table.no_{part}", {}, (part,)) for part, text in (("app_label", label), ("record_name", name)) if not text]
    if title is None or title.type != "text":
        problems.append(Problem("table.no_title", {}, ("title",)))
    if problems:
        raise Invalid(*problems)
    app = free_app_key(work, label)
    entity = key_of(name, "record", RESERVED_PLACES)
    documents = documents_of(Names(app, label, entity, name, str(given["title"])), columns, timezone=timezone, language=work.language)
    create_app(work, documents[0])
    for document in documents[1:]:
        put_document(work, app, document)
    publish(work, app, translate("table.note", {"file": str(given.get("file_name") or name)[:120]}, work.language))
    payload = {"app": app, "entity": entity, "file": str(given["file"]), "sheet": table.sheet, "timezone": timezone, "columns": [vars(column) for column in columns]}
    job_id = enqueue(work, JOB, payload)
    work.log("app.from_table", app=app, details={"rows": len(table.rows)})
    return {"app": app, "entity": entity, "job": str(job_id), "rows": len(table.rows)}


@job(JOB, writes=False, as_owner=True)
def import_rows(work: Work, payload: Mapping[str, Any]) -> dict[str, Any]:
    """Bring a table's rows in, some hundred to a transaction; one that was stopped goes on where it had come to.

    A cell that is no value of its column's type is left empty and named; a row that can't be stored is named, too.
    """
    with work.database.work(work.actor) as own:
        _, table = table_of(own, payload["file"], payload["sheet"])
    columns = [Column(**column) for column in payload["columns"] if not column["skip"]]
    mark = f"{JOB}:{current.id}" if (current := current_job(work)) else JOB
    done, found = 0, _Outcome()
    for start in range(0, len(table.rows), BATCH):
        rows = table.rows[start : start + BATCH]
        with work.database.work(work.actor) as own:
            own.allow_time(120)
            before = store.done_so_far(own, mark)
            if start < int(before.get("rows", 0)):  # an earlier try has stored these
                found = _Outcome(**before["outcome"])
            else:
                _store(own, payload, columns, rows, found)
                store.note_done(own, mark, {"rows": start + len(rows), "outcome": vars(found)})
        done += len(rows)
        with contextlib.suppress(NotFound):
            set_progress(work, min(99, done * 100 // len(table.rows)), {"code": "table.progress", "values": {"done": done, "count": len(table.rows)}})
    with work.database.work(work.actor) as own:
        store.forget_done(own, mark)
    return {**vars(found), "app": payload["app"], "entity": payload["entity"], "rows": len(table.rows)}


class _Outcome:
    """What became of the rows, and why some cells or rows were left out."""

    def __init__(self, created: int = 0, emptied: int = 0, refused: int = 0, lines: Sequence[Mapping[str, Any]] = ()) -> None:
        self.created, self.emptied, self.refused, self.lines = created, emptied, refused, list(lines)

    def say(self, row: int, column: str, value: str, code: str, values: Mapping[str, Any]) -> None:
        if len(self.lines) < LISTED:
            self.lines.append({"row": row, "column": column, "value": value[:80], "code": code, "values": dict(values)})


def _store(work: Work, payload: Mapping[str, Any], columns: Sequence[Column], rows: Sequence[tuple[int, tuple[Cell, ...]]], found: _Outcome) -> None:
    read = [_values(columns, number, row, str(payload["timezone"]), found) for number, row in rows]
    answers = bulk_create(work, payload["app"], payload["entity"], read, cause="import")
    again: list[int] = []
    labels = {column.key: column for column in columns}
    for answer in answers:
        index = answer["index"]
        if "id" in answer:
            found.created += 1
            continue
        droppable = {str(problem.path[0]) for problem in answer["problems"] if problem.path and problem.path[0] in labels}
        droppable = {key for key in droppable if not labels[key].required and not labels[key].unique}
        if droppable and all(problem.path and problem.path[0] in droppable for problem in answer["problems"]):
            for problem in answer["problems"]:
                column = labels[str(problem.path[0])]
                found.emptied += 1
                found.say(rows[index][0], column.label, as_text(rows[index][1][column.at]), problem.code, problem.values)
            read[index] = {key: value for key, value in read[index].items() if key not in droppable}
            again.append(index)
        else:
            _refuse(found, rows[index], labels, answer["problems"])
    for answer in bulk_create(work, payload["app"], payload["entity"], [read[index] for index in again], cause="import") if again else ():
        if "id" in answer:
            found.created += 1
        else:
            _refuse(found, rows[again[answer["index"]]], labels, answer["problems"])


def _refuse(found: _Outcome, row: tuple[int, tuple[Cell, ...]], labels: Mapping[str, Column], problems: Sequence[Problem]) -> None:
    found.refused += 1
    for problem in problems[:3]:
        column = labels.get(str(problem.path[0])) if problem.path else None
        found.say(row[0], column.label if column else "", as_text(row[1][column.at]) if column else "", problem.code, problem.values)


def _values(columns: Sequence[Column], number: int, row: tuple[Cell, ...], timezone: str, found: _Outcome) -> dict[str, Any]:
    values = {}
    for column, cell in _cells(columns, row):
        try:
            value = convert(cell, column.type, column.options, timezone)
        except Unreadable:
            found.emptied += 1
            found.say(number, column.label, as_text(cell), "table.left_empty", {"type": column.type})
            continue
        if value is not None:
            values[column.key] = value
    return values


def _cells(columns: Sequence[Column], row: tuple[Cell, ...]) -> Iterator[tuple[Column, Cell]]:
    for column in columns:
        yield column, row[column.at]
