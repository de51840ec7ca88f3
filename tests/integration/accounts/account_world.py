"""A database with a clock and some people, for the tests of accounts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from engine import accounts
from engine.kernel.actor import Actor, system_actor
from engine.kernel.clock import SteppedClock
from engine.storage import Database, Work

PASSWORD = "correct horse battery"


class World:
    """Works by a clock that the test moves."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = SteppedClock(datetime(2026, 11, 24, 8, tzinfo=UTC))

    @contextmanager
    def work(self, actor: Actor | None = None, *, writes: bool = True) -> Iterator[Work]:
        with self.database.work(actor or system_actor("test"), clock=self.clock, writes=writes) as work:
            yield work

    def reading(self, actor: Actor | None = None) -> Any:
        return self.work(actor, writes=False)

    def person(self, login: str, password: str | None = None, **details: Any) -> UUID:
        with self.work() as work:
            return accounts.create_user(work, login, details.pop("name", login.title()), password, **details)

    def actor(self, user_id: UUID) -> Actor:
        with self.reading() as work:
            return accounts.find_actor(work, user_id)

    def audit(self) -> list[tuple[str, str | None]]:
        with self.reading() as work:
            rows = work.connection.exec_driver_sql("SELECT action, subject FROM audit_entry ORDER BY seq")
            return [(row[0], row[1]) for row in rows]
