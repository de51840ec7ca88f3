"""A piece of work that waits, runs, or is over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

WAITING = "waiting"
RUNNING = "running"
DONE = "done"
FAILED = "failed"        # it can't succeed: what it was given is wrong
DEAD = "dead"            # it could, but did not in all its tries
CANCELLED = "cancelled"
EVERY = "every:"         # begins the key of the one row of a recurring job
OVER = (DONE, FAILED, DEAD, CANCELLED)


@dataclass(frozen=True)
class Job:
    """One queued piece of work. `progress` is in per cent; `message` a code with values for people."""

    id: UUID
    kind: str
    payload: Mapping[str, Any]
    status: str
    run_at: datetime
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    lease_until: datetime | None
    attempts: int
    tries: int
    progress: int
    message: Mapping[str, Any] | None
    result: Mapping[str, Any] | None
    owner_id: UUID | None
    dedupe_key: str | None

    @property
    def is_recurring(self) -> bool:
        """Does this row come back each time it is done?"""
        return self.dedupe_key is not None and self.dedupe_key.startswith(EVERY)
