"""Reading a field's old column beside its new one, some records at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.definitions.model import Field
from engine.definitions.paths import BUILT_IN, DEPARTMENT, USER, target_of
from engine.fields import Known, effective
from engine.kernel.messages import LANGUAGES, pick
from engine.records.access import Access
from engine.records.query.columns import Columns
from engine.records.query.titles import find_titles
from engine.storage.system_tables import department, user


@dataclass(frozen=True, slots=True)
class Pair:
    """A record's value in the old column and in the new one."""

    id: UUID
    old: Any
    new: Any
    changed_on: datetime


def read_pairs(access: Access, entity: str, columns: tuple[str, Field, Field | None], after: UUID | None, limit: int, *,
               standing: bool = False, lock: bool = False, missing: bool = False) -> list[Pair]:
    """The next records in the order of their ids, removed ones too unless `standing`.

    `columns` are the old column's name, the field as it was, and the field as it is when it has a column
    already. `missing`: only those with a value in the old one and none in the new one.
    """
    name, before, now = columns
    table = access.tables[entity]
    old = sa.column(name, _type(before))
    source = sa.table(table.name, *(sa.column(each.name, each.type) for each in table.c if each.name != name), old)
    new: sa.ColumnElement[Any] = sa.column(now.column, _type(now)) if now is not None else sa.null()
    conditions: list[Any] = []
    if after is not None:
        conditions.append(source.c.id > sa.literal(after, table.c.id.type))
    if standing:
        conditions.append(source.c.removed_on.is_(None))
    if missing:
        conditions += [old.is_not(None), new.is_(None)]
    query = sa.select(source.c.id, old.label("old_value"), new.label("new_value"), source.c.changed_on).select_from(source)
    query = query.where(*conditions).order_by(source.c.id).limit(limit)
    rows = access.work.connection.execute(query.with_for_update() if lock else query)
    return [Pair(*row) for row in rows]


def count_all(access: Access, entity: str) -> int:
    """How many records there are, removed ones too."""
    query = sa.select(sa.func.count()).select_from(access.tables[entity])
    return int(access.work.connection.execute(query).scalar_one())


def is_taken(access: Access, entity: str, item: Field, value: Any) -> bool:
    """Has a record that stands this value in a field's column, which may be out of use?"""
    table = access.tables[entity]
    source = sa.table(table.name, sa.column("removed_on"), sa.column(item.column, _type(item)))
    query = sa.select(sa.literal(1)).select_from(source)
    query = query.where(source.c[item.column] == value, source.c.removed_on.is_(None)).limit(1)
    return access.work.connection.execute(query).first() is not None


def known_of(access: Access, before: Field, after: Field, values: Iterable[Any]) -> Known:
    """Titles of the records that the values point to, and records that are called like the values."""
    source, target = target_of(before), target_of(after)
    wanted = [value for value in values if value is not None]
    titles = find_titles(access, source, wanted, is_free=True) if source and wanted else {}
    if not target or not wanted:
        return Known(titles)
    names = [*titles.values()] if source else [value for value in wanted if isinstance(value, str)]
    return Known(titles, _called(access, target, {name.strip() for name in names}))


def _called(access: Access, target: str, names: set[str]) -> dict[str, UUID]:
    """Records by title, where exactly one is called so."""
    found: dict[str, set[UUID]] = {}
    for title, id_ in _titled(access, target, sorted(names)):
        if title in names:
            found.setdefault(title, set()).add(id_)
    return {title: ids.pop() for title, ids in found.items() if len(ids) == 1}


def _titled(access: Access, target: str, names: list[str]) -> Iterator[tuple[str, UUID]]:
    connection = access.work.connection
    if target == DEPARTMENT:
        for id_, key, name in connection.execute(sa.select(department.c.id, department.c.key, department.c.name).where(department.c.removed_at.is_(None))):
            yield from ((word, id_) for word in {key, *(pick(name, language) for language in LANGUAGES)})
        return
    if target == USER:
        for id_, login, name in connection.execute(sa.select(user.c.id, user.c.login, user.c.name).where(user.c.is_active.is_(True))):
            yield from ((word, id_) for word in {login, name})
        return
    item = access.model.entities[target].fields[access.model.entities[target].title]
    if target in BUILT_IN or effective(item.type, item.options)[0].kind != "text":
        return
    columns = Columns(access, target, is_free=True)
    title = columns(item.key)
    for some in (names[start : start + 300] for start in range(0, len(names), 300)):
        query = sa.select(title, columns.table.c.id).select_from(columns.from_clause())
        for word, id_ in connection.execute(query.where(title.in_(some), columns.table.c.removed_on.is_(None))):
            yield word, id_


def _type(item: Field) -> Any:
    stored_as, options = effective(item.type, item.options)
    return stored_as.column(options)

