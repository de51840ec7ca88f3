"""The unit of work: the only file that commits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from types import TracebackType
from typing import Any, Literal, Protocol

import sqlalchemy as sa

from engine.definitions import Model
from engine.kernel.actor import Actor
from engine.kernel.changes import Change
from engine.kernel.clock import Clock
from engine.kernel.errors import Forbidden, Invalid, Problem
from engine.storage.dialects import Connections, Opened, Stamp
from engine.storage.record_tables import Tables, build
from engine.storage.releases import Loaded, Pinned, Releases
from engine.storage.system_tables import audit_entry

Reaction = Callable[["Work", Sequence[Change]], None]
"""Told of changes before the commit; may change records itself, and is then told of those too."""

MAX_ROUNDS = 24


class Home(Protocol):
    """What a unit of work knows of its database."""

    connections: Connections
    releases: Releases
    reactions: Sequence[Reaction]

    @property
    def dialect(self) -> str: ...

    def work(self, actor: Actor, *, clock: Clock | None = None, writes: bool = True) -> Work: ...


class Work:
    """Everything done for one request, job or command: it all happens, or nothing does.

    Used as a context manager and by one thread. Leaving it without an error runs the reactions and
    commits; an error undoes everything. One that writes for an actor with a viewer can't be entered:
    whoever looks through somebody's eyes only looks (Forbidden `storage.only_viewing`). `now` and the release of each app stay the same throughout.
    `cache` is for whoever needs to remember something until the end.
    """

    def __init__(self, database: Home, actor: Actor, now: datetime, *, writes: bool) -> None:
        self.database = database
        self.actor = actor
        self.now = now
        self.writes = writes
        self.changes: list[Change] = []
        self.cache: dict[Any, Any] = {}
        self._pinned = Pinned(database.releases)
        self._opened: Opened | None = None
        self._told = 0
        self._after: list[Callable[[], None]] = []
        self._touched: set[str] = set()

    @property
    def dialect(self) -> str:
        """"sqlite" or "postgresql"."""
        return self.database.dialect

    @property
    def language(self) -> str:
        """The language of whoever reads what this work says."""
        return self.actor.reader.language

    @property
    def connection(self) -> sa.Connection:
        """The connection with the transaction; raises RuntimeError outside of `with`."""
        return self._open.connection

    @property
    def stamp(self) -> Stamp:
        """The freshness numbers as they stood when the work began."""
        return self._open.stamp

    def model(self, app: str) -> Model:
        """The app's definitions in its current release; raises NotFound when nothing is published."""
        return self._pinned.current(self.connection, self.stamp, app).model

    def tables(self, app: str) -> Tables:
        """The tables of the app's current release; raises NotFound when nothing is published."""
        return self._pinned.current(self.connection, self.stamp, app).tables

    def model_of(self, app: str, release: int) -> Model:
        """The definitions of any release of an app; raises NotFound."""
        return self._pinned.of(self.connection, app, release).model

    def release_number(self, app: str) -> int:
        """The number of the app's current release; 0 when nothing is published; raises NotFound."""
        return self._pinned.number(self.connection, self.stamp, app)

    def add(self, change: Change) -> None:
        """Note what happened to a record; the reactions will be told, in order."""
        self.changes.append(change)

    def log(
        self, action: str, *, app: str | None = None, subject: str | None = None,
        details: Mapping[str, Any] | None = None,
    ) -> None:
        """Write an entry of the audit trail; it stands or falls with the work.

        `action` is a vocabulary word ("user.changed"), `subject` what it was done to, `details` JSON.
        """
        actor = self.actor
        self.connection.execute(
            audit_entry.insert().values(
                at=self.now, actor_id=actor.user_id, actor_name=actor.name, action=action, app=app,
                subject=subject, details=dict(details or {}),
            )
        )

    def react(self) -> None:
        """Tell the reactions of what happened since they were last told, until nothing new happens.

        Runs by itself before the commit. Raises Invalid (`storage.endless_reaction`) when records go
        on changing each other.
        """
        rounds = 0
        while self._told < len(self.changes):
            rounds += 1
            if rounds > MAX_ROUNDS:
                raise Invalid(Problem("storage.endless_reaction", {"limit": MAX_ROUNDS}))
            batch = tuple(self.changes[self._told :])
            self._told = len(self.changes)
            for reaction in self.database.reactions:
                reaction(self, batch)

    def touch(self, what: Literal["releases", "accounts"]) -> None:
        """Let every process know, at its next work, that what it remembers is out of date."""
        self._touched.add(what)
        self.connection.exec_driver_sql(f"UPDATE stamp SET {what} = {what} + 1 WHERE id = 1")  # noqa: S608
        if what == "releases":
            self._pinned.unpin()

    def has_touched(self, what: Literal["releases", "accounts"]) -> bool:
        """Has this work changed such things, in whoever's name? What it reads of them must not be kept for others."""
        return what in self._touched

    def adopt(self, model: Model) -> None:
        """Use a release that this work has just written, here at once and everywhere once it is committed."""
        loaded = Loaded(model, build(model))
        self._pinned.adopt(loaded)
        self.after_commit(lambda: self.database.releases.share(loaded))

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """A part that is undone by itself when it fails; what it noted as changed is forgotten too."""
        noted, told, after, cache, published = len(self.changes), self._told, len(self._after), dict(self.cache), self._pinned.times_unpinned
        try:
            with self.connection.begin_nested():
                yield
        except BaseException:
            del self.changes[noted:], self._after[after:]
            self._told = min(told, noted)
            if self._pinned.times_unpinned > published:  # a release that never was: neither it nor what was made of it is to be seen
                self._pinned.forget_own()
                self.cache = cache
            raise

    @contextmanager
    def acting_as(self, actor: Actor, *, now: datetime | None = None) -> Iterator[None]:
        """Do a part in somebody else's name, and at another moment: an installation tells its story so.

        What has been noted is told to the reactions before and after, each in its own name.
        """
        own, moment, cache = self.actor, self.now, self.cache
        self._refuse_viewer(actor)
        self.react()
        self.actor, self.now, self.cache = actor, now or moment, {}
        try:
            yield
            self.react()
        finally:
            self.actor, self.now, self.cache = own, moment, cache

    def after_commit(self, call: Callable[[], None]) -> None:
        """Run something once everything is stored; it must not fail."""
        self._after.append(call)

    def allow_time(self, seconds: int) -> None:
        """Let the statements of this work take longer than a page may."""
        if self.dialect == "postgresql":
            self.connection.exec_driver_sql(f"SET LOCAL statement_timeout = {seconds * 1000}")

    def _refuse_viewer(self, actor: Actor) -> None:
        """Raise Forbidden where somebody would write in the name of the one whose eyes they borrow."""
        if self.writes and actor.viewer is not None:
            raise Forbidden(Problem("storage.only_viewing", {"name": actor.name}))

    def __enter__(self) -> Work:
        self._refuse_viewer(self.actor)
        self._opened = self.database.connections.open(writes=self.writes)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        opened = self._open
        try:
            if kind is None and self.writes:
                self.react()
                opened.connection.commit()
        finally:
            self._opened = None
            self.database.connections.release(opened)
        if kind is None:
            for call in self._after:
                call()

    @property
    def _open(self) -> Opened:
        if self._opened is None:
            raise RuntimeError("the unit of work is not open")
        return self._opened
