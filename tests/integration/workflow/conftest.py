"""The worked example on both databases: prepared once, copied for each test."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa

from engine.storage import Database
from engine.storage.releases import Loaded
from tests.conftest import copy_database, execute
from tests.factories.quotations import APP, SYSTEM, Quotations


@dataclass(frozen=True)
class Prepared:
    """A database with the sales app and its people, to be copied."""

    place: str
    ids: dict[str, UUID]
    customer: UUID | None
    release: Loaded

    def world(self, database: Database) -> Quotations:
        database.releases.share(self.release)  # the same in every copy, and costly to build
        found = Quotations(database, ids=dict(self.ids), customer=self.customer)
        found.listen()
        return found


@pytest.fixture(scope="session")
def prepared_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    path = tmp_path_factory.mktemp("workflow") / "prepared.db"
    return _prepare(f"sqlite:///{path}", str(path))


@pytest.fixture(scope="session")
def prepared_postgresql(postgresql_url: str) -> Prepared:
    name = f"workflow_{uuid.uuid4().hex[:8]}"
    execute(postgresql_url, f'CREATE DATABASE "{name}"')
    return _prepare(_renamed(postgresql_url, name), name)


@pytest.fixture(params=["sqlite", "postgresql"])
def quotations(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Quotations]:
    """The sales app with its people, ready for quotations, in a database of its own."""
    if request.param == "sqlite":
        prepared: Prepared = request.getfixturevalue("prepared_sqlite")
        shutil.copy(prepared.place, tmp_path / "formwork.db")
        database = Database(f"sqlite:///{tmp_path / 'formwork.db'}", data=tmp_path)
        yield prepared.world(database)
        database.close()
        return
    prepared, server = request.getfixturevalue("prepared_postgresql"), request.getfixturevalue("postgresql_url")
    name = f"test_{uuid.uuid4().hex[:10]}"
    copy_database(server, prepared.place, name)
    database = Database(_renamed(server, name), data=tmp_path)
    yield prepared.world(database)
    database.close()
    execute(server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _prepare(url: str, place: str) -> Prepared:
    database = Database(url)
    database.migrate()
    world = Quotations(database).prepare()
    with database.work(SYSTEM, writes=False) as work:
        release = Loaded(work.model(APP), work.tables(APP))
    database.close()
    return Prepared(place, world.ids, world.customer, release)


def _renamed(url: str, name: str) -> str:
    return sa.make_url(url).set(database=name).render_as_string(hide_password=False)
