"""Queue jobs, watch them, stop them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from engine.jobs import store
from engine.jobs.entry import CANCELLED, DEAD, DONE, EVERY, FAILED, Job
from engine.jobs.kind import KINDS, JobKind
from engine.jobs.payload import as_json
from engine.jobs.wake import wake
from engine.kernel.clock import SteppedClock
from engine.kernel.errors import Conflict, NotFound, Problem
from engine.kernel.ids import new_id
from engine.storage import Work

CURRENT = "jobs.current"
MOST = 200


def enqueue(
    work: Work, kind: str, payload: Mapping[str, Any], *, run_at: datetime | None = None,
    dedupe_key: str | None = None, owner_id: UUID | None = None,
) -> UUID:
    """Queue a job in the work's transaction: it will run if, and only after, that is committed.

    A job that already waits under the same `dedupe_key` is not queued again; the earlier time counts.
    `owner_id`, the actor if not given, may watch and cancel it. Raises Invalid for a payload that the
    kind doesn't take, RuntimeError for an unknown kind.
    """
    found = KINDS.find(kind)
    if found is None:
        raise RuntimeError(f"there is no kind of job named {kind!r}")
    values = as_json(payload)
    found.read(values)
    job_id = _insert(work, found, values, run_at or work.now, dedupe_key, owner_id or work.actor.user_id)
    if run_at is None or run_at <= work.now:
        work.after_commit(lambda: wake(work.database))
    return job_id


def ensure_scheduled(work: Work, kinds: tuple[JobKind, ...]) -> None:
    """Queue each recurring kind unless it is queued already."""
    for kind in kinds:
        if kind.every is not None and not store.has_key(work.connection, EVERY + kind.key):
            _insert(work, kind, {}, work.now, EVERY + kind.key, None)


def get_job(work: Work, job_id: UUID) -> Job:
    """A job; raises NotFound, also for those of other people."""
    found = store.find(work.connection, job_id)
    if found is None or not _may_watch(work, found):
        raise NotFound(Problem("jobs.no_such_job"))
    return found


def list_jobs(
    work: Work, *, status: str | None = None, kind: str | None = None, before: UUID | None = None, limit: int = 50
) -> list[Job]:
    """Jobs, the newest first: all of them for administrators, one's own for everybody else."""
    actor = work.actor
    if actor.user_id is None and not actor.is_system:
        return []
    owner = None if actor.is_admin or actor.is_system else actor.user_id
    return store.list_jobs(work.connection, owner, status, kind, before, max(1, min(limit, MOST)))


def cancel_job(work: Work, job_id: UUID) -> None:
    """Cancel a job. What a running one has written so far is undone when it tries to finish.

    Raises NotFound, and Conflict when it is over.
    """
    found = get_job(work, job_id)
    if not store.cancel(work.connection, job_id, work.now):
        raise Conflict(Problem("jobs.over"), current=found.status)
    work.log("job.cancelled", subject=str(job_id), details={"kind": found.kind})


def retry_job(work: Work, job_id: UUID) -> None:
    """Let a job that failed run again; raises NotFound, and Conflict when it waits, runs or is done."""
    found = get_job(work, job_id)
    if not store.retry(work.connection, job_id, work.now):
        raise Conflict(Problem("jobs.not_failed"), current=found.status)
    work.log("job.retried", subject=str(job_id), details={"kind": found.kind})
    work.after_commit(lambda: wake(work.database))


def current_job(work: Work) -> Job | None:
    """The job that this work is done for."""
    found: Job | None = work.cache.get(CURRENT)
    return found


def set_progress(work: Work, progress: int, message: Mapping[str, Any] | None = None) -> None:
    """Let people see how far the current job is, in per cent, with a message {"code", "values"}.

    Raises Conflict when it has been cancelled or taken over: a long job should stop there. Inside of a
    writing work on SQLite nobody sees it before the commit; long jobs therefore open works of their own.
    """
    found = current_job(work)
    if found is None:
        return
    values: dict[str, Any] = {"progress": max(0, min(progress, 100))}
    if message is not None:
        values["message"] = as_json(message)
    if work.writes and work.dialect == "sqlite":  # one writer only, and it is this one
        is_mine = store.change_running(work.connection, found.id, found.attempts, values)
    else:
        with work.database.work(work.actor, clock=SteppedClock(work.now)) as own:
            is_mine = store.change_running(own.connection, found.id, found.attempts, values)
    if not is_mine:
        raise Conflict(Problem("jobs.taken_over"))


def delete_old_jobs(work: Work, done: timedelta, failed: timedelta) -> int:
    """Forget jobs that are over: the done sooner than the failed; how many?"""
    count = store.delete_over(work.connection, (DONE, CANCELLED), work.now - done)
    return count + store.delete_over(work.connection, (FAILED, DEAD), work.now - failed)


def _insert(
    work: Work, kind: JobKind, payload: Mapping[str, Any], run_at: datetime, dedupe_key: str | None,
    owner_id: UUID | None,
) -> UUID:
    values = {
        "id": new_id(), "kind": kind.key, "payload": payload, "status": "waiting", "run_at": run_at,
        "created_at": work.now, "tries": kind.tries, "dedupe_key": dedupe_key, "owner_id": owner_id,
    }
    return store.insert(work.connection, values)


def _may_watch(work: Work, found: Job) -> bool:
    actor = work.actor
    return actor.is_admin or actor.is_system or (actor.user_id is not None and actor.user_id == found.owner_id)
