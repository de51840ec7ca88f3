"""PostgreSQL may go away; what was saved stays, requests fail fast, and all is well when it returns."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa

from engine.kernel.actor import system_actor
from engine.kernel.errors import Unavailable
from engine.storage import Database
from engine.storage.system_tables import setting

ACTOR = system_actor("tests")
Command = Callable[[str], None]


@pytest.fixture
def database(postgresql_database_url: str) -> Iterator[Database]:
    found = Database(postgresql_database_url)
    yield found
    found.close()


@pytest.fixture
def command(postgresql_url: str) -> Iterator[Command]:
    """Runs a statement from outside."""
    engine = sa.create_engine(postgresql_url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    yield lambda text: engine.connect().exec_driver_sql(text).close()
    engine.dispose()


def kill_connections(command: Command, database: Database) -> None:
    with database.work(ACTOR, writes=False) as work:
        name = work.connection.exec_driver_sql("SELECT current_database()").scalar_one()
    command(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")


@pytest.mark.parametrize("writes", [True, False])
def test_connections_that_were_cut_while_idle_are_replaced_unnoticed(
    database: Database, command: Command, writes: bool
) -> None:
    with database.work(ACTOR), database.work(ACTOR), database.work(ACTOR, writes=False):
        pass
    kill_connections(command, database)

    for _ in range(3):
        with database.work(ACTOR, writes=writes) as work:
            work.connection.execute(sa.select(setting)).all()


def test_a_connection_that_is_cut_in_the_midst_undoes_the_work(database: Database, command: Command) -> None:
    work = database.work(ACTOR)
    work.__enter__()
    work.connection.execute(setting.insert().values(key="a", value=1))
    kill_connections(command, database)

    with pytest.raises(Unavailable) as caught:
        work.connection.execute(setting.insert().values(key="b", value=1))
    work.__exit__(Unavailable, caught.value, None)

    assert caught.value.problems[0].code == "storage.unavailable"
    with database.work(ACTOR, writes=False) as work:
        assert work.connection.execute(sa.select(setting)).all() == []


def test_a_cut_before_the_commit_is_told(database: Database, command: Command) -> None:
    with pytest.raises(Unavailable), database.work(ACTOR) as work:
        work.connection.execute(setting.insert().values(key="a", value=1))
        kill_connections(command, database)

    with database.work(ACTOR) as work:
        assert work.connection.execute(sa.select(setting)).all() == []


def test_a_server_that_refuses_is_unavailable_at_once_and_used_again_when_it_returns(
    database: Database, command: Command
) -> None:
    with database.work(ACTOR, writes=False) as work:
        name = work.connection.exec_driver_sql("SELECT current_database()").scalar_one()
    command(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
    try:
        command(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        start = time.monotonic()
        for writes in (True, False):
            with pytest.raises(Unavailable) as caught, database.work(ACTOR, writes=writes):
                pass
            assert caught.value.problems[0].code == "storage.unavailable"
        assert time.monotonic() - start < 3
    finally:
        command(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')

    with database.work(ACTOR) as work:
        work.touch("releases")


def test_a_server_that_is_not_there_is_unavailable() -> None:
    with pytest.raises(Unavailable), Database("postgresql://nobody@/nothing?host=/nowhere").work(ACTOR):
        pass


def test_waiting_for_a_lock_ends(database: Database) -> None:
    with database.work(ACTOR) as holder:
        holder.touch("releases")
        with pytest.raises(Unavailable) as caught, database.work(ACTOR) as work:
            work.connection.exec_driver_sql("SET LOCAL lock_timeout = '50ms'")
            work.touch("releases")

    assert caught.value.problems[0].code == "storage.busy"
