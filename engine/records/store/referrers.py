"""Who refers to a record."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.definitions.model import Field
from engine.records.access import Access
from engine.records.query.statements import among, chunks, prepared


def referrers(access: Access, entity: str, item: Field, ids: Iterable[UUID], *, limit: int) -> set[UUID]:
    """Records that stand and refer to one of these through a field; at most about `limit`."""
    def build() -> sa.Select[Any]:
        table = access.tables[entity]
        return sa.select(table.c.id).where(among(table.c[item.column], access), table.c.removed_on.is_(None)).limit(
            sa.bindparam("limit", type_=sa.Integer())
        )

    statement = prepared(access, ("referrers", entity, item.key), build)
    found: set[UUID] = set()
    for some in chunks(sorted(ids)):
        found.update(access.work.connection.execute(statement, {"ids": some, "limit": limit}).scalars())
        if len(found) >= limit:
            break
    return found


def removed_with(access: Access, entity: str, column: str, ids: Iterable[UUID], at: datetime) -> set[UUID]:
    """Records that point to one of these by a column and were removed at the same moment."""
    table = access.tables[entity]
    found: set[UUID] = set()
    for some in chunks(sorted(ids)):
        statement = sa.select(table.c.id).where(table.c[column].in_(some), table.c.removed_on == at)
        found.update(access.work.connection.execute(statement).scalars())
    return found
