"""Rows into record tables, and what the database says about them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.kernel.errors import Conflict, Invalid, Problem
from engine.records.access import Access
from engine.records.query.statements import SEARCH, among, chunks, columns_of, prepared
from engine.records.store.rows_in import put_in, way_into

_KEY_DETAIL = re.compile(r"Key \(([^)]*)\)=")
_KEY_SQLITE = re.compile(r"UNIQUE constraint failed: (.*)")

Row = Mapping[str, Any]
MANY = 8
"""Rows from which on they are put in without SQLAlchemy's handling of each."""


def insert(access: Access, entity: str, rows: Sequence[Row]) -> None:
    """New records; each row holds values by key, the id and system values included.

    Raises Invalid (`field.taken`) where a unique value is taken.
    """
    names = _names(access, entity)
    if len(rows) >= MANY:
        way = prepared(access, ("way in", entity), lambda: way_into(access.work, access.tables[entity], list(names.values())))
        with _unique(access, entity, names):
            put_in(access.work, way, [[row.get(key) for row in rows] for key in names])
        return
    statement = prepared(access, ("insert", entity), access.tables[entity].insert)
    complete = [{name: row.get(key) for key, name in names.items()} for row in rows]
    with _unique(access, entity, names):
        access.work.connection.execute(statement, complete if len(complete) > 1 else complete[0])


def update(access: Access, entity: str, rows: Sequence[tuple[UUID, Row]]) -> None:
    """Changed values of records, by key. Raises Invalid (`field.taken`), and Conflict when a record is gone."""
    names = _names(access, entity)
    by_keys: dict[frozenset[str], list[tuple[UUID, Row]]] = {}
    for id_, values in rows:
        by_keys.setdefault(frozenset(values), []).append((id_, values))
    for keys, some in by_keys.items():
        statement = prepared(access, ("update", entity, keys), partial(_update, access, entity, keys))
        parameters = [{"at_id": id_, **{f"to_{names[key]}": values[key] for key in keys}} for id_, values in some]
        with _unique(access, entity, keys):
            done = access.work.connection.execute(statement, parameters if len(parameters) > 1 else parameters[0])
        if len(parameters) == 1 and done.rowcount == 0:
            raise Conflict(Problem("record.gone"))


def mark(access: Access, entity: str, ids: Iterable[UUID], removed_on: datetime | None) -> None:
    """Mark rows as removed, or as standing again, without a change of theirs."""
    table = access.tables[entity]
    at = sa.bindparam("at", type_=table.c.removed_on.type)
    statement = prepared(access, ("mark", entity), lambda: table.update().where(among(table.c.id, access)).values(removed_on=at))
    with _unique(access, entity, ("removed_on",)):
        for some in chunks(list(ids)):
            access.work.connection.execute(statement, {"ids": some, "at": removed_on})


def _names(access: Access, entity: str) -> dict[str, str]:
    """Physical column name by key: system columns, stored fields, search text."""
    return prepared(access, ("names", entity), lambda: {
        **{key: str(column.name) for key, column in columns_of(access, entity).items()}, SEARCH: "search_text"
    })


def _update(access: Access, entity: str, keys: frozenset[str]) -> sa.Update:
    table = access.tables[entity]
    names = _names(access, entity)
    changed = {names[key]: sa.bindparam(f"to_{names[key]}", type_=table.c[names[key]].type) for key in sorted(keys)}
    return table.update().where(table.c.id == sa.bindparam("at_id", type_=table.c.id.type)).values(changed)


@contextmanager
def _unique(access: Access, entity: str, written: Iterable[str]) -> Iterator[None]:
    """Say which field has a value that is taken.

    Where a unique rule concerns what is written, the statement runs in a savepoint: PostgreSQL would refuse
    everything after the failure, and whoever catches the problem still has pages to draw.
    """
    unique = access.plan(entity).unique
    if not unique or unique.union(("removed_on",)).isdisjoint(written):  # only what stands has to differ
        yield
        return
    try:
        with access.work.savepoint():
            yield
    except sa.exc.IntegrityError as error:
        raise Invalid(*_taken(access, entity, error)) from None


def _taken(access: Access, entity: str, error: sa.exc.IntegrityError) -> list[Problem]:
    text = str(getattr(getattr(error.orig, "diag", None), "message_detail", None) or error.orig)
    match = _KEY_DETAIL.search(text) or _KEY_SQLITE.search(text)
    if match is None:
        raise error
    names = [name.strip().strip('"').rpartition(".")[2].strip('"') for name in match[1].split(",")]
    keys = {column: key for key, column in _names(access, entity).items()}
    fields = [keys[name] for name in names if name in keys]
    if not fields:
        raise error
    code = "field.taken" if len(fields) == 1 else "field.taken_together"
    labels = [access.model.entities[entity].fields[key].label for key in fields if key in access.model.entities[entity].fields]
    return [Problem(code, {"fields": labels}, (fields[0],))]
