"""PostgreSQL is gone for ten seconds: requests say so at once, and all is well by itself when it is back.

The server is put behind a small relay, which can hang up and refuse, or fall silent; so the tests
work with any server, and harm none. Where PostgreSQL's own programs are there, one is really killed.
"""

from __future__ import annotations

import contextlib
import selectors
import shutil
import socket
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.conftest import _start_system, _stop_system, _system_postgresql, copy_database, execute
from tests.web.browser import Browser
from tests.web.conftest import Client, _install

AWAY = 10.0     # seconds
PATIENCE = 8.0  # seconds that a single request may take while the server is away
LEAD = "/manufacturing/lead"


class Relay:
    """Passes connections on to a server; `mode` is "open", "gone" (refuses, hangs up) or "silent" (passes nothing on)."""

    def __init__(self, target: sa.URL) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="fwrl"))
        self.port = target.port or 5432
        self._target = target
        self._mode = "open"
        self._pairs: dict[socket.socket, socket.socket] = {}
        self._lock = threading.Lock()
        self._ends = False
        self._listener = self._listen()
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def set(self, mode: str) -> None:
        with self._lock:
            self._mode = mode
            if mode == "gone":
                self._hang_up()

    def close(self) -> None:
        self._ends = True
        self._thread.join(5)
        with self._lock:
            self._hang_up()
        self._listener.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _listen(self) -> socket.socket:
        found = socket.socket(socket.AF_UNIX)
        found.bind(str(self.folder / f".s.PGSQL.{self.port}"))
        found.listen(64)
        found.settimeout(0)
        return found

    def _connect(self) -> socket.socket:
        host = self._target.host or str(self._target.query.get("host", ""))
        if host.startswith("/"):
            found = socket.socket(socket.AF_UNIX)
            found.connect(f"{host}/.s.PGSQL.{self.port}")
            return found
        return socket.create_connection((host, self.port))

    def _hang_up(self) -> None:
        for one in list(self._pairs):
            one.close()
        self._pairs.clear()

    def _work(self) -> None:
        while not self._ends:
            with self._lock:
                mode = self._mode
                if mode != "silent":
                    self._accept(mode)
                    self._pass_on()
            time.sleep(0.002)

    def _accept(self, mode: str) -> None:
        with contextlib.suppress(BlockingIOError):
            client, _ = self._listener.accept()
            if mode == "gone":
                client.close()
                return
            server = self._connect()
            self._pairs[client], self._pairs[server] = server, client

    def _pass_on(self) -> None:
        if not self._pairs:
            return
        with selectors.DefaultSelector() as selector:
            for one in self._pairs:
                selector.register(one, selectors.EVENT_READ)
            ready = [key.fileobj for key, _ in selector.select(0.005)]
        for one in ready:
            other = self._pairs.get(one)  # type: ignore[call-overload]
            if other is None:
                continue
            try:
                content = one.recv(65536)  # type: ignore[union-attr]
                if content:
                    other.settimeout(10)
                    other.sendall(content)
                    continue
            except OSError:
                pass
            for each in (one, other):
                self._pairs.pop(each, None)  # type: ignore[call-overload]
                each.close()  # type: ignore[union-attr]


@pytest.fixture
def relayed(postgresql_url: str, _installed_postgresql: str, tmp_path: Path) -> Iterator[tuple[object, Relay]]:
    """The application, on a database of its own behind a relay."""
    from runtime.app import create_app
    from runtime.settings import Settings

    name = f"away_{uuid.uuid4().hex[:8]}"
    copy_database(postgresql_url, _installed_postgresql, name)
    target = sa.make_url(postgresql_url)
    relay = Relay(target)
    url = target.set(database=name, host=None, port=None, query={**target.query, "host": str(relay.folder), "port": str(relay.port)})
    app = create_app(Settings(data=tmp_path, database_url=url.render_as_string(hide_password=False)))
    yield app, relay
    app.engine.close()
    relay.close()
    execute(postgresql_url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def timed(call):
    began = time.monotonic()
    answer = call()
    return answer, time.monotonic() - began


def test_gone_for_ten_seconds(relayed):
    app, relay = relayed
    sales, browser, chinese = Client(app, "sales1"), Browser(app, "sales1"), Browser(app, language="zh-CN")
    kept = [sales.post(LEAD, {"name": f"Before {number}", "company": "Kept"}).json["id"] for number in range(3)]

    def answers() -> list[tuple[str, object]]:
        return [
            ("read", sales.get(f"{LEAD}/{kept[0]}")), ("list", sales.get(LEAD)), ("write", sales.post(LEAD, {"name": "Lost", "company": "Lost"})),
            ("page", browser.get("/")), ("save", browser.post("/a/manufacturing/lead/new", {"name": "Lost", "company": "Lost"})),
        ]

    relay.set("gone")
    ends = time.monotonic() + AWAY
    rounds = 0
    with ThreadPoolExecutor(4) as pool:
        while time.monotonic() < ends:
            for found, seconds in pool.map(lambda _: timed(answers), range(4)):
                assert seconds < PATIENCE * 5
                for what, answer in found:
                    assert answer.status == 503, (what, answer.text)
                    assert int(answer.headers["Retry-After"]) > 0, what
                    assert ("json" in answer.headers["Content-Type"]) == (what in ("read", "list", "write")), what
                    assert "Traceback" not in answer.text
            rounds += 1
            time.sleep(0.5)
    assert rounds > 3
    assert chinese.get("/login").status == 200  # a page that asks nothing of the database
    wrong = chinese.send(chinese.get("/login").form("/login"), {"login": "sales1", "password": "x"})
    assert wrong.status == 503
    assert "数据库" in wrong.text

    relay.set("open")
    began = time.monotonic()
    while sales.get(f"{LEAD}/{kept[0]}").status != 200:
        assert time.monotonic() - began < 5
    assert [answer.status for _, answer in answers()] == [200, 200, 201, 200, 303]
    count = sales.get(f"{LEAD}?filter=company%20%3D%20%22Kept%22&count=exact").json["count"]
    assert count == len(kept)
    assert sales.get(f"{LEAD}?filter=company%20%3D%20%22Lost%22&count=exact").json["count"] == 2  # only what was acknowledged


def test_a_server_that_falls_silent_is_waited_for_and_used_again(relayed):
    app, relay = relayed
    sales = Client(app, "sales1")
    assert sales.get(LEAD).status == 200
    relay.set("silent")
    with ThreadPoolExecutor(6) as pool:
        waiting = [pool.submit(timed, lambda: sales.get(LEAD)) for _ in range(6)]
        writing = pool.submit(timed, lambda: sales.post(LEAD, {"name": "Slow", "company": "Silent"}))
        time.sleep(3)
        relay.set("open")
        for future in [*waiting, writing]:
            answer, seconds = future.result(timeout=20)
            assert answer.status in (200, 201, 503), answer.text
            assert seconds < 3 + PATIENCE
    assert sales.get(LEAD).status == 200
    stored = sales.get(f"{LEAD}?filter=company%20%3D%20%22Silent%22&count=exact").json["count"]
    assert stored == (1 if writing.result()[0].status == 201 else 0)


def test_the_worker_goes_on_when_the_server_is_back(relayed):
    app, relay = relayed
    from engine import system_actor

    stop = threading.Event()
    worker = threading.Thread(target=app.engine.run_worker, args=(stop,), daemon=True)
    worker.start()
    try:
        time.sleep(1)
        relay.set("gone")
        time.sleep(3)
        assert worker.is_alive()
        relay.set("open")
        with app.engine.work(system_actor("test"), writes=True) as work:
            job = app.engine.jobs.enqueue(work, "jobs.clean_up", {})
        ends = time.monotonic() + 30
        status = "waiting"
        while status != "done" and time.monotonic() < ends:
            time.sleep(0.2)
            with app.engine.work(system_actor("test"), writes=False) as work:
                status = app.engine.jobs.get_job(work, job).status
        assert status == "done"
        assert worker.is_alive()
    finally:
        stop.set()
        worker.join(15)
    assert not worker.is_alive()


def test_a_server_that_is_killed_keeps_what_was_acknowledged(tmp_path):
    binaries = _system_postgresql()
    if binaries is None:
        pytest.skip("needs PostgreSQL's own programs")
    from runtime.app import create_app
    from runtime.settings import Settings

    cluster = Path(tempfile.mkdtemp(prefix="fwpg"))
    url = _start_system(binaries, cluster, settings="")
    try:
        _install(url, tmp_path, samples=False)
        app = create_app(Settings(data=tmp_path, database_url=url))
        sales = Client(app, "sales1")
        acknowledged = 0
        ends = threading.Event()

        def write() -> None:
            nonlocal acknowledged
            while not ends.is_set():
                answer, seconds = timed(lambda: sales.post(LEAD, {"name": "Kept", "company": "Kept"}))
                assert answer.status in (201, 503), answer.text
                assert seconds < PATIENCE
                acknowledged += answer.status == 201

        with ThreadPoolExecutor(1) as pool:
            writing = pool.submit(write)
            for _ in range(2):
                time.sleep(1)
                _stop_system(binaries, cluster)  # immediately, as by a loss of power
                assert sales.get(LEAD).status == 503
                time.sleep(0.5)
                _start_system(binaries, cluster, settings="")
                time.sleep(0.5)
            ends.set()
            writing.result(timeout=20)
        assert acknowledged > 4
        count = sales.get(f"{LEAD}?filter=company%20%3D%20%22Kept%22&count=exact").json["count"]
        assert acknowledged <= count <= acknowledged + 2  # the answer to a stored one may have been lost, once a stop
        app.engine.close()
    finally:
        _stop_system(binaries, cluster)
        shutil.rmtree(cluster, ignore_errors=True)
