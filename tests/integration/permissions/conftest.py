"""One published app for each kind of database, shared by the tests of permissions."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import pytest

from engine.storage import Database
from tests.conftest import _renamed, execute
from tests.integration.permissions.policy_world import Home


@pytest.fixture(scope="session")
def _sqlite_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('permissions') / 'formwork.db'}")
    database.migrate()
    yield Home(database)
    database.close()


@pytest.fixture(scope="session")
def _postgresql_home(postgresql_url: str) -> Iterator[Home]:
    name = f"permissions_{uuid4().hex[:8]}"
    execute(postgresql_url, f'CREATE DATABASE "{name}"')
    database = Database(_renamed(postgresql_url, name))
    database.migrate()
    yield Home(database)
    database.close()
    execute(postgresql_url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture(params=["sqlite", "postgresql"])
def home(request: pytest.FixtureRequest) -> Home:
    """A database with the app in it."""
    found: Home = request.getfixturevalue(f"_{request.param}_home")
    return found
