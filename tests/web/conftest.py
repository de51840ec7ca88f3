"""The web application on both databases, with the manufacturing pack in it, and clients of people."""

from __future__ import annotations

import copy
import shutil
import uuid
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa

from tests.conftest import copy_database, execute

PASSWORD = "correct horse battery"


def _install(url: str, data: Path, *, samples: bool = True) -> None:
    from engine import Engine, system_actor

    engine = Engine(url, data=data)
    engine.database.migrate()
    with engine.work(system_actor("install"), writes=True) as work:
        engine.accounts.create_user(work, "admin", "Administrator", PASSWORD, is_admin=True)
        engine.packs.install_pack(work, engine.packs.read_shelf("manufacturing"), language="en", samples=samples, people=True,
                                  password=lambda: PASSWORD)
    engine.close()


@pytest.fixture(scope="session")
def _installed_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("installed")
    _install(f"sqlite:///{folder / 'formwork.db'}", folder)
    return folder / "formwork.db"


@pytest.fixture(scope="session")
def _installed_postgresql(postgresql_url: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    name = f"installed_{uuid.uuid4().hex[:8]}"
    execute(postgresql_url, f'CREATE DATABASE "{name}"')
    _install(sa.make_url(postgresql_url).set(database=name).render_as_string(hide_password=False), tmp_path_factory.mktemp("pg"))
    return name


@pytest.fixture(params=["sqlite", "postgresql"])
def installed_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of this test's own with the pack and its samples installed."""
    if request.param == "sqlite":
        source = request.getfixturevalue("_installed_sqlite")
        shutil.copy(source, tmp_path / "formwork.db")
        yield f"sqlite:///{tmp_path / 'formwork.db'}"
        return
    template = request.getfixturevalue("_installed_postgresql")
    url = request.getfixturevalue("postgresql_url")
    name = f"web_{uuid.uuid4().hex[:8]}"
    copy_database(url, template, name)
    yield sa.make_url(url).set(database=name).render_as_string(hide_password=False)
    execute(url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@cache
def _routes_and_templates() -> Any:
    """An application without a database. Three hundred routes and as many templates take longer than most tests."""
    from runtime.app import create_app
    from runtime.settings import Settings

    return create_app(Settings(), engine=SimpleNamespace())


def serving(settings: Any) -> Any:
    """The application on a database; one after the other or side by side, each with an engine of its own."""
    from engine import Engine

    found = copy.copy(_routes_and_templates())
    found.settings, found.engine = settings, Engine(settings.url, data=settings.data, options=settings)
    return found


@pytest.fixture
def app(installed_url: str, tmp_path: Path) -> Iterator[object]:
    """The Flask application."""
    from runtime.settings import Settings

    found = serving(Settings(data=tmp_path, database_url=installed_url))
    yield found
    found.engine.close()


class Client:
    """A program with somebody's token."""

    def __init__(self, app, login: str) -> None:
        from engine import system_actor

        with app.engine.work(system_actor("test"), writes=True) as work:
            person = app.engine.accounts.find_user(work, login)
            _, token = app.engine.accounts.create_token(work, person.id, "test")
        self.id = str(person.id)
        self.client = app.test_client()
        self.headers = {"Authorization": f"Bearer {token}"}

    def call(self, method: str, path: str, body=None, **headers):
        given = {**self.headers, **headers}
        found = self.client.open(f"/api/v1{path}", method=method, json=body, headers=given) if body is not None else \
            self.client.open(f"/api/v1{path}", method=method, headers=given)
        return SimpleNamespace(status=found.status_code, json=found.get_json(silent=True), headers=found.headers, text=found.get_data(as_text=True))

    def get(self, path: str, **headers):
        return self.call("GET", path, **headers)

    def post(self, path: str, body, **headers):
        return self.call("POST", path, body, **headers)

    def patch(self, path: str, body, **headers):
        return self.call("PATCH", path, body, **headers)

    def raw(self, method: str, path: str, content: bytes, kind: str = "application/json"):
        found = self.client.open(f"/api/v1{path}", method=method, data=content, headers={**self.headers, "Content-Type": kind})
        return SimpleNamespace(status=found.status_code, json=found.get_json(silent=True), text=found.get_data(as_text=True))


@pytest.fixture
def as_person(app):
    """Clients by login."""
    known: dict[str, Client] = {}

    def found(login: str) -> Client:
        if login not in known:
            known[login] = Client(app, login)
        return known[login]

    return found
