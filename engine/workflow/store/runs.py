"""Instances with their visits, slots, timers and events: load one, lock it, write what changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.kernel.errors import Conflict, Problem
from engine.kernel.json import content_hash
from engine.storage.system_tables import (
    wf_event,
    wf_instance,
    wf_slot,
    wf_timer,
    wf_visit,
)
from engine.workflow.run import Event, Memory, Run, Slot, Timer, Visit

NO_HASH = "0" * 64
_CHUNK = 500
_RUN = ("id", "record_id", "state", "initiator_id", "started_at", "round", "version", "seq", "outcome", "ended_at")


@dataclass(frozen=True)
class Anchor:
    """What an instance hangs on, and never changes: its record and its pinned definition."""

    app: str
    workflow: str
    workflow_uid: str
    release: int
    entity: str


@dataclass(frozen=True)
class Loaded:
    """An instance as it was read: what `save` compares with."""

    anchor: Anchor
    run: Run
    visits: Mapping[UUID, Visit]
    slots: Mapping[UUID, Slot]
    timers: Mapping[UUID, Timer]


def find_open(connection: sa.Connection, workflow_uid: str, record_id: UUID) -> UUID | None:
    """The open instance of a workflow on a record."""
    return connection.scalar(
        sa.select(wf_instance.c.id).where(
            wf_instance.c.workflow_uid == workflow_uid, wf_instance.c.record_id == record_id,
            wf_instance.c.ended_at.is_(None),
        )
    )


def open_on(connection: sa.Connection, record_id: UUID) -> list[UUID]:
    """All open instances on a record, in a fixed order."""
    found = sa.select(wf_instance.c.id).where(
        wf_instance.c.record_id == record_id, wf_instance.c.ended_at.is_(None)
    )
    return list(connection.scalars(found.order_by(wf_instance.c.id)))


def open_among(connection: sa.Connection, record_ids: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    """The open instances on some records, by record."""
    waiting = sorted(record_ids)
    found: dict[UUID, list[UUID]] = {}
    for start in range(0, len(waiting), _CHUNK):
        some = waiting[start : start + _CHUNK]
        rows = sa.select(wf_instance.c.record_id, wf_instance.c.id).where(
            wf_instance.c.record_id.in_(some), wf_instance.c.ended_at.is_(None)
        )
        for record_id, instance_id in connection.execute(rows.order_by(wf_instance.c.id)):
            found.setdefault(record_id, []).append(instance_id)
    return found


def anchor_of(connection: sa.Connection, instance_id: UUID) -> tuple[Anchor, UUID] | None:
    """What an instance hangs on, and its record; neither ever changes, so no lock is needed."""
    names = tuple(Anchor.__dataclass_fields__)
    columns = (*(wf_instance.c[name] for name in names), wf_instance.c.record_id)
    row = connection.execute(sa.select(*columns).where(wf_instance.c.id == instance_id)).one_or_none()
    return None if row is None else (Anchor(*row[: len(names)]), row.record_id)


def place_of_slot(connection: sa.Connection, slot_id: UUID) -> Any:
    """The instance of a slot with its app, entity and record."""
    found = (
        sa.select(wf_slot.c.instance_id, wf_instance.c.app, wf_instance.c.entity, wf_instance.c.record_id)
        .join(wf_instance, wf_instance.c.id == wf_slot.c.instance_id)
        .where(wf_slot.c.id == slot_id)
    )
    return connection.execute(found).one_or_none()


def slot_and_visit(connection: sa.Connection, slot_id: UUID) -> Any:
    """A slot's holder and status, and the number of its visit."""
    found = (
        sa.select(wf_slot.c.user_id, wf_slot.c.status, wf_slot.c.decided_at, wf_visit.c.number)
        .join(wf_visit, wf_visit.c.id == wf_slot.c.visit_id)
        .where(wf_slot.c.id == slot_id)
    )
    return connection.execute(found).one_or_none()


def load(connection: sa.Connection, instance_id: UUID, *, locks: bool = False) -> Loaded | None:
    """An instance with its current visit; `locks` holds its row until the transaction ends.

    The cost goes with the open step, not with the history.
    """
    wanted = sa.select(wf_instance).where(wf_instance.c.id == instance_id)
    if locks:
        wanted = wanted.with_for_update()
    row = connection.execute(wanted).one_or_none()
    if row is None:
        return None
    run = Run(**{name: getattr(row, name) for name in _RUN}, memory=Memory.load(row.data))
    newest = (
        sa.select(wf_visit).where(wf_visit.c.instance_id == instance_id)
        .order_by(wf_visit.c.number.desc()).limit(1)
    )
    visit = connection.execute(newest).one()
    run.visits = [Visit(visit.id, visit.state, visit.number, visit.round, visit.opened_at, visit.closed_at, visit.result)]
    slots = sa.select(wf_slot).where(wf_slot.c.visit_id == visit.id).order_by(wf_slot.c.position, wf_slot.c.id)
    run.slots = [_slot(each) for each in connection.execute(slots)]
    timers = sa.select(wf_timer).where(wf_timer.c.visit_id == visit.id, wf_timer.c.status == "armed")
    run.timers = [
        Timer(each.id, each.visit_id, each.key, each.occurrence, each.fire_at, each.status)
        for each in connection.execute(timers)
    ]
    return as_loaded(Anchor(row.app, row.workflow, row.workflow_uid, row.release, row.entity), run)


def as_loaded(anchor: Anchor, run: Run) -> Loaded:
    """A run with copies of its parts, to compare with when it is saved."""
    return Loaded(
        anchor, run,
        {each.id: replace(each) for each in run.visits},
        {each.id: replace(each) for each in run.slots},
        {each.id: replace(each) for each in run.timers},
    )


def insert(connection: sa.Connection, anchor: Anchor, run: Run) -> None:
    """The first row of a new instance, version 0; `save` writes the rest.

    Raises Conflict when the record has an open instance of this workflow already.
    """
    try:
        with connection.begin_nested():
            connection.execute(
                sa.insert(wf_instance).values(**asdict(anchor), **_columns(run))
            )
    except sa.exc.IntegrityError:
        raise Conflict(Problem("workflow.already_started")) from None


def save(connection: sa.Connection, loaded: Loaded, now: datetime) -> None:
    """Write what changed since the instance was loaded, and append its events.

    The version is compared and set: without the lock, or past it, a second writer gets Conflict.
    """
    run, version = loaded.run, loaded.run.version
    _append(connection, run, now)
    run.version = version + 1
    done = connection.execute(
        sa.update(wf_instance)
        .where(wf_instance.c.id == run.id, wf_instance.c.version == version)
        .values(**{key: value for key, value in _columns(run).items() if key not in ("id", "record_id")})
    )
    if done.rowcount != 1:
        raise Conflict(Problem("workflow.busy"))
    own = {"instance_id": run.id}
    _write(connection, wf_visit, run.visits, loaded.visits, own)
    _write(connection, wf_slot, run.slots, loaded.slots, own)
    _write(connection, wf_timer, run.timers, loaded.timers, own)


def reanchor(connection: sa.Connection, instance_id: UUID, anchor: Anchor) -> None:
    """Pin an instance, which is locked, to another release."""
    connection.execute(sa.update(wf_instance).where(wf_instance.c.id == instance_id).values(**asdict(anchor)))


def standing_in(connection: sa.Connection, workflow_uid: str, states: Iterable[str], before: int, after: UUID | None, limit: int) -> list[UUID]:
    """Open instances in some states that are pinned to a release before the given one, in the order of their ids."""
    found = sa.select(wf_instance.c.id).where(
        wf_instance.c.workflow_uid == workflow_uid, wf_instance.c.state.in_(list(states)), wf_instance.c.ended_at.is_(None),
        wf_instance.c.release < before,
    )
    if after is not None:
        found = found.where(wf_instance.c.id > after)
    return list(connection.scalars(found.order_by(wf_instance.c.id).limit(limit)))


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
    """The hash of an event: over all its columns, the previous hash among them."""
    plain = {
        key: value.isoformat() if isinstance(value, datetime) else str(value) if isinstance(value, UUID) else value
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


def _append(connection: sa.Connection, run: Run, now: datetime) -> None:
    if not run.events:
        return
    previous = NO_HASH
    if run.seq:
        previous = connection.scalars(
            sa.select(wf_event.c.hash).where(wf_event.c.instance_id == run.id, wf_event.c.seq == run.seq)
        ).one()
    rows = []
    for event in run.events:
        run.seq += 1
        values = _event(event, run, now, previous)
        previous = values["hash"] = event_hash(values)
        rows.append(values)
    connection.execute(sa.insert(wf_event), rows)
    run.events = []


def _event(event: Event, run: Run, now: datetime, previous: str) -> dict[str, Any]:
    return {
        "instance_id": run.id, "seq": run.seq, "kind": event.kind, "state": event.state,
        "actor_id": event.actor_id, "actor_name": event.actor_name, "via": event.via,
        "details": dict(event.details), "at": now, "previous_hash": previous,
    }


def _columns(run: Run) -> dict[str, Any]:
    return {**{name: getattr(run, name) for name in _RUN}, "data": run.memory.dump()}


def _write(
    connection: sa.Connection, table: sa.Table, parts: Iterable[Any], before: Mapping[UUID, Any], own: Mapping[str, Any]
) -> None:
    fresh = [{**_values(part), **own} for part in parts if part.id not in before]
    if fresh:
        connection.execute(sa.insert(table), fresh)
    for part in parts:
        if part.id in before and part != before[part.id]:
            connection.execute(sa.update(table).where(table.c.id == part.id).values(**_values(part)))


def _values(part: Any) -> dict[str, Any]:
    found = {name: getattr(part, name) for name in part.__dataclass_fields__}
    if isinstance(part, Slot):
        found["groups"], found["weight"] = list(part.groups), str(part.weight)
    return found


def _slot(row: Any) -> Slot:
    values = {name: getattr(row, name) for name in Slot.__dataclass_fields__}
    return Slot(**{**values, "groups": tuple(row.groups), "weight": int(row.weight)})
