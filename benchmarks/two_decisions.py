"""Guarantee R1 by the thousand: two commands at the same moment, on SQLite and on PostgreSQL.

    python -m benchmarks.two_decisions [--trials 2000] [--only sqlite|postgresql]

Spreads the trials over all scenarios of tests/factories/decisions_at_once.py and prints what came of
them; the first trial with two results, none, or a doubled effect stops the run. PostgreSQL is the
server of FORMWORK_TEST_POSTGRESQL, or a throw-away cluster of the system's binaries.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

sys.path.insert(0, str(Path(__file__).parents[1]))

from engine.storage import Database
from tests.conftest import _start_system, _stop_system, _system_postgresql
from tests.factories.decisions_at_once import SCENARIOS, Arena


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trials", type=int, default=2000, help="per database, over all scenarios")
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    given = parser.parse_args()
    print(f"{'database':11} {'scenario':25} {'trials':>6} {'one result':>10} {'both':>5} {'other':>6}  ended in")
    for name, place in (("sqlite", _sqlite), ("postgresql", _postgresql)):
        if given.only in (None, name):
            with place() as url:
                _run(name, url, given.trials)


def _run(name: str, url: str, trials: int) -> None:
    folder = Path(tempfile.mkdtemp(prefix="two"))
    database = Database(url, data=folder)
    database.migrate()
    arena = Arena(database).prepare()
    started = time.perf_counter()
    done = 0
    share = -(-trials // len(SCENARIOS))
    for scenario, run in SCENARIOS.items():
        outcomes = [run(arena) for _ in range(min(share, trials - done))]
        done += len(outcomes)
        ends = Counter(outcome.state for outcome in outcomes)
        one = sum(outcome.successes == 1 for outcome in outcomes)
        both = sum(outcome.successes == 2 for outcome in outcomes)
        print(f"{name:11} {scenario:25} {len(outcomes):6} {one:10} {both:5} {len(outcomes) - one - both:6}  "
              + ", ".join(f"{state} {count}" for state, count in sorted(ends.items())), flush=True)
    print(f"{name:11} {'all':25} {done:6}   {time.perf_counter() - started:.0f} s; nothing lost, doubled or stuck", flush=True)
    database.close()
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _sqlite() -> Iterator[str]:
    folder = tempfile.mkdtemp(prefix="two")
    yield f"sqlite:///{folder}/formwork.db"
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _postgresql() -> Iterator[str]:
    given = os.environ.get("FORMWORK_TEST_POSTGRESQL")
    binaries, data = _system_postgresql(), Path(tempfile.mkdtemp(prefix="fwpg"))
    if not given and binaries is None:
        sys.exit("no PostgreSQL: set FORMWORK_TEST_POSTGRESQL or install the server")
    server = given or _start_system(binaries, data)
    name = f"two_{uuid.uuid4().hex[:8]}"
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    try:
        with engine.connect() as connection:
            connection.execute(sa.text(f'CREATE DATABASE "{name}"'))
        yield sa.make_url(server).set(database=name).render_as_string(hide_password=False)
        with engine.connect() as connection:
            connection.execute(sa.text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    finally:
        engine.dispose()
        if not given and binaries is not None:
            _stop_system(binaries, data)
            shutil.rmtree(data, ignore_errors=True)


if __name__ == "__main__":
    main()
