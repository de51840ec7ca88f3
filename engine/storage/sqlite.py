"""SQLite: many readers, and one writer in one process.

One writer, because deferred transactions of several writers fail with "database is locked" whatever
the timeout, and because SQLite 3.7.0 to 3.51.2, which most Pythons carry, can damage the file when two
connections write or checkpoint at the same moment (the WAL-reset bug).
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from engine.expressions import register
from engine.kernel.errors import Problem, Unavailable
from engine.storage.dialects import STAMP, Connections, Opened, Stamp, unavailable, watch_failures
from engine.storage.file_lock import FileLock
from engine.storage.grams import grams_text

READERS = 8
_WAIT = 10.0         # seconds for a turn to write, or for a free reader
_WAIT_PROCESS = 1.0  # seconds for another process to end
_WAIT_MIGRATION = 30.0
_READER_CACHE, _WRITER_CACHE = 1024, 4096  # KiB; every connection has its own page cache


class SqliteConnections(Connections):
    """The connections to one SQLite file."""

    name = "sqlite"

    def __init__(self, url: sa.URL) -> None:
        if not url.database or url.database == ":memory:":
            raise RuntimeError("SQLite needs a file: several connections share it")
        self._lock_file = FileLock(Path(f"{url.database}.lock"))
        self._reading = _create_engine(url, "BEGIN", _READER_CACHE, read_only=True)
        self._writing = _create_engine(url, "BEGIN IMMEDIATE", _WRITER_CACHE, read_only=False)
        self._idle: list[sa.Connection] = []
        self._free_readers = threading.BoundedSemaphore(READERS)
        self._turn = threading.Lock()
        self._writer: sa.Connection | None = None
        self._writing_thread: int | None = None

    def open(self, *, writes: bool) -> Opened:
        connection = self._take_writer(_WAIT_PROCESS) if writes else self._take_reader()
        try:
            row = connection.exec_driver_sql(STAMP).one()
        except BaseException:
            self._take_back(connection, writes=writes, is_sound=False)
            raise
        return Opened(connection, Stamp(row[0], row[1]), writes)

    def release(self, opened: Opened) -> None:
        self._take_back(opened.connection, writes=opened.writes, is_sound=True)

    def open_for_migration(self) -> sa.Connection:
        return self._take_writer(_WAIT_MIGRATION)

    def end_migration(self, connection: sa.Connection) -> None:
        self._take_back(connection, writes=True, is_sound=True)

    def run_apart(self, statements: Sequence[str]) -> None:
        connection = self._take_writer(_WAIT_PROCESS)
        try:
            for statement in statements:
                connection.exec_driver_sql(statement)
                connection.commit()
        finally:
            self._take_back(connection, writes=True, is_sound=True)

    def close(self) -> None:
        while self._idle:
            self._idle.pop().close()
        if self._writer is not None:
            self._writer.close()
            self._writer = None
        self._reading.dispose()
        self._writing.dispose()
        self._lock_file.release()

    def _take_reader(self) -> sa.Connection:
        if not self._free_readers.acquire(timeout=_WAIT):
            raise Unavailable(Problem("storage.busy"))
        try:
            return self._idle.pop() if self._idle else _connect(self._reading)
        except BaseException:
            self._free_readers.release()
            raise

    def _take_writer(self, wait: float) -> sa.Connection:
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

    def _take_back(self, connection: sa.Connection, *, writes: bool, is_sound: bool) -> None:
        try:
            if is_sound and not connection.invalidated:
                if connection.in_transaction():
                    connection.rollback()
                if not writes:
                    self._idle.append(connection)
            else:
                if writes:
                    self._writer = None
                connection.close()
        finally:
            if writes:
                self._writing_thread = None
                self._turn.release()
            else:
                self._free_readers.release()


def _connect(engine: sa.Engine) -> sa.Connection:
    try:
        return engine.connect()
    except sa.exc.DBAPIError as error:
        raise unavailable(error) or error from error


def _create_engine(url: sa.URL, begin: str, cache: int, *, read_only: bool) -> sa.Engine:
    engine = sa.create_engine(url, poolclass=sa.NullPool, connect_args={"check_same_thread": False, "timeout": 5.0})

    def prepare(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None  # Python would begin late, and commit before each DDL
        register(connection)  # what expressions ask of SQLite beyond its own means
        connection.create_function("formwork_grams", 1, grams_text, deterministic=True)
        for pragma in (
            "journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", f"cache_size = -{cache}",
            *(["query_only = ON"] if read_only else []),
        ):
            connection.execute(f"PRAGMA {pragma}").close()

    def begin_transaction(connection: sa.Connection) -> None:
        connection.exec_driver_sql(begin)

    sa.event.listen(engine, "connect", prepare)
    sa.event.listen(engine, "begin", begin_transaction)
    watch_failures(engine)
    return engine
