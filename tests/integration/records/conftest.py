"""One published shop on each database for a whole run: tests make records of their own in it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from engine.storage import Database
from tests.conftest import _renamed, execute
from tests.factories.shop import Shop, open_shop


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def shop(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """The shop, with people in it and without records."""
    folder = tmp_path_factory.mktemp("shop")
    url, done = f"sqlite:///{folder / 'formwork.db'}", None
    if request.param == "postgresql":
        server: Any = request.getfixturevalue("postgresql_url")
        name = f"shop_{uuid.uuid4().hex[:8]}"
        execute(server, f'CREATE DATABASE "{name}"')
        url, done = _renamed(server, name), lambda: execute(server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    database = Database(url, data=folder)
    database.migrate()
    yield open_shop(database)
    database.close()
    if done is not None:
        done()


@pytest.fixture
def mark() -> str:
    """A word that no other test uses, to tell its records by."""
    return f"m{uuid.uuid4().hex[:10]}"
