"""SQLite has one writer in one process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from engine.kernel.actor import system_actor
from engine.kernel.errors import Unavailable
from engine.storage import Database

ACTOR = system_actor("tests")
_HOLD = """
import sys
from engine.kernel.actor import system_actor
from engine.storage import Database
with Database(sys.argv[1]).work(system_actor("other")):
    pass
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def url(tmp_path: Path) -> str:
    found = f"sqlite:///{tmp_path / 'formwork.db'}"
    database = Database(found)
    database.migrate()
    database.close()
    return found


def test_a_second_process_may_read_and_is_told_who_writes(url: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _HOLD, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        database = Database(url)

        with database.work(ACTOR, writes=False) as work:
            assert work.stamp.releases == 0
        with pytest.raises(Unavailable) as caught, database.work(ACTOR):
            pass

        assert caught.value.problems[0].code == "storage.locked_by_other"
        assert caught.value.problems[0].values == {"process": str(other.pid)}
        other.kill()
        other.wait(10)
        with database.work(ACTOR) as work:
            work.touch("releases")
        database.close()


def test_a_work_that_writes_inside_another_is_a_mistake_and_not_a_hang(url: str) -> None:
    database = Database(url)
    with database.work(ACTOR):
        inner = database.work(ACTOR)
        with pytest.raises(RuntimeError):
            inner.__enter__()
    database.close()


def test_the_settings_that_guard_the_data_are_on(url: str) -> None:
    database = Database(url)
    with database.work(ACTOR) as work:
        found = {
            name: work.connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    database.close()

    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
