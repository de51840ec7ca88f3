"""The timeline of an instance as it is stored: a chain of events, each bearing the hash of the one before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.kernel.json import content_hash
from engine.storage.system_tables import wf_event
from engine.workflow.run import Event, Run

NO_HASH = "0" * 64
_AT = sa.bindparam("instance_id", type_=wf_event.c.instance_id.type)
_INSERT = sa.insert(wf_event)
_HASH = sa.select(wf_event.c.hash).where(wf_event.c.instance_id == _AT, wf_event.c.seq == sa.bindparam("seq", type_=sa.Integer()))


def last_event(
    connection: sa.Connection, instance_id: UUID, kinds: Iterable[str], visit: int | None = None
) -> Any:
    """The newest event of some kinds (of one visit, or of all)."""
    found = (
        sa.select(wf_event).where(wf_event.c.instance_id == instance_id, wf_event.c.kind.in_(list(kinds)))
        .order_by(wf_event.c.seq.desc())
    )
    if visit is None:
        return connection.execute(found.limit(1)).one_or_none()
    rows = connection.execute(found)
    return next((row for row in rows if row.details.get("visit") == visit), None)


def event_hash(values: Mapping[str, Any]) -> str:
    """The hash of an event: over all its columns, the previous hash among them.

    The names of columns in a row are a kind of text of SQLAlchemy's own, which is not written as JSON.
    """
    plain = {
        str(key): value.isoformat() if isinstance(value, datetime) else str(value) if isinstance(value, UUID) else value
        for key, value in values.items()
        if key != "hash"
    }
    return content_hash(plain)


def broken_links(connection: sa.Connection, instance_id: UUID) -> list[int]:
    """Numbers of events that are missing, out of order or no longer what was written."""
    broken: list[int] = []
    previous, expected = NO_HASH, 1
    for row in connection.execute(
        sa.select(wf_event).where(wf_event.c.instance_id == instance_id).order_by(wf_event.c.seq)
    ).mappings():
        is_right = (
            row["seq"] == expected and row["previous_hash"] == previous and row["hash"] == event_hash(dict(row))
        )
        if not is_right:
            broken.append(row["seq"])
        previous, expected = row["hash"], row["seq"] + 1
    return broken


def append(connection: sa.Connection, run: Run, now: datetime) -> None:
    """Write the events of a command behind those that are there."""
    if not run.events:
        return
    previous = run.hash or _newest_hash(connection, run)
    rows = []
    for event in run.events:
        run.seq += 1
        values = _event(event, run, now, previous)
        previous = values["hash"] = event_hash(values)
        rows.append(values)
    connection.execute(_INSERT, rows)
    run.events, run.hash = [], previous


def _newest_hash(connection: sa.Connection, run: Run) -> str:
    """What the next event refers to, where the run was read without it."""
    return connection.scalars(_HASH, {"instance_id": run.id, "seq": run.seq}).one() if run.seq else NO_HASH


def _event(event: Event, run: Run, now: datetime, previous: str) -> dict[str, Any]:
    return {
        "instance_id": run.id, "seq": run.seq, "kind": event.kind, "state": event.state,
        "actor_id": event.actor_id, "actor_name": event.actor_name, "via": event.via,
        "details": dict(event.details), "at": now, "previous_hash": previous,
    }
