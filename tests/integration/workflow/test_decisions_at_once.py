"""Guarantee R1: a decision takes effect exactly once, whoever else decides at that moment.

benchmarks/two_decisions.py runs the same scenarios thousands of times.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.storage import Database
from tests.factories.decisions_at_once import SCENARIOS, Arena

TRIALS = 10


@pytest.fixture(scope="module")
def sqlite_arena(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Arena]:
    folder = tmp_path_factory.mktemp("at_once")
    yield from _arena(f"sqlite:///{folder / 'formwork.db'}", folder)


@pytest.fixture(scope="module")
def postgresql_arena(postgresql_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Arena]:
    import uuid

    import sqlalchemy as sa

    name = f"at_once_{uuid.uuid4().hex[:8]}"
    engine = sa.create_engine(postgresql_url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.execute(sa.text(f'CREATE DATABASE "{name}"'))
    url = sa.make_url(postgresql_url).set(database=name).render_as_string(hide_password=False)
    yield from _arena(url, tmp_path_factory.mktemp("at_once"))
    with engine.connect() as connection:
        connection.execute(sa.text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    engine.dispose()


def _arena(url: str, folder: Path) -> Iterator[Arena]:
    database = Database(url, data=folder)
    database.migrate()
    yield Arena(database).prepare()
    database.close()


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_two_at_once_have_one_result(scenario: str, dialect: str, request: pytest.FixtureRequest) -> None:
    arena: Arena = request.getfixturevalue(f"{dialect}_arena")

    for _ in range(TRIALS):
        SCENARIOS[scenario](arena)
