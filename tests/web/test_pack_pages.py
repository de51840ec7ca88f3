"""Packs by their addresses: the shelf, files, plans, installing under another name, samples, clones, saving."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from engine.kernel.json import canonical
from engine.kernel.messages import LANGUAGES
from engine.packs import zip_of
from tests.factories import small_pack
from tests.web.browser import Browser, Page
from tests.web.test_pages import check

on_sqlite = pytest.mark.parametrize("installed_url", ["sqlite"], indirect=True)

APP = "/design/crm/pack"
FOLDERS = {"entity": "entities", "form": "forms", "view": "views", "workflow": "workflows", "role": "roles"}


def run_jobs(app) -> None:
    for _ in range(20):
        if not app.engine.worker().run_once():
            return


def a_pack(version: str = "1.0.0", change: Callable[[dict[str, Any]], object] | None = None, **manifest: Any) -> bytes:
    """The small pack as a file."""
    found = deepcopy(small_pack.documents())
    if change is not None:
        change(found)
    head = {"format": 1, "uid": small_pack.PACK_UID, "key": "crm", "version": version, "label": {"en": "Small", "zh-CN": "小应用"},
            "languages": list(LANGUAGES), "requires": {"formwork": ">=0.1"}, **manifest}
    files = {"pack.json": head, "people.json": small_pack.PEOPLE, "scenarios/approved.json": small_pack.SCENARIO}
    files |= {f"records/{name}.json": content for name, content in small_pack.RECORDS.items()}
    files |= {"app.json" if each["kind"] == "app" else f"{FOLDERS[each['kind']]}/{each['key']}.json": each for each in found.values()}
    return zip_of({name: canonical(content) for name, content in files.items()})


def upload(browser: Browser, content: bytes, path: str = "/design/packs/upload") -> Page:
    given = {"csrf": browser.csrf, "file": (io.BytesIO(content), "small.zip")}
    return browser.open("POST", path, data=given, headers={})


def install(app, admin: Browser, content: bytes, **choices: Any) -> str:
    """A pack from its file to the finished app; the address of the page that waits."""
    plan = admin.get(upload(admin, content).location)
    answer = admin.send(plan.forms[-1] if plan.forms[-1]["values"] else plan.forms[-2], choices)
    assert answer.status == 303, answer.text
    run_jobs(app)
    return answer.location


@on_sqlite
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_pack_is_looked_at_installed_twice_cloned_saved_and_its_samples_removed(app, language):
    admin = Browser(app, "admin", language=language)
    check(admin.get("/design/packs"), language)
    refused = upload(admin, b"no zip at all")
    check(refused, language, 422)
    assert 'id="file-problem"' in refused.text

    plan = admin.get(upload(admin, a_pack()).location)
    check(plan, language)
    form = next(form for form in plan.forms if "/packs/file/" in form["action"])
    for wrong, field in (({"key": "manufacturing"}, "key"), ({"key": "Not a key"}, "key"), ({"label_en": "", "label_zh-CN": ""}, f"label_{language}")):
        answer = admin.send(form, wrong)
        assert answer.status in (409, 422)
        assert f'id="{field}-problem"' in answer.text, answer.text
    whose = admin.send(form, {"people": "own"})
    check(whose, language, 422)
    assert 'href="#users:su"' in whose.text

    answer = admin.send(form, {"people": "own", "users:su": "sales1", "users:bo": "gm"})
    run_jobs(app)
    check(admin.get(answer.location), language)
    assert 'href="/design/crm"' in admin.get(answer.location).text
    again = admin.get(form["action"])
    assert dict(next(each for each in again.forms if each["action"] == form["action"])["values"])["key"] == "crm_2"

    check(admin.get(APP), language)
    home = admin.get("/")
    assert f'href="{APP}/samples"' in home.text
    check(home, language)
    check(admin.get(f"{APP}/clone"), language)
    clone = admin.get(f"{APP}/clone").form("/clone")
    assert admin.send(clone, {"key": "crm"}).status == 409
    made = admin.send(clone, {})
    assert made.location.startswith("/design/crm_2/pack")
    check(admin.get(made.location), language)

    page = admin.get(f"{APP}/samples")
    check(page, language)
    check(admin.send(page.form("/samples"), {}), language)
    assert f'href="{APP}/samples"' not in admin.get("/").text
    check(admin.get(f"{APP}/samples"), language)
    check(admin.get(f"{APP}/save"), language)


@on_sqlite
def test_a_pack_is_saved_whole(app):
    admin = Browser(app, "admin")
    install(app, admin, a_pack())
    form = admin.get(f"{APP}/save").form("/save")
    saved = admin.client.post(f"{APP}/save", data={**dict(form["values"]), "act": "save", "version": "1.1.0"}, headers=admin.headers)
    assert (saved.status_code, saved.mimetype) == (200, "application/zip")
    with zipfile.ZipFile(io.BytesIO(saved.get_data())) as archive:
        assert {"pack.json", "app.json", "entities/quote.json"} <= set(archive.namelist())


@on_sqlite
def test_only_administrators_install_and_take_away(app):
    designer = Browser(app, "designer")
    for path in ("/design/packs", "/design/packs/shelf/retail", "/design/manufacturing/pack/clone", "/design/manufacturing/pack/samples"):
        assert designer.get(path).status == 403, path
    assert designer.get("/design/manufacturing/pack").status == 200
    assert Browser(app, "admin").get("/design/packs/shelf/nothing").status == 404
    assert Browser(app, "admin").get("/design/packs/cupboard/x").status == 404


def test_an_installation_without_apps_begins_with_an_industry(tmp_path):
    from engine import Engine, system_actor
    from runtime.app import create_app
    from runtime.settings import Settings
    from tests.web.conftest import PASSWORD

    engine = Engine(f"sqlite:///{tmp_path / 'formwork.db'}", data=tmp_path)
    engine.database.migrate()
    with engine.work(system_actor("install"), writes=True) as work:
        engine.accounts.create_user(work, "admin", "Administrator", PASSWORD, is_admin=True)
    app = create_app(Settings(data=tmp_path), engine=engine)
    admin = Browser(app, "admin")
    assert admin.get("/").location == "/design/new/welcome"
    page = admin.get("/design/new/welcome")
    check(page, "en")
    form = page.form("/welcome")
    assert admin.send(form, {"pack": None}).status == 422
    assert admin.send(form, {"pack": "core", "language": "fr"}).status == 422
    answer = admin.send(form, {"pack": "core", "language": "zh-CN"})
    assert "first=1" in answer.location
    check(admin.get(answer.location), "zh-CN")
    engine.close()
