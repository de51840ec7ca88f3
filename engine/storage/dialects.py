"""What every kind of database offers to the unit of work, and how its failures are named.

`sqlite.py` and `postgresql.py` hold the two kinds.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.engine import ExceptionContext

from engine.kernel.errors import Problem, Unavailable


@dataclass(frozen=True)
class Stamp:
    """Numbers that grow whenever something changes that processes keep in memory."""

    releases: int
    accounts: int


@dataclass
class Opened:
    """A connection with a transaction on it, and what the stamp said at its start."""

    connection: sa.Connection
    stamp: Stamp
    writes: bool
    held: Any = None
    """What else the dialect needs to take the connection back."""


STAMP = "SELECT releases, accounts FROM stamp WHERE id = 1"


class Connections(ABC):
    """The connections of one process to one database."""

    name: ClassVar[str]

    @abstractmethod
    def open(self, *, writes: bool) -> Opened:
        """A connection in a transaction; raises Unavailable when none can be had in time."""

    @abstractmethod
    def release(self, opened: Opened) -> None:
        """Take a connection back. What was not committed is undone."""

    @abstractmethod
    def open_for_migration(self) -> sa.Connection:
        """A connection in a transaction that no other process migrates beside."""

    @abstractmethod
    def end_migration(self, connection: sa.Connection) -> None:
        """Take that connection back, committed or not."""

    @abstractmethod
    def run_apart(self, statements: Sequence[str]) -> None:
        """Run statements that can't be part of a transaction, however long they take."""

    @abstractmethod
    def close(self) -> None:
        """Close all connections and give up every lock."""


Naming = Callable[[BaseException], Unavailable | None]
"""The Unavailable for a driver's error, or None when it is not one of those worth retrying."""


def watch_failures(engine: sa.Engine, name: Naming) -> None:
    """Let failures that are nobody's fault leave the engine as Unavailable.

    A broken rule of a table (a unique index, a foreign key) stays SQLAlchemy's IntegrityError: only
    whoever wrote the statement knows what it means.
    """

    def translate(context: ExceptionContext) -> BaseException | None:
        if context.is_disconnect:
            return Unavailable(Problem("storage.unavailable"))
        return name(context.original_exception)

    sa.event.listen(engine, "handle_error", translate)


def named(error: BaseException, name: Naming) -> BaseException:
    """What to raise for an error that did not come through a watched engine."""
    original = error.orig if isinstance(error, sa.exc.DBAPIError) else error
    return (name(original) if original is not None else None) or error
