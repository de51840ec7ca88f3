"""A unit of work happens as a whole or not at all, on either database."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.kernel.actor import system_actor
from engine.kernel.changes import Change
from engine.kernel.errors import Invalid, Unavailable
from engine.kernel.ids import new_id
from engine.storage import Database, Work
from engine.storage.system_tables import setting

ACTOR = system_actor("tests")


def put(work: Work, key: str, value: object = 1) -> None:
    work.connection.execute(setting.insert().values(key=key, value=value))


def keys(database: Database) -> list[str]:
    with database.work(ACTOR, writes=False) as work:
        return sorted(work.connection.execute(sa.select(setting.c.key)).scalars())


def a_change(entity: str = "account") -> Change:
    return Change("crm", entity, new_id(), "created")


def test_a_work_that_ends_well_is_kept(database: Database) -> None:
    with database.work(ACTOR) as work:
        put(work, "a")

    assert keys(database) == ["a"]


def test_a_work_that_fails_leaves_nothing(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.work(ACTOR) as work:
        put(work, "a", 1 // 0)

    assert keys(database) == []


def test_tables_made_in_a_work_that_fails_are_gone(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.work(ACTOR) as work:
        _make_table_and_fail(work)

    with database.work(ACTOR, writes=False) as work:
        assert not sa.inspect(work.connection).has_table("e_new")


def _make_table_and_fail(work: Work) -> None:
    work.connection.exec_driver_sql("CREATE TABLE e_new (a INTEGER)")
    put(work, "a", 1 // 0)


def test_a_reading_work_can_not_write(database: Database) -> None:
    with pytest.raises(sa.exc.DBAPIError), database.work(ACTOR, writes=False) as work:
        put(work, "a")

    assert keys(database) == []


def test_a_savepoint_that_fails_takes_back_its_part_alone(database: Database) -> None:
    seen: list[Change] = []
    database.reactions = (lambda _work, changes: seen.extend(changes),)
    with database.work(ACTOR) as work:
        put(work, "a")
        work.add(a_change("kept"))
        with pytest.raises(ZeroDivisionError), work.savepoint():
            work.add(a_change("forgotten"))
            put(work, "b", 1 // 0)

    assert keys(database) == ["a"]
    assert [change.entity for change in seen] == ["kept"]


def test_reactions_are_told_in_order_until_nothing_new_happens(database: Database) -> None:
    told: list[tuple[str, str]] = []

    def first(work: Work, changes: Sequence[Change]) -> None:
        told.extend(("first", change.entity) for change in changes)
        if changes[0].entity == "account":
            work.add(a_change("contact"))

    def second(_work: Work, changes: Sequence[Change]) -> None:
        told.extend(("second", change.entity) for change in changes)

    database.reactions = (first, second)
    with database.work(ACTOR) as work:
        work.add(a_change("account"))

    assert told == [("first", "account"), ("second", "account"), ("first", "contact"), ("second", "contact")]


def test_reactions_without_end_are_stopped_and_nothing_is_kept(database: Database) -> None:
    database.reactions = (lambda work, _changes: work.add(a_change()),)

    with pytest.raises(Invalid) as caught, database.work(ACTOR) as work:
        put(work, "a")
        work.add(a_change())

    assert caught.value.problems[0].code == "storage.endless_reaction"
    assert keys(database) == []


def test_what_is_to_happen_after_the_commit_happens_only_then(database: Database) -> None:
    done: list[list[str]] = []
    with database.work(ACTOR) as work:
        put(work, "a")
        work.after_commit(lambda: done.append(keys(database)))
        assert done == []
    with pytest.raises(ZeroDivisionError), database.work(ACTOR) as work:
        work.after_commit(lambda: done.append([]))
        put(work, "b", 1 // 0)

    assert done == [["a"]]


def test_what_was_touched_is_seen_at_the_next_work(database: Database) -> None:
    with database.work(ACTOR) as work:
        before = work.stamp
        work.touch("accounts")

    with database.work(ACTOR, writes=False) as work:
        assert (work.stamp.accounts, work.stamp.releases) == (before.accounts + 1, before.releases)


def test_threads_that_write_take_turns(database: Database) -> None:
    with database.work(ACTOR) as work:
        put(work, "count", 0)
    row = setting.c.key == "count"

    def add() -> None:
        for _ in range(20):
            with database.work(ACTOR) as work:
                query = sa.select(setting.c.value).where(row).with_for_update()
                value = work.connection.execute(query).scalar_one()
                work.connection.execute(setting.update().where(row).values(value=value + 1))

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with database.work(ACTOR, writes=False) as work:
        assert work.connection.execute(sa.select(setting.c.value).where(row)).scalar_one() == 80


def test_several_processes_may_migrate_at_once(database_url: str, tmp_path: Path) -> None:
    url = database_url
    if url.startswith("sqlite"):
        url = f"sqlite:///{tmp_path / 'new.db'}"
    else:
        _drop_everything(url)
    code = "import sys\nfrom engine.storage import Database\nd = Database(sys.argv[1])\nd.migrate()\nd.close()"

    processes = [subprocess.Popen([sys.executable, "-c", code, url]) for _ in range(2)]
    codes = [process.wait(60) for process in processes]

    assert codes == [0, 0]
    with Database(url).work(ACTOR, writes=False) as work:
        assert work.stamp.releases == 0


def _drop_everything(url: str) -> None:
    database = Database(url)
    with database.work(ACTOR) as work:
        work.connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        work.connection.exec_driver_sql("CREATE SCHEMA public")
    database.close()


def test_a_database_without_tables_says_that_it_needs_them(database_url: str, tmp_path: Path) -> None:
    url = database_url
    if url.startswith("sqlite"):
        url = f"sqlite:///{tmp_path / 'new.db'}"
    else:
        url = sa.make_url(url).set(database="postgres").render_as_string(hide_password=False)

    with pytest.raises(Unavailable) as caught, Database(url).work(ACTOR, writes=False):
        pass

    assert caught.value.problems[0].code == "storage.not_prepared"
