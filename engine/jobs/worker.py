"""The worker: takes jobs one after the other, as a thread of the web process or a process of its own.

A job is claimed with a lease that a heartbeat prolongs while it runs. When a worker dies, the lease
runs out and another one takes the job over; the number of the attempt then keeps the first one, if it
was only slow, from finishing (a fencing token). A job that writes is finished in the transaction of
its effects, so they happen once; one that reaches outside may do so twice, with the same event id.
"""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import timedelta
from types import TracebackType
from typing import Any, Protocol
from uuid import UUID

from engine.jobs import store
from engine.jobs.entry import DEAD, DONE, FAILED, WAITING, Job
from engine.jobs.kind import KINDS, JobKind, is_final
from engine.jobs.ports import PORTS, Ports
from engine.jobs.queue import CURRENT, ensure_scheduled
from engine.jobs.wake import listen
from engine.kernel.actor import Actor, system_actor
from engine.kernel.clock import Clock, SystemClock
from engine.kernel.errors import Conflict, EngineError, Problem
from engine.kernel.registry import Registry
from engine.storage import Work

LEASE = timedelta(seconds=60)
POLL = 1.0
_LONGEST_REST = 30.0
_log = logging.getLogger(__name__)
_ACTOR = system_actor("worker")
FindActor = Callable[[Work, UUID], Actor]


class Source(Protocol):
    """Where units of work come from: the database."""

    @property
    def dialect(self) -> str: ...

    def work(
        self, actor: Actor, *, clock: Clock | None = None, writes: bool = True
    ) -> AbstractContextManager[Work]: ...


class Attempt:
    """Notes the error that ends the block instead of letting it end the worker."""

    error: Exception | None = None

    def __enter__(self) -> Attempt:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if not isinstance(error, Exception):
            return False
        self.error = error
        return True


class Worker:
    """Does what is queued in one database. Several may run at once, in threads and in processes.

    `find_actor` is needed by kinds that run as their owner, `ports` by those that send.
    """

    def __init__(
        self, database: Source, *, clock: Clock | None = None, ports: Ports | None = None,
        find_actor: FindActor | None = None, kinds: Registry[JobKind] = KINDS, chance: random.Random | None = None,
    ) -> None:
        self.database = database
        self._clock = clock or SystemClock()
        self._ports = ports
        self._find_actor = find_actor
        self._kinds = kinds
        self._chance = chance or random.Random()  # noqa: S311 – spreads retries, keeps no secret
        self._wake = listen(database)

    def run_once(self) -> bool:
        """Do the one job that has been due for longest; False when there is none.

        Raises Unavailable when the database doesn't answer; a job's own errors never leave.
        """
        job = self._claim()
        if job is None:
            return False
        kind = self._kinds[job.kind]
        if job.attempts > job.tries:  # it was never finished: it takes its worker down with it
            self._end(kind, job, {"status": DEAD, "message": {"code": "jobs.abandoned", "values": {}}})
            return True
        attempt = Attempt()
        with attempt, _Heartbeat(self, job, kind):
            self._run(kind, job)
        if attempt.error is not None:
            self._settle(kind, job, attempt.error)
        return True

    def run_due(self, most: int = 1000) -> int:
        """Do jobs until none is due; how many?"""
        count = 0
        while count < most and self.run_once():
            count += 1
        return count

    def run_forever(self, stop: threading.Event) -> None:
        """Work until `stop` is set, which is looked at once a second and between two jobs.

        A database that doesn't answer is asked again, less and less often.
        """
        is_prepared, rest = False, POLL
        while not stop.is_set():
            self._wake.clear()
            attempt, busy = Attempt(), False
            with attempt:
                if not is_prepared:
                    self.prepare()
                    is_prepared = True
                busy = self.run_once()
            if attempt.error is not None:
                _log.error("the worker could not look for work", exc_info=attempt.error)
                stop.wait(rest)
                rest = min(rest * 2, _LONGEST_REST)
            else:
                rest = POLL
                if not busy:
                    self._wake.wait(POLL)

    def prepare(self) -> None:
        """Queue the recurring jobs that are not queued yet."""
        with self.work(_ACTOR) as work:
            ensure_scheduled(work, tuple(self._kinds))

    def work(self, actor: Actor, *, writes: bool = True) -> AbstractContextManager[Work]:
        """A unit of work by the worker's clock."""
        return self.database.work(actor, clock=self._clock, writes=writes)

    def _claim(self) -> Job | None:
        kinds = self._kinds.keys
        with self.work(_ACTOR, writes=False) as work:  # cheap, and in nobody's way
            if not store.is_due(work.connection, kinds, work.now):
                return None
        with self.work(_ACTOR) as work:
            return store.claim(work.connection, kinds, work.now, work.now + LEASE)

    def _run(self, kind: JobKind, job: Job) -> None:
        payload = kind.read(job.payload)
        with self.work(self._actor(kind, job), writes=kind.writes) as work:
            work.cache[CURRENT] = job
            work.cache[PORTS] = self._ports
            result = kind.run(work, payload)
            if kind.writes:
                self._finish(work, kind, job, result)
        if not kind.writes:
            with self.work(_ACTOR) as work:
                self._finish(work, kind, job, result)

    def _finish(self, work: Work, kind: JobKind, job: Job, result: Mapping[str, Any] | None) -> None:
        values = {"status": DONE, "progress": 100, "message": None, "result": result}
        if not store.change_running(work.connection, job.id, job.attempts, _ended(work, kind, job, values)):
            raise Conflict(Problem("jobs.taken_over"))

    def _settle(self, kind: JobKind, job: Job, error: Exception) -> None:
        """Note a failure, and whether and when to try again."""
        message = _message(error)
        if isinstance(error, EngineError):
            _log.warning("job %s (%s), attempt %d: %s", job.id, job.kind, job.attempts, error)
        else:
            _log.error("job %s (%s), attempt %d", job.id, job.kind, job.attempts, exc_info=error)
        if is_final(error):
            self._end(kind, job, {"status": FAILED, "message": message})
        elif job.attempts >= job.tries:
            self._end(kind, job, {"status": DEAD, "message": message})
        else:
            again = self._clock.now() + kind.delay(job.attempts, self._chance)
            values = {"status": WAITING, "run_at": again, "lease_until": None, "message": message}
            with self.work(_ACTOR) as work:
                store.change_running(work.connection, job.id, job.attempts, values)

    def _end(self, kind: JobKind, job: Job, values: Mapping[str, Any]) -> None:
        with self.work(_ACTOR) as work:
            store.change_running(work.connection, job.id, job.attempts, _ended(work, kind, job, values))

    def _actor(self, kind: JobKind, job: Job) -> Actor:
        if not kind.as_owner:
            return system_actor(kind.key)
        if self._find_actor is None or job.owner_id is None:
            raise RuntimeError(f"{kind.key} runs as its owner, and there is none")
        with self.work(_ACTOR, writes=False) as work:
            return self._find_actor(work, job.owner_id)


class _Heartbeat:
    """Prolongs a job's lease while it runs.

    A job that writes needs none on SQLite: nobody else can claim anything until it has committed.
    """

    def __init__(self, worker: Worker, job: Job, kind: JobKind) -> None:
        self._worker, self._job = worker, job
        self._is_over = threading.Event()
        is_needed = not (kind.writes and worker.database.dialect == "sqlite")
        self._thread = threading.Thread(target=self._beat, daemon=True, name="lease") if is_needed else None

    def __enter__(self) -> None:
        if self._thread:
            self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        if self._thread:
            self._thread.join()

    def _beat(self) -> None:
        while not self._is_over.wait(LEASE.total_seconds() / 3):
            attempt = Attempt()
            with attempt, self._worker.work(_ACTOR) as work:
                store.change_running(
                    work.connection, self._job.id, self._job.attempts, {"lease_until": work.now + LEASE}
                )
            if attempt.error is not None:
                _log.warning("the lease of job %s was not prolonged: %s", self._job.id, attempt.error)


def _ended(work: Work, kind: JobKind, job: Job, values: Mapping[str, Any]) -> dict[str, Any]:
    """The end of a job; a recurring one waits for its next turn instead, in the same row."""
    if kind.every is None or not job.is_recurring:
        return {**values, "ended_at": work.now, "lease_until": None}
    return {**values, "status": WAITING, "run_at": work.now + kind.every, "attempts": 0, "lease_until": None}


def _message(error: Exception) -> dict[str, Any]:
    if isinstance(error, EngineError) and error.problems:
        problem = error.problems[0]
        return {"code": problem.code, "values": {key: str(value) for key, value in problem.values.items()}}
    return {"code": "jobs.broke", "values": {"error": type(error).__name__}}
