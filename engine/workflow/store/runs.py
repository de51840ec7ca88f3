"""Instances with their visits, slots and timers: find one, load it, lock it, write what changed.

Every step of every record runs through here, so the statements are built once and only given values.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from engine.kernel.errors import Conflict, Problem
from engine.storage.system_tables import (
    wf_event,
    wf_instance,
    wf_slot,
    wf_timer,
    wf_visit,
)
from engine.workflow.run import Memory, Run, Slot, Timer, Visit
from engine.workflow.store.events import append

_CHUNK = 500
_RUN = ("id", "record_id", "state", "initiator_id", "started_at", "round", "version", "seq", "outcome", "ended_at")


@dataclass(frozen=True)
class Anchor:
    """What an instance hangs on: its kind of record and its pinned definition."""

    app: str
    workflow: str
    workflow_uid: str
    release: int
    entity: str


@dataclass(frozen=True)
class Place:
    """Where an instance is found, before anything is locked. Of this only the release may change, when a run is moved."""

    instance_id: UUID
    record_id: UUID
    anchor: Anchor


@dataclass(frozen=True)
class Loaded:
    """An instance as it was read: what `save` compares with."""

    anchor: Anchor
    run: Run
    visits: Mapping[UUID, Visit]
    slots: Mapping[UUID, Slot]
    timers: Mapping[UUID, Timer]


# finding ----------------------------------------------------------------------------------------
_ANCHOR = tuple(Anchor.__dataclass_fields__)
_PLACE = (wf_instance.c.id, wf_instance.c.record_id, *(wf_instance.c[name] for name in _ANCHOR))
_IS_OPEN = wf_instance.c.ended_at.is_(None)
_RECORD = sa.bindparam("record_id", type_=wf_instance.c.record_id.type)
_RECORDS = sa.bindparam("record_ids", expanding=True, type_=wf_instance.c.record_id.type)
_AT = sa.bindparam("at_id", type_=wf_instance.c.id.type)
_ON_RECORD = sa.select(*_PLACE).where(wf_instance.c.record_id == _RECORD, _IS_OPEN).order_by(wf_instance.c.id)
_AMONG = sa.select(*_PLACE).where(wf_instance.c.record_id.in_(_RECORDS), _IS_OPEN).order_by(wf_instance.c.id)
_BY_ID = sa.select(*_PLACE).where(wf_instance.c.id == _AT)
_BY_SLOT = sa.select(*_PLACE).join(wf_slot, wf_slot.c.instance_id == wf_instance.c.id).where(wf_slot.c.id == _AT)


def open_on(connection: sa.Connection, record_id: UUID) -> list[Place]:
    """All open instances on a record, in a fixed order."""
    return [_place(row) for row in connection.execute(_ON_RECORD, {"record_id": record_id})]


def open_among(connection: sa.Connection, record_ids: Iterable[UUID]) -> dict[UUID, list[Place]]:
    """The open instances on some records, by record."""
    waiting = sorted(record_ids)
    found: dict[UUID, list[Place]] = {}
    for start in range(0, len(waiting), _CHUNK):
        for row in connection.execute(_AMONG, {"record_ids": waiting[start : start + _CHUNK]}):
            found.setdefault(row.record_id, []).append(_place(row))
    return found


def place_of(connection: sa.Connection, instance_id: UUID) -> Place | None:
    """Where an instance is found."""
    row = connection.execute(_BY_ID, {"at_id": instance_id}).one_or_none()
    return None if row is None else _place(row)


def place_of_slot(connection: sa.Connection, slot_id: UUID) -> Place | None:
    """Where the instance of a slot is found."""
    row = connection.execute(_BY_SLOT, {"at_id": slot_id}).one_or_none()
    return None if row is None else _place(row)


def slot_and_visit(connection: sa.Connection, slot_id: UUID) -> Any:
    """A slot's holder and status, and the number of its visit."""
    found = (
        sa.select(wf_slot.c.user_id, wf_slot.c.status, wf_slot.c.decided_at, wf_visit.c.number)
        .join(wf_visit, wf_visit.c.id == wf_slot.c.visit_id)
        .where(wf_slot.c.id == slot_id)
    )
    return connection.execute(found).one_or_none()


def standing_in(connection: sa.Connection, workflow_uid: str, states: Iterable[str], before: int, after: UUID | None, limit: int) -> list[UUID]:
    """Open instances in some states that are pinned to a release before the given one, in the order of their ids."""
    found = sa.select(wf_instance.c.id).where(
        wf_instance.c.workflow_uid == workflow_uid, wf_instance.c.state.in_(list(states)), _IS_OPEN,
        wf_instance.c.release < before,
    )
    if after is not None:
        found = found.where(wf_instance.c.id > after)
    return list(connection.scalars(found.order_by(wf_instance.c.id).limit(limit)))


def _place(row: Any) -> Place:
    return Place(row.id, row.record_id, _anchor(row))


def _anchor(row: Any) -> Anchor:
    return Anchor(*(getattr(row, name) for name in _ANCHOR))


# loading ----------------------------------------------------------------------------------------
_NEWEST = wf_event.c.instance_id == wf_instance.c.id, wf_event.c.seq == wf_instance.c.seq
_INSTANCE = sa.select(wf_instance, sa.select(wf_event.c.hash).where(*_NEWEST).scalar_subquery().label("hash"))
_STORED = _INSTANCE.where(wf_instance.c.id == _AT)
_OPEN = _INSTANCE.where(wf_instance.c.workflow_uid == sa.bindparam("uid", type_=sa.Text()), wf_instance.c.record_id == _RECORD, _IS_OPEN)
_LOCKED = {one: one.with_for_update(of=wf_instance) for one in (_STORED, _OPEN)}
_NUMBERS = wf_visit.alias("numbers")
_LAST = sa.select(sa.func.max(_NUMBERS.c.number)).where(_NUMBERS.c.instance_id == _AT).scalar_subquery()
_VISIT_FIELDS, _SLOT_FIELDS, _TIMER_FIELDS = (tuple(part.__dataclass_fields__) for part in (Visit, Slot, Timer))
_VISIT = (
    sa.select(*(wf_visit.c[name] for name in _VISIT_FIELDS), *(wf_slot.c[name] for name in _SLOT_FIELDS))
    .select_from(wf_visit.outerjoin(wf_slot, wf_slot.c.visit_id == wf_visit.c.id))
    .where(wf_visit.c.instance_id == _AT, wf_visit.c.number == _LAST)
    .order_by(wf_slot.c.position, wf_slot.c.id)
)
_ARMED = sa.select(*(wf_timer.c[name] for name in _TIMER_FIELDS)).where(wf_timer.c.visit_id == _AT, wf_timer.c.status == "armed")


def load(connection: sa.Connection, instance_id: UUID, *, locks: bool = False) -> Loaded | None:
    """An instance with its current visit; `locks` holds its row until the transaction ends.

    The cost goes with the open step, not with the history.
    """
    return _load(connection, _STORED, {"at_id": instance_id}, locks=locks)


def load_open(connection: sa.Connection, workflow_uid: str, record_id: UUID, *, locks: bool = False) -> Loaded | None:
    """The open instance of a workflow on a record, likewise."""
    return _load(connection, _OPEN, {"uid": workflow_uid, "record_id": record_id}, locks=locks)


def _load(connection: sa.Connection, statement: sa.Select[Any], at: Mapping[str, Any], *, locks: bool) -> Loaded | None:
    row = connection.execute(_LOCKED[statement] if locks else statement, at).one_or_none()
    if row is None:
        return None
    run = Run(**{name: getattr(row, name) for name in _RUN}, memory=Memory.load(row.data), hash=row.hash)
    width = len(_VISIT_FIELDS)
    found = connection.execute(_VISIT, {"at_id": run.id}).all()
    run.visits = [Visit(*found[0][:width])]
    run.slots = [_slot(each[width:]) for each in found if each[width] is not None]
    run.timers = [Timer(*each) for each in connection.execute(_ARMED, {"at_id": run.visits[0].id})]
    return as_loaded(_anchor(row), run)


def as_loaded(anchor: Anchor, run: Run) -> Loaded:
    """A run with copies of its parts, to compare with when it is saved."""
    return Loaded(
        anchor, run,
        {each.id: replace(each) for each in run.visits},
        {each.id: replace(each) for each in run.slots},
        {each.id: replace(each) for each in run.timers},
    )


def _slot(values: Sequence[Any]) -> Slot:
    slot = Slot(*values)
    slot.groups, slot.weight = tuple(slot.groups), int(slot.weight)
    return slot


# writing ----------------------------------------------------------------------------------------
_BEGIN = {
    name: insert(wf_instance).on_conflict_do_nothing().returning(wf_instance.c.id)
    for name, insert in (("postgresql", postgresql.insert), ("sqlite", sqlite.insert))
}
_SAVE = (
    sa.update(wf_instance).where(wf_instance.c.id == _AT, wf_instance.c.version == sa.bindparam("at_version", type_=sa.Integer()))
    .values({name: sa.bindparam(f"to_{name}", type_=wf_instance.c[name].type) for name in (*_RUN[2:], "data")})
)
_PARTS = {wf_visit: _VISIT_FIELDS, wf_slot: _SLOT_FIELDS, wf_timer: _TIMER_FIELDS}
_ADD = {table: sa.insert(table) for table in _PARTS}
_CHANGE = {
    table: sa.update(table).where(table.c.id == _AT)
    .values({name: sa.bindparam(f"to_{name}", type_=table.c[name].type) for name in names if name != "id"})
    for table, names in _PARTS.items()
}


def insert(connection: sa.Connection, anchor: Anchor, run: Run) -> None:
    """The first row of a new instance, version 0; `save` writes the rest.

    Raises Conflict when the record has an open instance of this workflow already.
    """
    if connection.scalar(_BEGIN[connection.dialect.name], {**asdict(anchor), **_columns(run)}) is None:
        raise Conflict(Problem("workflow.already_started"))


def save(connection: sa.Connection, loaded: Loaded, now: datetime) -> None:
    """Write what changed since the instance was loaded, and append its events.

    The version is compared and set: without the lock, or past it, a second writer gets Conflict.
    """
    run, version = loaded.run, loaded.run.version
    append(connection, run, now)
    run.version = version + 1
    values = {f"to_{name}": value for name, value in _columns(run).items() if name not in ("id", "record_id")}
    if connection.execute(_SAVE, {"at_id": run.id, "at_version": version, **values}).rowcount != 1:
        raise Conflict(Problem("workflow.busy"))
    _write(connection, wf_visit, run.visits, loaded.visits, run.id)
    _write(connection, wf_slot, run.slots, loaded.slots, run.id)
    _write(connection, wf_timer, run.timers, loaded.timers, run.id)


def reanchor(connection: sa.Connection, instance_id: UUID, anchor: Anchor) -> None:
    """Pin an instance, which is locked, to another release."""
    connection.execute(sa.update(wf_instance).where(wf_instance.c.id == instance_id).values(**asdict(anchor)))


def _columns(run: Run) -> dict[str, Any]:
    return {**{name: getattr(run, name) for name in _RUN}, "data": run.memory.dump()}


def _write(
    connection: sa.Connection, table: sa.Table, parts: Iterable[Any], before: Mapping[UUID, Any], instance_id: UUID
) -> None:
    names, fresh, changed = _PARTS[table], [], []
    for part in parts:
        if part.id not in before:
            fresh.append({**_values(part, names), "instance_id": instance_id})
        elif part != before[part.id]:
            changed.append({"at_id" if name == "id" else f"to_{name}": value for name, value in _values(part, names).items()})
    if fresh:
        connection.execute(_ADD[table], fresh)
    if changed:
        connection.execute(_CHANGE[table], changed)


def _values(part: Any, names: Sequence[str]) -> dict[str, Any]:
    found = {name: getattr(part, name) for name in names}
    if isinstance(part, Slot):
        found["groups"], found["weight"] = list(part.groups), str(part.weight)
    return found
