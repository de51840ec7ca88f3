"""PostgreSQL through psycopg 3: small pools, and a bound on every wait."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import psycopg
import sqlalchemy as sa
from psycopg import errors

from engine.kernel.errors import Problem, Unavailable
from engine.storage.dialects import STAMP, Connections, Opened, Stamp, named, watch_failures

_POOL_WAIT = 5       # seconds for a free connection
_MIGRATION = 0x666F726D  # key of the advisory lock ("form")
_LIMITS = {
    "statement_timeout": "30s",
    "lock_timeout": "5s",
    "idle_in_transaction_session_timeout": "600s",
}
_NETWORK = {
    "connect_timeout": 5, "keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3,
    "tcp_user_timeout": 20_000, "application_name": "formwork",
}


class PostgresqlConnections(Connections):
    """The connections to one PostgreSQL database.

    Reading works run without a transaction block (two round trips less); each statement sees what is
    committed when it begins, as it would inside one at the default isolation.
    """

    name = "postgresql"

    def __init__(self, url: sa.URL, pool: int) -> None:
        url = url.set(drivername="postgresql+psycopg")
        reading = {**_LIMITS, "default_transaction_read_only": "on"}
        self._reading = _create_engine(url, pool, reading, isolation_level="AUTOCOMMIT")
        self._writing = _create_engine(url, pool, _LIMITS)

    def open(self, *, writes: bool) -> Opened:
        engine = self._writing if writes else self._reading
        try:
            return self._begin(engine, writes=writes)
        except Unavailable as error:
            if error.problems[0].code != "storage.unavailable":
                raise
            # The server may have restarted since the connection was last used: the pool has just
            # thrown it away, and a new one either works or says that the server is gone.
            return self._begin(engine, writes=writes)

    def release(self, opened: Opened) -> None:
        _close(opened.connection)

    def open_for_migration(self) -> sa.Connection:
        connection = _connect(self._writing)
        try:
            connection.exec_driver_sql("SET LOCAL lock_timeout = 0")
            connection.exec_driver_sql("SET LOCAL statement_timeout = '300s'")
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_MIGRATION})")
        except BaseException:
            _close(connection)
            raise
        return connection

    def end_migration(self, connection: sa.Connection) -> None:
        _close(connection)

    def run_apart(self, statements: Sequence[str]) -> None:
        connection = _connect(self._writing.execution_options(isolation_level="AUTOCOMMIT"))
        try:
            for statement in ("SET statement_timeout = 0", "SET lock_timeout = 0", *statements):
                connection.exec_driver_sql(statement)
        finally:
            connection.invalidate()  # the settings are not for others
            connection.close()

    def close(self) -> None:
        self._reading.dispose()
        self._writing.dispose()

    def _begin(self, engine: sa.Engine, *, writes: bool) -> Opened:
        while True:
            connection = _connect(engine)
            try:
                row = _read_stamp(connection)
                if connection.info.setdefault("releases", row[0]) == row[0]:
                    return Opened(connection, Stamp(row[0], row[1]), writes)
                # Its prepared statements are older than the last release: one whose column has been
                # widened would fail with "cached plan must not change result type".
                connection.invalidate()
            except psycopg.OperationalError as error:
                connection.invalidate()
                _close(connection)
                engine.dispose()  # what broke this connection broke the idle ones as well
                raise named(error, unavailable) from error
            except BaseException as error:
                _close(connection)
                raise named(error, unavailable) from error
            _close(connection)


def _read_stamp(connection: sa.Connection) -> tuple[int, int]:
    """Straight from the driver, in half of the time; psycopg begins the transaction with it."""
    driver = cast("psycopg.Connection[tuple[int, int]]", connection.connection.dbapi_connection)
    row = driver.execute(STAMP).fetchone()
    return row or (0, 0)


def _connect(engine: sa.Engine) -> sa.Connection:
    try:
        return engine.connect()
    except sa.exc.TimeoutError:
        raise Unavailable(Problem("storage.busy")) from None
    except sa.exc.DBAPIError as error:
        raise named(error, unavailable) from error


def _close(connection: sa.Connection) -> None:
    """Back to the pool, which undoes what is open; a lost connection has nothing to undo."""
    try:
        connection.close()
    except (Unavailable, sa.exc.DBAPIError):
        connection.invalidate()
        connection.close()


def _create_engine(url: sa.URL, pool: int, settings: dict[str, str], **more: Any) -> sa.Engine:
    options = " ".join(f"-c {name}={value}" for name, value in settings.items())
    engine = sa.create_engine(
        url, pool_size=pool, max_overflow=pool, pool_timeout=_POOL_WAIT, pool_recycle=1800, pool_use_lifo=True,
        connect_args={"options": options, **_NETWORK}, **more,
    )
    watch_failures(engine, unavailable)
    return engine


def unavailable(error: BaseException) -> Unavailable | None:
    """The Unavailable for an error of PostgreSQL, where trying again may help."""
    found = next((code for kinds, code in _CODES if isinstance(error, kinds)), None)
    if isinstance(error, errors.UndefinedTable) and '"stamp"' in str(error):
        found = "storage.not_prepared"
    elif isinstance(error, errors.FeatureNotSupported) and "cached plan" in str(error):
        found = "storage.changed_meanwhile"
    return Unavailable(Problem(found)) if found else None


_CODES: tuple[tuple[tuple[type[Exception], ...], str], ...] = (  # the special ones first
    ((errors.LockNotAvailable, errors.DeadlockDetected, errors.SerializationFailure), "storage.busy"),
    ((errors.QueryCanceled,), "storage.too_slow"),
    ((errors.DiskFull,), "storage.disk_full"),
    ((psycopg.OperationalError, psycopg.InterfaceError), "storage.unavailable"),
)
