"""A real server started as README says, and a real browser."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update",
             "--disable-sync", "--disable-quic"]

SLOW = 90_000
"""Milliseconds that an installation may take on a busy machine."""

BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A file's tests go to one worker: they share a browser, and mostly a server."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group(f"browser {item.path.stem}"))


def missing(reason: str) -> None:
    """Skip, or fail where the run promises to have everything."""
    if os.environ.get("FORMWORK_REQUIRE_ALL"):
        pytest.fail(reason)
    pytest.skip(reason)


@dataclass
class Server:
    """A running `formwork up`."""

    address: str
    passwords: dict[str, str]
    language: str
    data: Path
    process: subprocess.Popen | None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(language: str, data: Path, *options: str, **environment: str) -> Server:
    port = free_port()
    command = [str(Path(sys.executable).parent / "formwork"), "up", "--lang", language, "--data", str(data), "--port", str(port), "--no-browser", *options]
    log = (data.parent / f"{data.name}.log").open("w+")
    around = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}  # as people's machines do
    process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, env={**around, **environment}, text=True)
    address = f"http://127.0.0.1:{port}"
    for _ in range(1200):
        try:
            with urllib.request.urlopen(f"{address}/login", timeout=5):
                break
        except (urllib.error.URLError, OSError):
            if process.poll() is not None:
                break
            time.sleep(0.1)
    log.flush()
    text = Path(log.name).read_text()
    if process.poll() is not None or "formwork" not in text.lower():
        pytest.fail(f"the server did not start:\n{text}")
    found = dict(re.findall(r"^  (\w+) +([0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4})", text, re.MULTILINE))
    return Server(address, found, language, data, process)


def stop(found: Server) -> None:
    found.process.terminate()
    found.process.wait(20)


class Servers:
    """Servers of this run: the first start of each language is made once and copied after that."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._first: dict[str, Server] = {}
        self._shared: dict[str, Server] = {}
        self._copies = 0

    def fresh(self, language: str) -> Server:
        """As it is right after the first start, and nobody else's."""
        first = self._started_once(language)
        self._copies += 1
        data = self.folder / f"copy-{self._copies}"
        shutil.copytree(first.data, data)
        found = start(language, data)
        found.passwords.update(first.passwords)
        return found

    def _started_once(self, language: str) -> Server:
        """The first start, made by whichever worker needs it first; the others find it beside their own folders."""
        if language in self._first:
            return self._first[language]
        # Beside xdist's workers' folders; without workers, beside this run's only one.
        shared = self.folder.parent.parent if os.environ.get("PYTEST_XDIST_WORKER") else self.folder
        data, ready, claim = shared / f"first-{language}", shared / f"first-{language}.json", shared / f"first-{language}.claim"
        try:
            claim.mkdir()
        except FileExistsError:
            for _ in range(1200):
                if ready.exists():
                    break
                time.sleep(0.1)
            self._first[language] = Server("", json.loads(ready.read_text()), language, data, None)
            return self._first[language]
        found = start(language, data)
        stop(found)
        (shared / f"first-{language}.new").write_text(json.dumps(found.passwords))
        (shared / f"first-{language}.new").rename(ready)
        self._first[language] = found
        return found

    def shared(self, language: str) -> Server:
        """For tests that leave definitions alone and mind no records of others."""
        if language not in self._shared:
            self._shared[language] = self.fresh(language)
        return self._shared[language]

    def stop(self) -> None:
        for found in self._shared.values():
            stop(found)


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    found = Servers(tmp_path_factory.mktemp("servers"))
    yield found
    found.stop()


@pytest.fixture(params=["zh-CN", "en"])
def server(request: pytest.FixtureRequest, servers: Servers) -> Iterator[Server]:
    """`formwork up`, once per language; a test marked `own_server` has one to itself."""
    if request.node.get_closest_marker("own_server") is None:
        yield servers.shared(request.param)
        return
    found = servers.fresh(request.param)
    yield found
    stop(found)


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    """Chromium: the system's, or Playwright's own. The headless shell draws no toolbars, which saves a third of the time."""
    from playwright.sync_api import Error, expect, sync_playwright

    expect.set_options(timeout=20_000)  # a busy machine is slow, not wrong

    path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    with sync_playwright() as playwright:
        try:
            found = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        except Error:
            missing("no Chromium: neither on the system nor Playwright's own (playwright install chromium)")
            raise
        yield found
        found.close()


WATCH = """document.addEventListener('securitypolicyviolation', event => { (window.violations ||= []).push(event.violatedDirective + ' ' + event.blockedURI) })"""


def sign_in_unseen(context, server: Server, login: str) -> None:
    """Without drawing the two pages that this takes; it is done by hand where that is what is looked at."""
    address = f"{server.address}/login"
    csrf = re.search(r'name="csrf" value="([^"]+)"', context.request.get(address).text())
    assert csrf, "the login page has a token"
    answer = context.request.post(address, form={"login": login, "password": server.passwords[login], "csrf": csrf[1]}, max_redirects=0)
    assert answer.status == 302, f"{login} can't sign in: {answer.status}"


class Person:
    """Somebody at a browser of their own, signed in."""

    def __init__(self, browser, server: Server, login: str, *, width: int = 1280, height: int = 900, theme: str = "light",
                 by_hand: bool = False) -> None:
        self.server = server
        self.context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=theme, locale=server.language,
                                           has_touch=width < 600, is_mobile=width < 600)
        self.context.add_init_script(WATCH)
        self.page = self.context.new_page()
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        if by_hand:
            self._sign_in_by_hand(login, server.passwords[login])
        else:
            sign_in_unseen(self.context, server, login)

    def _sign_in_by_hand(self, login: str, password: str) -> None:
        self.page.goto(f"{self.server.address}/login")
        self.page.fill("#login", login)
        self.page.fill("#password", password)
        self.page.click("main button.primary")
        self.page.wait_for_url(lambda url: not url.endswith("/login"))

    def go(self, path: str) -> None:
        self.page.goto(self.server.address + path)

    def check_policy(self) -> None:
        """No violation of the content security policy, no script error so far."""
        assert self.page.evaluate("window.violations || []") == []
        assert self.errors == []

    def close(self) -> None:
        self.context.close()


@pytest.fixture
def sign_in(browser, server):
    """Opens browsers for people; closes them afterwards."""
    people: list[Person] = []

    def open_browser(login: str, **options: object) -> Person:
        found = Person(browser, server, login, **options)
        people.append(found)
        return found

    yield open_browser
    for found in people:
        found.close()
