"""Statements of pickers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from engine.definitions.paths import DEPARTMENT
from engine.expressions import Expression, compile  # noqa: A004
from engine.kernel.messages import pick
from engine.records.access import Access
from engine.records.names import readable
from engine.records.plan import Slot
from engine.records.query.columns import Column, Columns, built_in
from engine.records.query.question import in_any, searched
from engine.records.query.single import standing
from engine.records.query.titles import shown, title_shower
from engine.records.search_text import label_of

Found = list[dict[str, Any]]
_STARTS = compile("starts_with(title, word)", {"title": "text", "word": "text"})
_CONTAINS = compile("contains(title, word)", {"title": "text", "word": "text"})


def find_records(
    access: Access, entity: str, words: tuple[str, ...], limit: int,
    filter_: Expression | None = None, given: Mapping[str, Any] | None = None,
) -> Found:
    """Records that may be chosen: readable, allowed by the filter, with every word; newest first for none."""
    columns = Columns(access, entity)
    table, title = columns.table, columns.entity.title
    slots = readable(access, entity)
    if title not in {slot.key for slot in slots}:
        return []
    other = _second(access, entity, slots)
    conditions = standing(access, "read", entity, table)
    if words:
        conditions.append(_searched(columns, words))
    if filter_ is not None:
        conditions.append(columns.sql(filter_, _names(columns, given or {})))
    selected = [table.c.id, columns(title), *([columns(other.key)] if other else [])]
    order = [table.c.id.desc()] if not words else [_first(columns, columns(title), words), columns(title), table.c.id]
    statement = sa.select(*selected).select_from(columns.from_clause()).where(*conditions).order_by(*order).limit(limit)
    show, language = title_shower(access, entity), access.work.language
    return [
        {
            "id": str(row[0]), "title": "" if row[1] is None else shown(show, row[1]),
            "subtitle": label_of(other, row[2], language) if other and row[2] is not None else "",
        }
        for row in access.work.connection.execute(statement)
    ]


def find_people(
    access: Access, target: str, words: tuple[str, ...], limit: int,
    filter_: Expression | None = None, given: Mapping[str, Any] | None = None,
) -> Found:
    """Users who have not left, or departments that are not closed."""
    table, renamed = built_in(target)
    is_department = target == DEPARTMENT
    conditions: list[Column] = [table.c.removed_at.is_(None) if is_department else table.c.is_active.is_(True)]
    texts = [sa.cast(table.c.name, sa.Text()), table.c.key] if is_department else [table.c.name, table.c.login]
    columns = Columns(access, next(iter(access.model.entities)))
    conditions.extend(
        sa.or_(*(columns.sql(_CONTAINS, {"title": text, "word": word}.__getitem__) for text in texts)) for word in words
    )
    if filter_ is not None:
        values = given or {}
        conditions.append(columns.sql(filter_, lambda name: values[name] if name in values else table.c[renamed.get(name, name)]))
    second = table.c.key if is_department else table.c.title
    order = [table.c.key] if is_department else [table.c.name, table.c.id]
    statement = sa.select(table.c.id, table.c.name, second).where(*conditions).order_by(*order).limit(limit)
    language = access.work.language
    return [
        {"id": str(row[0]), "title": pick(row[1], language), "subtitle": row[2] or ""}
        for row in access.work.connection.execute(statement)
    ]


def _second(access: Access, entity: str, slots: tuple[Slot, ...]) -> Slot | None:
    """The field that tells records of one title apart: the first searchable one besides the title."""
    title = access.model.entities[entity].title
    shown = {slot.key for slot in slots} - {title}
    return next((slot for slot in access.plan(entity).searchable if slot.key in shown), None)


def _searched(columns: Columns, words: tuple[str, ...]) -> Column:
    title = columns.entity.title
    if columns.entity.fields[title].searchable:
        return searched(columns, words)
    return in_any(columns, (title,), words)


def _first(columns: Columns, title: Column, words: tuple[str, ...]) -> Column:
    """Titles that begin with the first word come first."""
    starts = columns.sql(_STARTS, {"title": sa.cast(title, sa.Text()), "word": words[0]}.__getitem__)
    return sa.case((starts, sa.literal_column("0")), else_=sa.literal_column("1"))


def _names(columns: Columns, given: Mapping[str, Any]) -> Any:
    """The filter's author may name every field of the record to be chosen, whoever chooses."""
    return lambda name: given[name] if name in given else columns.free(name)
