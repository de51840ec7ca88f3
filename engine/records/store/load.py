"""Records as they stand, all stored fields, whoever may read them: what writes start from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.records.access import Access
from engine.records.query.statements import OWNER, among, chunks, columns_of, prepared

Values = Mapping[str, Any]


def load(access: Access, entity: str, ids: Iterable[UUID], *, lock: bool = False, removed: bool | None = False) -> dict[UUID, Values]:
    """Stored values and system values by key, for each record that is there.

    `lock` keeps the rows for this work until its end. `removed` None takes removed ones too, True
    only those.
    """
    statement = prepared(access, ("load", entity, lock, removed), lambda: _select(access, entity, "id", lock=lock, removed=removed))
    keys = _keys(access, entity)
    found: dict[UUID, Values] = {}
    for some in chunks(sorted(ids)):
        for row in access.work.connection.execute(statement, {"ids": some}):
            found[row.id] = dict(zip(keys, row, strict=True))
    return found


def load_rows(access: Access, child: str, owners: Iterable[UUID], *, lock: bool = False) -> dict[UUID, dict[UUID, Values]]:
    """Owned rows that stand, by owner and id, in their order."""
    statement = prepared(access, ("rows", child, lock), lambda: _select(access, child, "parent_id", lock=lock, removed=False))
    keys = _keys(access, child)
    found: dict[UUID, dict[UUID, Values]] = {}
    for some in chunks(sorted(owners)):
        for row in access.work.connection.execute(statement, {"ids": some}):
            values = dict(zip(keys, row, strict=True))
            found.setdefault(values[OWNER], {})[row.id] = values
    return found


def _keys(access: Access, entity: str) -> tuple[str, ...]:
    return prepared(access, ("keys", entity), lambda: tuple(columns_of(access, entity)))


def _select(access: Access, entity: str, by: str, *, lock: bool, removed: bool | None) -> sa.Select[Any]:
    table = access.tables[entity]
    statement = sa.select(*columns_of(access, entity).values()).where(among(table.c[by], access))
    if removed is not None:
        statement = statement.where(table.c.removed_on.is_not(None) if removed else table.c.removed_on.is_(None))
    statement = statement.order_by(table.c.position, table.c.id) if by == "parent_id" else statement.order_by(table.c.id)
    return statement.with_for_update() if lock else statement
