"""Statements that are built once per release and used for every request."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import TypeDecorator

from engine.records.access import Access
from engine.storage.sqlite import ID_OF, json_ids

Built = TypeVar("Built")


CHUNK = 500
"""Ids that one statement asks for; SQLite allows some 32,000 parameters, plans suffer far earlier."""


def chunks(ids: list[UUID]) -> Iterator[list[UUID]]:
    """Ids in portions that a statement can take."""
    return (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))


class _IdArray(TypeDecorator[Any]):
    """Some ids as one parameter: the text of an array, which the database is told to read as one."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> Any:
        if dialect.name == "postgresql":
            return "{" + ",".join(id_.hex for id_ in value) + "}"
        return json_ids(value)


def among(column: sa.ColumnElement[Any], access: Access) -> sa.ColumnElement[bool]:
    """The condition that a column is one of the ids bound as `ids`, at most CHUNK of them.

    The database gets one array: five hundred parameters would be five hundred words to parse, and each
    number of them another statement to prepare (which SQLAlchemy does anew every time, even for one).
    """
    ids = sa.bindparam("ids", type_=_IdArray())
    if access.work.dialect == "postgresql":
        return column == sa.any_(sa.cast(ids, postgresql.ARRAY(postgresql.UUID(as_uuid=True))))
    each = sa.func.json_each(ids).table_valued("value")
    return column.in_(sa.select(getattr(sa.func, ID_OF)(each.c.value)))


def prepared(access: Access, key: Hashable, build: Callable[[], Built]) -> Built:
    """The statement known by this key in the access's release; built on first use."""
    return access.plans.statements.get(key, build)


SYSTEM = ("id", "rev", "created_on", "created_by", "changed_on", "changed_by", "removed_on")
OPEN, SEARCH, OWNER = "@open_fields", "@search_text", "@parent_id"
"""Keys of system columns whose names a field might have too."""


def columns_of(access: Access, entity: str) -> dict[str, Any]:
    """Column by key: the system columns and every stored field of an entity, but for the search text."""
    table = access.tables[entity]
    found = {key: table.c[key] for key in SYSTEM}
    found[OPEN] = table.c.open_fields
    if access.model.entities[entity].part_of:
        found.update({OWNER: table.c.parent_id, "position": table.c.position})
    found.update({key: table.c[item.column] for key, item in access.plans.entities[entity].stored.items()})
    return found
