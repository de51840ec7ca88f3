"""A browser without scripts: keeps cookies, sends forms as they stand on the page, sees what people see."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from html.parser import HTMLParser
from typing import Any

from tests.web.conftest import PASSWORD

_SHOWN = {"title", "aria-label", "placeholder", "alt", "data-confirm", "data-busy-text", "data-label"}
_SILENT = {"script", "style", "textarea", "code", "pre"}


@dataclass
class Page:
    """An answer; its forms and texts are read when somebody asks for them."""

    status: int
    headers: Any
    text: str
    path: str = ""

    @property
    def forms(self) -> list[dict[str, Any]]:
        """The forms, each with its address and the values that it would send."""
        return [{**form, "action": form["action"] or self.path} for form in self._read.forms]

    @property
    def texts(self) -> list[str]:
        """What people see or hear."""
        return self._read.texts

    @cached_property
    def _read(self) -> _Reader:
        reader = _Reader()
        if self.headers.get("Content-Type", "").startswith("text/html"):
            reader.feed(self.text)
        return reader

    @property
    def location(self) -> str:
        """Where the answer sends the browser, by redirect or htmx."""
        return self.headers.get("Location") or self.headers.get("HX-Redirect") or ""

    def form(self, ending: str) -> dict[str, Any]:
        """The form whose address ends so."""
        found = [form for form in self.forms if form["action"].split("?")[0].endswith(ending)]
        assert found, f"no form to {ending}; there are {[form['action'] for form in self.forms]}"
        return found[0]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[dict[str, Any]] = []
        self.texts: list[str] = []
        self._open: dict[str, Any] | None = None
        self._select: str | None = None
        self._area: str | None = None
        self._silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.texts += [str(value) for name, value in given.items() if name in _SHOWN and value]
        if tag in _SILENT:
            self._silent.append(tag)
        if tag == "form":
            self._open = {"action": given.get("action") or "", "values": []}
            self.forms.append(self._open)
        if self._open is None:
            return
        name = given.get("name")
        values = self._open["values"]
        if tag == "input" and name and given.get("type") not in ("submit", "button", "file"):
            if given.get("type") not in ("checkbox", "radio") or "checked" in given:
                values.append((name, given.get("value") or ("on" if given.get("type") == "checkbox" else "")))
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in given:
            values.append((self._select, given.get("value") or ""))
        elif tag == "textarea" and name:
            self._area = name
            values.append((name, ""))

    def handle_endtag(self, tag: str) -> None:
        if self._silent and self._silent[-1] == tag:
            self._silent.pop()
        if tag == "form":
            self._open = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            self._area = None

    def handle_data(self, data: str) -> None:
        if self._area and self._open is not None:
            name, before = self._open["values"].pop()
            self._open["values"].append((name, before + data))
        elif not self._silent and data.strip():
            self.texts.append(data.strip())


class Browser:
    """A person's browser."""

    def __init__(self, app: Any, login: str | None = None, *, language: str = "en") -> None:
        self.client = app.test_client()
        self.headers = {"Accept-Language": language, "Accept": "text/html"}
        self.csrf = ""
        if login:
            page = self.get("/login")
            answer = self.post("/login", {"login": login, "password": PASSWORD, "csrf": _value(page, "csrf"), "next": "/"})
            assert answer.status == 302, answer.text
            self.csrf = _value(self.get("/account"), "csrf")
            if language == "zh-CN":
                self.post("/preferences", {"language": language})

    def get(self, path: str, **headers: str) -> Page:
        return self.open("GET", path, headers=headers)

    def post(self, path: str, data: Any = (), **headers: str) -> Page:
        """Post a form; the session's token goes along unless the data have one."""
        pairs = list(data.items()) if isinstance(data, dict) else list(data)
        if self.csrf and "csrf" not in dict(pairs):
            pairs.append(("csrf", self.csrf))
        return self.open("POST", path, data=_multi(pairs), headers=headers)

    def send(self, form: dict[str, Any], changes: dict[str, Any], to: str = "", **headers: str) -> Page:
        """Send a form of a page with some of its values changed (None takes a value out)."""
        pairs = [(name, value) for name, value in form["values"] if name not in changes]
        for name, value in changes.items():
            pairs += [(name, item) for item in (value if isinstance(value, list) else [value]) if item is not None]
        return self.post(to or form["action"], pairs, **headers)

    def open(self, method: str, path: str, *, headers: dict[str, str] | None = None, **given: Any) -> Page:
        sent = {**self.headers, **{name.replace("_", "-"): value for name, value in (headers or {}).items()}}
        answer = self.client.open(path, method=method, headers=sent, **given)
        return Page(answer.status_code, answer.headers, answer.get_data(as_text=True), path)


def _value(page: Page, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page.text)
    assert found, page.text[:500]
    return found[1]


def _multi(pairs: list[tuple[str, Any]]) -> dict[str, list[Any]]:
    """A form's order within each name is kept; werkzeug's client takes lists."""
    found: dict[str, list[Any]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found
