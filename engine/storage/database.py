"""The database of one installation: where units of work come from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import sqlalchemy as sa

from engine.kernel.actor import Actor
from engine.kernel.clock import Clock, SystemClock
from engine.storage.dialects import Connections
from engine.storage.migrate import is_current, migrate
from engine.storage.releases import Releases
from engine.storage.sqlite import SqliteConnections
from engine.storage.unit_of_work import Reaction, Work

_CLOCK = SystemClock()


class Database:
    """One SQLite file or one PostgreSQL database, as seen by one process.

    `url` is SQLAlchemy's: `sqlite:////data/formwork.db` or `postgresql://user@host/name`. `data` is
    the folder of everything that is stored beside the database. `reactions` are told of changes
    before each commit, in order. `pool` is the number of PostgreSQL connections kept for each of
    reading and writing.
    """

    def __init__(
        self, url: str, *, data: Path | None = None, reactions: Sequence[Reaction] = (), pool: int = 4
    ) -> None:
        parsed = sa.make_url(url)
        self.data = data
        self.reactions: Sequence[Reaction] = reactions
        self.connections: Connections = _connections(parsed, pool)
        self.releases = Releases(self.dialect)

    @property
    def dialect(self) -> str:
        """"sqlite" or "postgresql"."""
        return self.connections.name

    def work(self, actor: Actor, *, clock: Clock | None = None, writes: bool = True) -> Work:
        """A unit of work, to be entered with `with`; raises Unavailable, Forbidden on entering.

        One that doesn't write can't: the database refuses.
        """
        return Work(self, actor, (clock or _CLOCK).now(), writes=writes)

    def migrate(self) -> None:
        """Bring the system tables up to date; several processes may try at once."""
        migrate(self.connections)

    def is_current(self) -> bool:
        """Have the system tables the form that this build knows?"""
        return is_current(self.connections)

    def close(self) -> None:
        """Close all connections; a Database that was closed opens again when it is used."""
        self.connections.close()


def _connections(url: sa.URL, pool: int) -> Connections:
    if url.get_backend_name() == "sqlite":
        return SqliteConnections(url)
    # A worker on SQLite does without the ten megabytes of the driver.
    from engine.storage.postgresql import PostgresqlConnections  # noqa: PLC0415

    return PostgresqlConnections(url, pool)
