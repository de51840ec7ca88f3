"""All records of an entity, in portions."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.records.access import Access


def count_standing(access: Access, entity: str) -> int:
    """How many records stand."""
    table = access.tables[entity]
    found = sa.select(sa.func.count()).select_from(table).where(table.c.removed_on.is_(None))
    return int(access.work.connection.execute(found).scalar_one())


def next_ids(access: Access, entity: str, after: UUID | None, limit: int) -> list[UUID]:
    """The next ids in order, of records that stand."""
    table = access.tables[entity]
    conditions: list[Any] = [table.c.removed_on.is_(None)]
    if after is not None:
        conditions.append(table.c.id > sa.literal(after, table.c.id.type))
    found = sa.select(table.c.id).where(*conditions).order_by(table.c.id).limit(limit)
    return list(access.work.connection.execute(found).scalars())
