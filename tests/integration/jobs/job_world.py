"""Workers by a clock that the test moves, and kinds of jobs that do as they are told."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from engine import jobs
from engine.jobs import KINDS, Job, JobKind, Worker
from engine.jobs import kind as kinds_module
from engine.jobs import queue as queue_module
from engine.kernel.actor import Actor, system_actor
from engine.kernel.clock import SteppedClock
from engine.kernel.registry import Registry
from engine.storage import Database, Work


@dataclass(frozen=True)
class NotePayload:
    """What to write."""

    text: str


class World:
    """A database, a clock, a registry of kinds of its own."""

    def __init__(self, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
        self.database = database
        self.clock = SteppedClock(datetime(2026, 11, 24, 8, tzinfo=UTC))
        self.kinds: Registry[JobKind] = Registry("jobs", (KINDS["jobs.clean_up"],))
        monkeypatch.setattr(kinds_module, "KINDS", self.kinds)
        monkeypatch.setattr(queue_module, "KINDS", self.kinds)
        self.add("note", note, payload=NotePayload)

    def add(self, key: str, run: Any, **settings: Any) -> None:
        self.kinds.register(JobKind(key, run, **settings))

    @contextmanager
    def work(self, actor: Actor | None = None, *, writes: bool = True) -> Iterator[Work]:
        with self.database.work(actor or system_actor("test"), clock=self.clock, writes=writes) as work:
            yield work

    def worker(self, **settings: Any) -> Worker:
        return Worker(self.database, clock=self.clock, kinds=self.kinds, chance=random.Random(1), **settings)

    def enqueue(self, kind: str, payload: Mapping[str, Any] | None = None, **settings: Any) -> UUID:
        with self.work() as work:
            return jobs.enqueue(work, kind, payload or {}, **settings)

    def job(self, job_id: UUID) -> Job:
        with self.work(writes=False) as work:
            return jobs.get_job(work, job_id)

    def count(self) -> int:
        with self.work(writes=False) as work:
            return int(work.connection.exec_driver_sql("SELECT count(*) FROM job").scalar_one())

    def notes(self) -> list[str]:
        with self.work(writes=False) as work:
            rows = work.connection.exec_driver_sql("SELECT subject FROM audit_entry WHERE action = 'note' ORDER BY seq")
            return [str(row[0]) for row in rows]

    def later(self, **step: float) -> None:
        self.clock.advance(timedelta(**step))


def note(work: Work, payload: NotePayload) -> dict[str, Any]:
    """Leaves something in the database that a test can find."""
    work.log("note", subject=payload.text)
    return {"text": payload.text}
