"""From changed records to those that depend on them, one hop at a time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.records.access import Access
from engine.records.graph import Hop
from engine.records.query.statements import among, chunks, prepared


def follow(access: Access, hops: Iterable[Hop], ids: Iterable[UUID], *, limit: int) -> set[UUID]:
    """Ids at the end of the hops; more than `limit` at any hop are not all fetched."""
    found = set(ids)
    for hop in hops:
        if not found:
            break
        found = _one(access, hop, found, limit)
    return found


def _one(access: Access, hop: Hop, ids: set[UUID], limit: int) -> set[UUID]:
    statement = prepared(access, ("hop", hop), lambda: _statement(access, hop))
    found: set[UUID] = set()
    for some in chunks(sorted(ids)):
        rows = access.work.connection.execute(statement, {"ids": some, "limit": limit + 1})
        found.update(row[0] for row in rows)
        if len(found) > limit:
            break
    return found


def _statement(access: Access, hop: Hop) -> sa.Select[Any]:
    table = access.tables[hop.entity]
    limit = sa.bindparam("limit", type_=sa.Integer())
    if hop.kind == "referrers":
        column = table.c[access.model.entities[hop.entity].fields[hop.field].column]
        return sa.select(table.c.id).where(among(column, access), table.c.removed_on.is_(None)).limit(limit)
    is_target = hop.kind == "target"
    column = table.c[access.model.entities[hop.entity].fields[hop.field].column] if is_target else table.c.parent_id
    return sa.select(column).distinct().where(among(table.c.id, access), column.is_not(None)).limit(limit)
