"""The history table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.records.access import Access
from engine.records.store.rows_in import put_in, way_into
from engine.records.store.save import MANY
from engine.storage.system_tables import history

_COLUMNS = [column.name for column in history.columns]
_INSERT = history.insert()
_PAGE = (
    sa.select(history.c.id, history.c.rev, history.c.verb, history.c["values"], history.c.actor_id, history.c.actor_name, history.c.cause, history.c.at)
    .where(history.c.record_id == sa.bindparam("record_id"), history.c.entity_uid == sa.bindparam("entity_uid"))
    .order_by(history.c.id.desc())
    .limit(sa.bindparam("limit", type_=sa.Integer()))
)
_BEFORE = _PAGE.where(history.c.id < sa.bindparam("before", type_=history.c.id.type))


def write_history(access: Access, entries: Sequence[Mapping[str, Any]]) -> None:
    """Keep these entries."""
    if len(entries) >= MANY:
        way = access.plans.statements.get("way into history", lambda: way_into(access.work, history, _COLUMNS))
        put_in(access.work, way, [[entry[name] for entry in entries] for name in _COLUMNS])
    elif entries:
        access.work.connection.execute(_INSERT, list(entries) if len(entries) > 1 else entries[0])


def read_history(access: Access, entity_uid: str, record_id: UUID, *, before: UUID | None, limit: int) -> list[dict[str, Any]]:
    """A record's entries, the newest first; `before` an entry's id for those that are older."""
    given: dict[str, Any] = {"record_id": record_id, "entity_uid": entity_uid, "limit": limit}
    statement, given = (_PAGE, given) if before is None else (_BEFORE, {**given, "before": before})
    return [dict(row) for row in access.work.connection.execute(statement, given).mappings()]
