"""The jobs' table and the settings of webhooks: the only SQL of this room."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from engine.jobs.entry import CANCELLED, DONE, EVERY, OVER, RUNNING, WAITING, Job
from engine.storage.system_tables import job, setting

_COLUMNS = tuple(job.c[name] for name in Job.__dataclass_fields__)
_INSERT: dict[str, Callable[[sa.Table], Any]] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}

Connection = sa.Connection


def insert(connection: Connection, values: Mapping[str, Any]) -> UUID:
    """Add a job, or find the waiting one with the same key; returns the id of either.

    The one found is locked until this transaction ends, so that a worker doesn't start it before it
    can see what this transaction has written; it runs at the earlier of both times.
    """
    if values.get("dedupe_key") is None:
        connection.execute(sa.insert(job).values(**values))
        return UUID(str(values["id"]))
    add = _INSERT[connection.dialect.name](job).values(**values)
    earlier = sa.case((add.excluded.run_at < job.c.run_at, add.excluded.run_at), else_=job.c.run_at)
    statement = add.on_conflict_do_update(index_elements=["dedupe_key"], set_={"run_at": earlier})
    return UUID(str(connection.scalar(statement.returning(job.c.id))))


def has_key(connection: Connection, key: str) -> bool:
    """Is there a job under this key?"""
    return connection.scalar(sa.select(job.c.id).where(job.c.dedupe_key == key)) is not None


def is_due(connection: Connection, kinds: Collection[str], now: datetime) -> bool:
    """Is there anything to do?"""
    return connection.scalar(sa.select(job.c.id).where(_due(kinds, now)).limit(1)) is not None


def claim(
    connection: Connection, kinds: Collection[str], now: datetime, lease_until: datetime
) -> Job | None:
    """Take the job that has been due for longest; others skip it until the lease is over.

    Its key is free from now on, for what is queued later must run later; only a recurring job keeps it.
    """
    first = sa.select(job.c.id).where(_due(kinds, now)).order_by(job.c.run_at, job.c.id).limit(1)
    found = connection.scalar(first.with_for_update(skip_locked=True))
    if found is None:
        return None
    kept = sa.case((job.c.dedupe_key.startswith(EVERY), job.c.dedupe_key), else_=None)
    taken = sa.update(job).where(job.c.id == found).values(
        status=RUNNING, attempts=job.c.attempts + 1, lease_until=lease_until, dedupe_key=kept,
        started_at=now, ended_at=None,
    )
    return Job(*connection.execute(taken.returning(*_COLUMNS)).one())


def _due(kinds: Collection[str], now: datetime) -> sa.ColumnElement[bool]:
    waiting = sa.and_(job.c.status == WAITING, job.c.run_at <= now)
    abandoned = sa.and_(job.c.status == RUNNING, job.c.lease_until < now)
    return sa.and_(job.c.kind.in_(list(kinds)), sa.or_(waiting, abandoned))


def change_running(
    connection: Connection, job_id: UUID, attempt: int, values: Mapping[str, Any]
) -> bool:
    """Change a job as the one who runs it; False when it was cancelled or taken over."""
    mine = sa.update(job).where(job.c.id == job_id, job.c.status == RUNNING, job.c.attempts == attempt)
    return connection.execute(mine.values(**values)).rowcount == 1


def cancel(connection: Connection, job_id: UUID, now: datetime) -> bool:
    """Cancel a job that waits or runs; was there one?"""
    open_ = sa.update(job).where(job.c.id == job_id, job.c.status.in_((WAITING, RUNNING)))
    values = {"status": CANCELLED, "ended_at": now, "dedupe_key": None, "lease_until": None}
    return connection.execute(open_.values(**values)).rowcount == 1


def retry(connection: Connection, job_id: UUID, now: datetime) -> bool:
    """Let a job that is over and not done wait again; was there one?"""
    over = sa.update(job).where(job.c.id == job_id, job.c.status.in_([item for item in OVER if item != DONE]))
    values = {"status": WAITING, "run_at": now, "attempts": 0, "ended_at": None, "message": None}
    return connection.execute(over.values(**values)).rowcount == 1


def find(connection: Connection, job_id: UUID) -> Job | None:
    """The job with this id."""
    row = connection.execute(sa.select(*_COLUMNS).where(job.c.id == job_id)).first()
    return Job(*row) if row else None


def list_jobs(
    connection: Connection, owner_id: UUID | None, status: str | None, kind: str | None,
    before: UUID | None, limit: int,
) -> list[Job]:
    """Jobs, the newest first; ids grow with time."""
    found = sa.select(*_COLUMNS)
    for column, value in ((job.c.owner_id, owner_id), (job.c.status, status), (job.c.kind, kind)):
        if value is not None:
            found = found.where(column == value)
    if before is not None:
        found = found.where(job.c.id < before)
    return [Job(*row) for row in connection.execute(found.order_by(job.c.id.desc()).limit(limit))]


def delete_over(connection: Connection, statuses: Collection[str], before: datetime) -> int:
    """Delete jobs that ended with one of these before a time; how many?"""
    old = sa.delete(job).where(job.c.status.in_(list(statuses)), job.c.ended_at < before)
    return connection.execute(old).rowcount


# settings ---------------------------------------------------------------------------------------
def read_setting(connection: Connection, key: str, *, locks: bool = False) -> Any:
    """A setting's value, or None; `locks` keeps others from changing it meanwhile."""
    found = sa.select(setting.c.value).where(setting.c.key == key)
    return connection.scalar(found.with_for_update() if locks else found)


def write_setting(connection: Connection, key: str, value: Any) -> None:
    """Keep a setting's value."""
    add = _INSERT[connection.dialect.name](setting).values(key=key, value=value)
    connection.execute(add.on_conflict_do_update(index_elements=["key"], set_={"value": add.excluded.value}))
