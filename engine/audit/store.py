"""The audit trail's table: the only SQL of this room. It is never changed, only added to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from engine.audit.entry import Entry, Filter
from engine.storage.system_tables import audit_entry

_COLUMNS = tuple(audit_entry.c[name] for name in Entry.__dataclass_fields__)


def list_entries(
    connection: sa.Connection, wanted: Filter, before: int | None, limit: int
) -> list[Entry]:
    """Entries that fit, the newest first, older than the one numbered `before`."""
    found = sa.select(*_COLUMNS).where(*_conditions(wanted))
    if before is not None:
        found = found.where(audit_entry.c.seq < before)
    rows = connection.execute(found.order_by(audit_entry.c.seq.desc()).limit(limit))
    return [Entry(*row) for row in rows]


def _conditions(wanted: Filter) -> Sequence[sa.ColumnElement[Any]]:
    table = audit_entry.c
    found: list[sa.ColumnElement[Any]] = []
    for column, value in ((table.app, wanted.app), (table.actor_id, wanted.actor_id), (table.subject, wanted.subject)):
        if value is not None:
            found.append(column == value)
    if wanted.action is not None:
        starts = table.action.startswith(wanted.action + ".", autoescape=True)
        found.append(sa.or_(table.action == wanted.action, starts))
    if wanted.since is not None:
        found.append(table.at >= wanted.since)
    if wanted.until is not None:
        found.append(table.at < wanted.until)
    return found
