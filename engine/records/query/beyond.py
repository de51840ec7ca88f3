"""What lies behind a reference that somebody is filling in, as far as they may read it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.definitions.paths import BUILT_IN
from engine.records.access import Access
from engine.records.query.columns import Columns
from engine.records.query.people import fetch_people
from engine.records.query.single import standing


def beyond(access: Access, target: str, id_: UUID, names: Iterable[str]) -> Mapping[str, Any]:
    """What names mean for one record; nothing when the actor may not read it."""
    wanted = sorted(names)
    if target in BUILT_IN:
        return fetch_people(access, target, [id_], set(wanted)).get(id_, {})
    columns = Columns(access, target)
    selected = [columns(name) for name in wanted]
    statement = (
        sa.select(*selected)
        .select_from(columns.from_clause())
        .where(columns.table.c.id == id_, *standing(access, "read", target, columns.table))
    )
    row = access.work.connection.execute(statement).first()
    return {} if row is None else dict(zip(wanted, row, strict=True))
