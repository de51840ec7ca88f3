"""Every error of the engine has its answer, and every code that can be said has a sentence in both languages."""

from __future__ import annotations

import ast
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import pytest

from engine import system_actor
from engine.kernel.errors import EngineError, Problem, Unavailable
from engine.kernel.messages import LANGUAGES, catalogue, translate

ROOT = Path(__file__).resolve().parent.parent.parent
ROOMS = ("engine", "runtime", "designer")
CODE = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+")


def python_files() -> list[Path]:
    return [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py")) if "static" not in path.parts]


@cache
def trees() -> tuple[tuple[Path, ast.Module], ...]:
    return tuple((path, ast.parse(path.read_text(encoding="utf-8"))) for path in python_files())


# errors -----------------------------------------------------------------------------------------------


def kinds(base: type[EngineError] = EngineError) -> Iterator[type[EngineError]]:
    for kind in base.__subclasses__():
        yield kind
        yield from kinds(kind)


def every_kind() -> list[type[EngineError]]:
    import runtime.app
    import runtime.cli  # noqa: F401

    return list(dict.fromkeys(kinds()))


def test_every_error_of_the_engine_has_a_status():
    from runtime.shell.errors import status_of

    found = {kind.__name__: status_of(kind.__new__(kind)) for kind in every_kind()}
    assert {"Invalid", "NotFound", "Forbidden", "Conflict", "Unavailable"} <= set(found)
    assert all(400 <= status < 600 and status != 500 for status in found.values())


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    from runtime.app import create_app
    from runtime.settings import Settings

    found = create_app(Settings(data=tmp_path_factory.mktemp("errors")))
    found.engine.database.migrate()
    with found.engine.work(system_actor("test"), writes=True) as work:
        found.engine.accounts.create_user(work, "reader", "Reader", "correct horse battery", is_admin=True)

    def fail(kind: str):
        error = {each.__name__: each for each in every_kind()}.get(kind, ZeroDivisionError)
        raise error(Problem("record.not_found", {}, ("a", 1)))

    found.add_url_rule("/fail/<kind>", view_func=fail)
    found.add_url_rule("/api/v1/fail/<kind>", endpoint="fail_json", view_func=fail)
    yield found
    found.engine.close()


def signed_in(app, language: str = "en"):
    """A client with a session: strangers are sent to the login page instead."""
    client = app.test_client()
    answer = client.post("/api/v1/session", json={"username": "reader", "password": "correct horse battery"})
    assert answer.status_code == 200
    client.post("/preferences", data={"language": language, "csrf": answer.get_json()["csrf"]})
    return client


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_error_is_answered_as_problem_json_and_as_a_page(app, language):
    from runtime.shell.errors import status_of

    client = signed_in(app, language)
    headers = {"Accept-Language": language}
    for kind in every_kind():
        if not kind.__module__.startswith(("engine", "runtime", "designer")):
            continue
        expected = status_of(kind.__new__(kind))
        answer = client.get(f"/api/v1/fail/{kind.__name__}", headers=headers)
        assert answer.status_code == expected
        assert answer.content_type == "application/problem+json"
        sentence = translate("record.not_found", {}, language)
        assert answer.json["errors"] == [{"code": "record.not_found", "path": ["a", 1], "message": sentence}]
        assert answer.json["status"] == expected
        page = client.get(f"/fail/{kind.__name__}", headers=headers)
        assert page.status_code == expected
        assert page.mimetype == "text/html"
        assert sentence in page.get_data(as_text=True)
        assert ("Retry-After" in page.headers) == ("Retry-After" in answer.headers) == (expected == 503)


def test_a_bug_is_answered_with_a_number_and_nothing_else(app, caplog):
    client = signed_in(app)
    for path in ("/api/v1/fail/bug", "/fail/bug"):
        answer = client.get(path)
        text = answer.get_data(as_text=True)
        assert answer.status_code == 500
        number = re.search(r"[0-9a-f]{8}", text)
        assert number
        assert number[0] in caplog.text
        assert "Traceback" not in text
        assert "ZeroDivision" not in text


def test_a_database_that_goes_away_within_a_request_is_no_bug(app, monkeypatch):
    client = signed_in(app)
    connections = app.engine.database.connections
    opened = []

    def open(*, writes, real=connections.open):  # who asks is still found; the work itself can't be opened
        opened.append(writes)
        if len(opened) > 1:
            raise Unavailable(Problem("storage.unavailable"))
        return real(writes=writes)

    monkeypatch.setattr(connections, "open", open)
    for path in ("/account", "/api/v1/apps"):
        opened.clear()
        assert client.get(path).status_code == 503
        assert len(opened) == 2


# sentences --------------------------------------------------------------------------------------------


def speakers() -> dict[str, set[int]]:
    """Functions and classes that take a code, with the positions at which they take it.

    Whatever has a parameter or an annotated attribute named `code` counts, and `translate` with its kin.
    """
    found: dict[str, set[int]] = defaultdict(set)
    for _, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                names = [argument.arg for argument in (*node.args.posonlyargs, *node.args.args)]
                if "code" in names:
                    shift = 1 if names[0] in ("self", "cls") else 0
                    found[node.name].add(names.index("code") - shift)
            elif isinstance(node, ast.ClassDef):
                names = [item.target.id for item in node.body if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name)]
                if "code" in names:
                    found[node.name].add(names.index("code"))
    return found


def spoken() -> Iterator[SimpleNamespace]:
    """Codes that the Python code hands to those; an f-string becomes a pattern."""
    known = speakers()
    for path, tree in trees():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            given = [node.args[at] for at in known.get(name, ()) if at < len(node.args)]
            given += [item.value for item in node.keywords if item.arg == "code"]
            for value in given:
                for pattern in patterns(value):
                    yield SimpleNamespace(pattern=pattern, place=f"{path.relative_to(ROOT)}:{node.lineno}")


def patterns(value: ast.expr) -> list[str]:
    if isinstance(value, ast.Constant) and isinstance(value.value, str) and CODE.fullmatch(value.value):
        return [re.escape(value.value)]
    if isinstance(value, ast.JoinedStr):
        found = "".join(re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".+" for part in value.values)
        return [found] if re.match(r"[a-z_]+\\\.", found) else []
    if isinstance(value, ast.IfExp):
        return [*patterns(value.body), *patterns(value.orelse)]
    return []


IN_TEMPLATE = re.compile(r"""\bt\(\s*'([a-z0-9_.]+)'(\s*~)?""")
IN_SCRIPT = re.compile(r"""\bsay\(\s*'([a-z0-9_]+)'""")
IN_ISLAND = re.compile(r"""\bsay\(\s*'(designer\.[a-z0-9_.]*[a-z0-9_])'""")


def shown() -> Iterator[SimpleNamespace]:
    """Codes in templates and scripts; `t('job.' ~ status)` becomes a pattern."""
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.html")):
            for match in IN_TEMPLATE.finditer(path.read_text(encoding="utf-8")):
                pattern = re.escape(match[1]) + (".+" if match[2] else "")
                yield SimpleNamespace(pattern=pattern, place=str(path.relative_to(ROOT)))
        for path in sorted((ROOT / room).rglob("*.ts*")):
            text = path.read_text(encoding="utf-8")
            if room == "designer":  # islands say whole codes, or short ones under a prefix of their own
                found = [match[1] for match in IN_ISLAND.finditer(text)]
            else:
                found = [f"browser.{match[1]}" for match in IN_SCRIPT.finditer(text)]
            for code in found:
                yield SimpleNamespace(pattern=re.escape(code), place=str(path.relative_to(ROOT)))


@cache
def everything_asked_for() -> tuple[tuple[str, str], ...]:
    """Places and patterns; the sources are read once for both languages."""
    return tuple({(item.place, item.pattern) for item in (*spoken(), *shown())})


@pytest.mark.xdist_group("codes")  # the sources are read once for both
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_a_sentence(language):
    ends = {code[start:] for code in catalogue(language) for start in (0, *(found.end() for found in re.finditer(r"\.", code)))}
    asked = everything_asked_for()
    assert len(asked) > 600  # the search itself still finds something

    lines = "\n".join(ends)

    def is_there(pattern: str) -> bool:
        return re.search(f"(?m)^{pattern}$", lines) is not None if ".+" in pattern else pattern.replace("\\", "") in ends

    missing = sorted({f"{place}: {pattern}" for place, pattern in asked if not is_there(pattern)})
    assert missing == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_job_and_document_and_field_has_a_name(language):
    import engine
    from engine.definitions import KINDS
    from engine.fields import PALETTE
    from engine.jobs import KINDS as JOBS

    assert engine
    wanted = [f"job.kind_{kind.key.replace('.', '_')}" for kind in JOBS]
    wanted += [f"field_type.{kind.key}" for group in PALETTE for kind in group.types]
    wanted += [f"design.kind_{kind}" for kind in KINDS] + [f"design.kind_one_{kind}" for kind in KINDS]
    wanted += [f"http.{status}" for status in (400, 401, 403, 404, 405, 406, 408, 409, 411, 413, 414, 415, 416, 422, 429, 431, 500, 501, 503)]
    assert [code for code in wanted if code not in catalogue(language)] == []


def catalogues(language: str) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob(f"messages/{language}.json")):
            for code, sentence in json.loads(path.read_text(encoding="utf-8")).items():
                found[code].append((str(path.relative_to(ROOT)), sentence))
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_code_has_two_sentences(language):
    assert {code: places for code, places in catalogues(language).items() if len(places) > 1} == {}


def test_both_languages_say_the_same_codes_with_the_same_placeholders():
    english, chinese = (catalogues(language) for language in ("en", "zh-CN"))
    assert set(english) == set(chinese)

    def names(found):
        return set(re.findall(r"\{(\w+)\}", found[0][1]))

    assert [code for code in english if names(english[code]) != names(chinese[code])] == []
    assert [code for code in english if not english[code][0][1].strip() or not chinese[code][0][1].strip()] == []
