"""SQLite: many readers, and one writer in one process.

One writer, because deferred transactions of several writers fail with "database is locked" whatever
the timeout, and because SQLite 3.7.0 to 3.51.2, which most Pythons carry, can damage the file when two
connections write or checkpoint at the same moment (the WAL-reset bug).
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa

from engine.expressions import register
from engine.kernel.errors import Problem, Unavailable
from engine.storage.dialects import STAMP, Connections, Opened, Stamp, named, watch_failures
from engine.storage.file_lock import FileLock
from engine.storage.han import characters_text

READERS = 8
_WAIT = 10.0         # seconds for a turn to write, or for a free reader
_WAIT_PROCESS = 1.0  # seconds for another process to end
_WAIT_MIGRATION = 30.0
_READER_CACHE, _WRITER_CACHE = 1024, 4096  # KiB; every connection has its own page cache

ID_OF = "formwork_id"
"""The function that reads an id out of its hexadecimal text; `json_ids` writes several so."""


def json_ids(ids: Iterable[UUID]) -> str:
    """Ids as a JSON array, for json_each."""
    return "[" + ",".join(f'"{id_.hex}"' for id_ in ids) + "]"


class SqliteConnections(Connections):
    """The connections to one SQLite file."""

    name = "sqlite"

    def __init__(self, url: sa.URL) -> None:
        if not url.database or url.database == ":memory:":
            raise RuntimeError("SQLite needs a file: several connections share it")
        self._lock_file = FileLock(Path(f"{url.database}.lock"))
        self._reading = _create_engine(url, _READER_CACHE, read_only=True)
        self._writing = _create_engine(url, _WRITER_CACHE, read_only=False)
        self._idle: list[_Held] = []
        self._free_readers = threading.BoundedSemaphore(READERS)
        self._turn = threading.Lock()
        self._writer: _Held | None = None
        self._writing_thread: int | None = None

    def open(self, *, writes: bool) -> Opened:
        held = self._take_writer(_WAIT_PROCESS) if writes else self._take_reader()
        try:
            stamp = held.begin(writes=writes).execute(STAMP).fetchone()
        except BaseException as error:
            self._take_back(held, writes=writes, is_sound=False)
            raise named(error, unavailable) from error
        return Opened(held.connection, Stamp(stamp[0], stamp[1]), writes, held)

    def release(self, opened: Opened) -> None:
        self._take_back(opened.held, writes=opened.writes, is_sound=True)

    def open_for_migration(self) -> sa.Connection:
        held = self._take_writer(_WAIT_MIGRATION)
        held.begin(writes=True)
        return held.connection

    def end_migration(self, connection: sa.Connection) -> None:
        if self._writer is not None:
            self._take_back(self._writer, writes=True, is_sound=True)

    def run_apart(self, statements: Sequence[str]) -> None:
        held = self._take_writer(_WAIT_PROCESS)
        try:
            for statement in statements:
                held.driver.execute(statement)
        finally:
            self._take_back(held, writes=True, is_sound=True)

    def close(self) -> None:
        while self._idle:
            self._idle.pop().connection.close()
        if self._writer is not None:
            self._writer.connection.close()
            self._writer = None
        self._reading.dispose()
        self._writing.dispose()
        self._lock_file.release()

    def _take_reader(self) -> _Held:
        if not self._free_readers.acquire(timeout=_WAIT):
            raise Unavailable(Problem("storage.busy"))
        try:
            return self._idle.pop()
        except IndexError:
            pass
        try:
            return _connect(self._reading)
        except BaseException:
            self._free_readers.release()
            raise

    def _take_writer(self, wait: float) -> _Held:
        if self._writing_thread == threading.get_ident():
            raise RuntimeError("a unit of work that writes is already open in this thread")
        if not self._turn.acquire(timeout=_WAIT):
            raise Unavailable(Problem("storage.busy"))
        try:
            if not self._lock_file.acquire(wait):
                raise Unavailable(Problem("storage.locked_by_other", {"process": self._lock_file.holder()}))
            if self._writer is None:
                self._writer = _connect(self._writing)
        except BaseException:
            self._turn.release()
            raise
        self._writing_thread = threading.get_ident()
        return self._writer

    def _take_back(self, held: _Held, *, writes: bool, is_sound: bool) -> None:
        try:
            if is_sound and held.undo():
                if not writes:
                    self._idle.append(held)
            else:
                if writes:
                    self._writer = None
                held.connection.close()
        finally:
            if writes:
                self._writing_thread = None
                self._turn.release()
            else:
                self._free_readers.release()


@dataclass(frozen=True)
class _Held:
    """A connection and the driver's own beneath it.

    The transaction is begun on the driver's: SQLAlchemy needs three times as long to say the same.
    """

    connection: sa.Connection
    driver: sqlite3.Connection

    def begin(self, *, writes: bool) -> sqlite3.Connection:
        """Begin a transaction; one that writes waits for no lock later."""
        self.driver.execute("BEGIN IMMEDIATE" if writes else "BEGIN")
        return self.driver

    def undo(self) -> bool:
        """Undo what is open; False when the connection is of no use any more."""
        if self.connection.invalidated:
            return False
        if self.connection.in_transaction():
            self.connection.rollback()
        elif self.driver.in_transaction:
            self.driver.rollback()
        return True


def _connect(engine: sa.Engine) -> _Held:
    try:
        connection = engine.connect()
    except sa.exc.DBAPIError as error:
        raise named(error, unavailable) from error
    return _Held(connection, cast(sqlite3.Connection, connection.connection.dbapi_connection))


def _create_engine(url: sa.URL, cache: int, *, read_only: bool) -> sa.Engine:
    engine = sa.create_engine(url, poolclass=sa.NullPool, connect_args={"check_same_thread": False, "timeout": 5.0})

    def prepare(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None  # Python would begin late, and commit before each DDL
        register(connection)  # what expressions ask of SQLite beyond its own means
        connection.create_function(ID_OF, 1, bytes.fromhex, deterministic=True)
        connection.create_function("formwork_characters", 1, characters_text, deterministic=True)
        for pragma in (
            "journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", f"cache_size = -{cache}",
            *(["query_only = ON"] if read_only else []),
        ):
            connection.execute(f"PRAGMA {pragma}").close()

    sa.event.listen(engine, "connect", prepare)
    watch_failures(engine, unavailable)
    return engine


def unavailable(error: BaseException) -> Unavailable | None:
    """The Unavailable for an error of SQLite, where trying again may help."""
    if not isinstance(error, sqlite3.OperationalError):
        return None
    text = str(error)
    for part, code in _CODES.items():
        if part in text:
            return Unavailable(Problem(code))
    return None


_CODES = {
    "no such table: stamp": "storage.not_prepared",
    "locked": "storage.busy",
    "busy": "storage.busy",
    "is full": "storage.disk_full",
    "disk I/O": "storage.unavailable",
    "unable to open": "storage.unavailable",
}
