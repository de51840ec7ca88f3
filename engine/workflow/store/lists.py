"""What waits for whom: inbox, submissions, copies, timelines, due timers; and who may read along."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.kernel.ids import new_id
from engine.storage.system_tables import (
    user,
    wf_copy,
    wf_event,
    wf_instance,
    wf_slot,
    wf_timer,
    wf_visit,
)

_DONE = ("approved", "rejected", "returned", "transferred")
_PLACE = (
    wf_instance.c.app, wf_instance.c.workflow, wf_instance.c.release, wf_instance.c.entity,
    wf_instance.c.record_id, wf_instance.c.initiator_id, wf_instance.c.round,
)

_USER = sa.bindparam("user_id", type_=user.c.id.type)


def _task_on(holder: sa.ColumnElement[bool]) -> sa.Select[Any]:
    found = sa.select(wf_slot.c.id).join(wf_instance, wf_instance.c.id == wf_slot.c.instance_id)
    on_record = wf_instance.c.record_id == sa.bindparam("record_id", type_=wf_instance.c.record_id.type)
    return found.where(on_record, wf_slot.c.status == "open", holder).order_by(wf_slot.c.id).limit(1)


_TASK_ON = {False: _task_on(wf_slot.c.user_id == _USER), True: _task_on(sa.or_(wf_slot.c.user_id == _USER, wf_slot.c.user_id.is_(None)))}


def open_tasks(connection: sa.Connection, user_id: UUID, *, is_admin: bool, limit: int, after: UUID | None) -> Sequence[Any]:
    """Open slots of a person, and the vacant ones for an administrator; the oldest first."""
    holder: sa.ColumnElement[bool] = wf_slot.c.user_id == user_id
    if is_admin:
        holder = sa.or_(holder, wf_slot.c.user_id.is_(None))
    other = wf_slot.alias("other")
    waiting = (
        sa.select(sa.func.count(sa.distinct(other.c.position)))
        .where(other.c.visit_id == wf_slot.c.visit_id, other.c.status.in_(("open", "waiting")))
        .scalar_subquery()
    )
    found = (
        sa.select(
            wf_slot.c.id, wf_slot.c.instance_id, wf_slot.c.user_id, wf_slot.c.via, wf_slot.c.groups,
            wf_slot.c.opened_at, wf_slot.c.due_at, wf_visit.c.state, waiting.label("waiting"), *_PLACE,
        )
        .join(wf_visit, wf_visit.c.id == wf_slot.c.visit_id)
        .join(wf_instance, wf_instance.c.id == wf_slot.c.instance_id)
        .where(holder, wf_slot.c.status == "open")
        .order_by(wf_slot.c.id)
        .limit(limit)
    )
    if after is not None:
        found = found.where(wf_slot.c.id > after)
    return connection.execute(found).all()


def open_task_on(connection: sa.Connection, record_id: UUID, user_id: UUID, *, is_admin: bool) -> UUID | None:
    """The oldest open slot of a person on a record; to an administrator the vacant ones count too."""
    found: UUID | None = connection.scalar(_TASK_ON[is_admin], {"record_id": record_id, "user_id": user_id})
    return found


def count_open_tasks(connection: sa.Connection, user_id: UUID, *, is_admin: bool) -> int:
    """How many open slots a person has."""
    holder: sa.ColumnElement[bool] = wf_slot.c.user_id == user_id
    if is_admin:
        holder = sa.or_(holder, wf_slot.c.user_id.is_(None))
    found = sa.select(sa.func.count()).select_from(wf_slot).where(holder, wf_slot.c.status == "open")
    return connection.scalar(found) or 0


def done_tasks(connection: sa.Connection, user_id: UUID, limit: int, before: UUID | None) -> Sequence[Any]:
    """Slots a person has answered or handed on, the newest first."""
    found = (
        sa.select(
            wf_slot.c.id, wf_slot.c.instance_id, wf_slot.c.status, wf_slot.c.decided_at, wf_slot.c.comment,
            wf_visit.c.state, wf_instance.c.outcome, wf_instance.c.state.label("now_in"), *_PLACE,
        )
        .join(wf_visit, wf_visit.c.id == wf_slot.c.visit_id)
        .join(wf_instance, wf_instance.c.id == wf_slot.c.instance_id)
        .where(wf_slot.c.user_id == user_id, wf_slot.c.status.in_(_DONE))
        .order_by(wf_slot.c.id.desc())
        .limit(limit)
    )
    if before is not None:
        found = found.where(wf_slot.c.id < before)
    return connection.execute(found).all()


def submitted_by(connection: sa.Connection, user_id: UUID, limit: int, before: UUID | None) -> Sequence[Any]:
    """Instances a person has submitted, the newest first."""
    found = (
        sa.select(
            wf_instance.c.id, wf_instance.c.state, wf_instance.c.outcome, wf_instance.c.started_at,
            wf_instance.c.ended_at, *_PLACE,
        )
        .where(wf_instance.c.initiator_id == user_id)
        .order_by(wf_instance.c.id.desc())
        .limit(limit)
    )
    if before is not None:
        found = found.where(wf_instance.c.id < before)
    return connection.execute(found).all()


def copies_of(connection: sa.Connection, user_id: UUID, limit: int, before: UUID | None) -> Sequence[Any]:
    """Copies a person has got, the newest first."""
    found = (
        sa.select(
            wf_copy.c.id, wf_copy.c.instance_id, wf_copy.c.at, wf_copy.c.read_at, wf_instance.c.state,
            wf_instance.c.outcome, *_PLACE,
        )
        .join(wf_instance, wf_instance.c.id == wf_copy.c.instance_id)
        .where(wf_copy.c.user_id == user_id)
        .order_by(wf_copy.c.id.desc())
        .limit(limit)
    )
    if before is not None:
        found = found.where(wf_copy.c.id < before)
    return connection.execute(found).all()


def add_copies(connection: sa.Connection, instance_id: UUID, people: Sequence[UUID], now: datetime) -> list[UUID]:
    """Give people a copy; those who have one already keep it. Answers who got one now."""
    known = set(
        connection.scalars(sa.select(wf_copy.c.user_id).where(wf_copy.c.instance_id == instance_id))
    )
    fresh = [person for person in dict.fromkeys(people) if person not in known]
    if fresh:
        rows = [{"id": new_id(), "instance_id": instance_id, "user_id": person, "at": now} for person in fresh]
        connection.execute(sa.insert(wf_copy), rows)
    return fresh


def mark_copy_read(connection: sa.Connection, user_id: UUID, record_id: UUID, now: datetime) -> None:
    """The person has looked at the record."""
    instances = sa.select(wf_instance.c.id).where(wf_instance.c.record_id == record_id)
    connection.execute(
        sa.update(wf_copy)
        .where(wf_copy.c.user_id == user_id, wf_copy.c.read_at.is_(None), wf_copy.c.instance_id.in_(instances))
        .values(read_at=now)
    )


def events_on(connection: sa.Connection, record_id: UUID) -> Sequence[Any]:
    """All events of all instances on a record, in the order in which they happened."""
    found = (
        sa.select(wf_event, wf_instance.c.app, wf_instance.c.workflow, wf_instance.c.release)
        .join(wf_instance, wf_instance.c.id == wf_event.c.instance_id)
        .where(wf_instance.c.record_id == record_id)
        .order_by(wf_instance.c.id, wf_event.c.seq)
    )
    return connection.execute(found).all()


def visits_of(connection: sa.Connection, instance_id: UUID) -> Sequence[Any]:
    """All visits of an instance, in order."""
    return connection.execute(
        sa.select(wf_visit).where(wf_visit.c.instance_id == instance_id).order_by(wf_visit.c.number)
    ).all()


def answers_of(connection: sa.Connection, instance_id: UUID) -> Sequence[Any]:
    """All slots of an instance that somebody has answered, with their visits."""
    found = sa.select(
        wf_slot.c.visit_id, wf_slot.c.user_id, wf_slot.c.status, wf_slot.c.decided_at, wf_slot.c.comment
    ).where(
        wf_slot.c.instance_id == instance_id,
        wf_slot.c.status.in_(("approved", "rejected", "returned", "auto_approved")),
    )
    return connection.execute(found.order_by(wf_slot.c.decided_at, wf_slot.c.position)).all()


def under_way(connection: sa.Connection, workflow_uid: str) -> dict[str, int]:
    """How many runs of a workflow stand in each state."""
    query = (
        sa.select(wf_instance.c.state, sa.func.count())
        .where(wf_instance.c.workflow_uid == workflow_uid, wf_instance.c.ended_at.is_(None))
        .group_by(wf_instance.c.state)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def latest_on(connection: sa.Connection, workflow_uid: str, record_id: UUID) -> UUID | None:
    """The newest instance of a workflow on a record, open or ended."""
    found = sa.select(wf_instance.c.id).where(
        wf_instance.c.workflow_uid == workflow_uid, wf_instance.c.record_id == record_id
    )
    return connection.scalar(found.order_by(wf_instance.c.id.desc()).limit(1))


def due_timers(connection: sa.Connection, now: datetime, limit: int) -> list[UUID]:
    """Armed timers that are due, in due order."""
    found = (
        sa.select(wf_timer.c.id)
        .where(wf_timer.c.status == "armed", wf_timer.c.fire_at <= now)
        .order_by(wf_timer.c.fire_at, wf_timer.c.id)
        .limit(limit)
    )
    return list(connection.scalars(found))


def instance_of_timer(connection: sa.Connection, timer_id: UUID) -> UUID | None:
    """The instance a timer belongs to."""
    return connection.scalar(sa.select(wf_timer.c.instance_id).where(wf_timer.c.id == timer_id))


def held_by_inactive(connection: sa.Connection, limit: int) -> list[UUID]:
    """Instances with an open task of somebody who can't sign in any more."""
    found = (
        sa.select(wf_slot.c.instance_id)
        .join(user, user.c.id == wf_slot.c.user_id)
        .where(wf_slot.c.status == "open", ~user.c.is_active)
        .group_by(wf_slot.c.instance_id)
        .order_by(wf_slot.c.instance_id)
        .limit(limit)
    )
    return list(connection.scalars(found))


def stuck(connection: sa.Connection) -> list[UUID]:
    """Open instances at a step with slots of which none is open: there must never be any."""
    slots = sa.select(wf_slot.c.visit_id, sa.func.sum(sa.case((wf_slot.c.status == "open", 1), else_=0)).label("open"))
    counted = slots.group_by(wf_slot.c.visit_id).subquery()
    found = (
        sa.select(wf_visit.c.instance_id)
        .join(counted, counted.c.visit_id == wf_visit.c.id)
        .where(wf_visit.c.closed_at.is_(None), counted.c.open == 0)
    )
    return list(connection.scalars(found))


def taking_part(app: str, entity: str, user_id: UUID, record_id: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    """Has the person a task (open or past) on the record, a copy of it, or submitted it?

    The inner question does not depend on the record, so a database asks it once for a whole list.
    """
    slots = sa.select(wf_slot.c.instance_id).where(wf_slot.c.user_id == user_id)
    copies = sa.select(wf_copy.c.instance_id).where(wf_copy.c.user_id == user_id)
    mine = sa.select(wf_instance.c.id).where(wf_instance.c.initiator_id == user_id)
    found = sa.select(wf_instance.c.record_id).where(
        wf_instance.c.id.in_(sa.union_all(slots, copies, mine)),
        wf_instance.c.app == app, wf_instance.c.entity == entity,
    )
    return record_id.in_(found)


def has_part(connection: sa.Connection, instance_id: UUID, user_id: UUID) -> bool:
    """Has the person a slot or a copy at an instance?"""
    slots = sa.select(wf_slot.c.id).where(wf_slot.c.instance_id == instance_id, wf_slot.c.user_id == user_id)
    copies = sa.select(wf_copy.c.id).where(wf_copy.c.instance_id == instance_id, wf_copy.c.user_id == user_id)
    return connection.execute(sa.union_all(slots, copies).limit(1)).first() is not None


def open_on_record(connection: sa.Connection, record_id: UUID) -> int:
    """How many open instances a record has."""
    found = sa.select(sa.func.count()).select_from(wf_instance)
    return connection.scalar(found.where(wf_instance.c.record_id == record_id, wf_instance.c.ended_at.is_(None))) or 0
