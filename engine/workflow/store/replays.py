"""Runs of the last weeks, to be gone through again in a simulation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.storage.system_tables import wf_event, wf_instance

_CHUNK = 400


def begun_since(connection: sa.Connection, workflow_uid: str, since: datetime, limit: int) -> Sequence[Any]:
    """Runs of a workflow begun since a moment, the newest first: id, record, initiator, state, outcome, memory."""
    columns = (wf_instance.c.id, wf_instance.c.record_id, wf_instance.c.initiator_id, wf_instance.c.state, wf_instance.c.outcome, wf_instance.c.data)
    found = (
        sa.select(*columns)
        .where(wf_instance.c.workflow_uid == workflow_uid, wf_instance.c.started_at >= since)
        .order_by(wf_instance.c.started_at.desc(), wf_instance.c.id.desc()).limit(limit)
    )
    return connection.execute(found).all()


def moves_fired(connection: sa.Connection, instance_ids: Sequence[UUID]) -> dict[UUID, dict[str, str]]:
    """By run and state, the last move that somebody made there."""
    found: dict[UUID, dict[str, str]] = {}
    for start in range(0, len(instance_ids), _CHUNK):
        rows = (
            sa.select(wf_event.c.instance_id, wf_event.c.state, wf_event.c.details)
            .where(wf_event.c.instance_id.in_(instance_ids[start : start + _CHUNK]), wf_event.c.kind == "fired")
            .order_by(wf_event.c.instance_id, wf_event.c.seq)
        )
        for instance_id, state, details in connection.execute(rows):
            if isinstance(details.get("move"), str):
                found.setdefault(instance_id, {})[str(state)] = details["move"]
    return found
