"""Values of people and departments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.definitions.paths import BUILT_IN
from engine.records.access import Access
from engine.records.query.columns import built_in
from engine.records.query.statements import among, chunks, prepared


def fetch_people(access: Access, target: str, ids: list[UUID], names: set[str]) -> dict[UUID, Mapping[str, Any]]:
    """What names mean for users or departments, step by step."""
    table, renamed = built_in(target)
    first = tuple(sorted({name.partition(".")[0] for name in names}))
    statement = prepared(access, ("fetch", target, first), lambda: sa.select(
        table.c.id, *(table.c[renamed.get(name, name)] for name in first)
    ).where(among(table.c.id, access)))
    found: dict[UUID, dict[str, Any]] = {}
    for some in chunks(ids):
        rows = access.work.connection.execute(statement, {"ids": some})
        found.update({row[0]: dict(zip(first, row[1:], strict=True)) for row in rows})
    for step in first:
        rests = {name.partition(".")[2] for name in names if name.startswith(f"{step}.")}
        other = BUILT_IN[target][step][1]
        if not rests or other is None:
            continue
        further = fetch_people(access, other, list({row[step] for row in found.values()} - {None}), rests - {"id"})
        for row in found.values():
            beyond = further.get(row[step], {})
            row.update({f"{step}.{rest}": row[step] if rest == "id" else beyond.get(rest) for rest in rests})
    return dict(found)
