"""Packs by their addresses: the shelf, files, plans, installing under another name, samples, clones, saving."""

from __future__ import annotations

import io
import re
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
    scenario = deepcopy(small_pack.SCENARIO)
    if change is not None:
        scenario["steps"][0]["values"]["region"] = "south"
    files = {"pack.json": head, "people.json": small_pack.PEOPLE, "scenarios/approved.json": scenario}
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
def test_a_pack_is_saved_whole_or_in_part(app):
    admin = Browser(app, "admin")
    install(app, admin, a_pack())
    form = admin.get(f"{APP}/save").form("/save")
    saved = admin.client.post(f"{APP}/save", data={**dict(form["values"]), "act": "save", "version": "1.1.0"}, headers=admin.headers)
    assert (saved.status_code, saved.mimetype) == (200, "application/zip")
    with zipfile.ZipFile(io.BytesIO(saved.get_data())) as archive:
        assert {"pack.json", "app.json", "entities/quote.json"} <= set(archive.namelist())
    chosen = {**dict(form["values"]), "act": "look", "whole": "no", "only": "entity/account", "companions": "on", "samples": "choose", "records": "account"}
    look = admin.send(form, chosen)
    check(look, "en")
    assert look.text.count("note info") == 1, look.text[look.text.index("id=\"notes\""):][:600]  # personal data stays
    check(admin.send(form, {"act": "save", "whole": "no"}), "en", 422)


@on_sqlite
@pytest.mark.parametrize("language", LANGUAGES)
def test_samples_that_name_nobody_come_without_a_question_about_people(app, language):
    admin = Browser(app, "admin", language=language)
    with zipfile.ZipFile(io.BytesIO(a_pack())) as archive:
        files = {name: archive.read(name) for name in archive.namelist() if not name.startswith(("people", "records/", "scenarios/"))}
    files["records/010_account.json"] = canonical({"entity": "account", "records": [{"ref": "a1", "name": "Harbour Works"}]})
    plan = admin.get(upload(admin, zip_of(files)).location)
    check(plan, language)
    assert re.findall(r'name="people" value="(\w+)"( checked)?', plan.text) == [("samples", " checked"), ("none", "")]
    assert "packs-mapping" not in plan.text
    with_department = files | {"people.json": canonical({"departments": small_pack.PEOPLE["departments"][:1]})}
    assert 'name="departments:field"' in admin.get(upload(admin, zip_of(with_department)).location).text, "a department may have another's place here"
    install(app, admin, zip_of(files))
    assert "Harbour Works" in admin.get("/a/crm/account").text


@on_sqlite
def test_an_app_goes_when_its_key_was_typed_and_its_data_can_be_taken_along(app):
    admin = Browser(app, "admin")
    install(app, admin, a_pack())
    page = admin.get(f"{APP}/uninstall")
    check(page, "en")
    data = admin.client.post(f"{APP}/data.zip", data={"csrf": admin.csrf}, headers=admin.headers)
    with zipfile.ZipFile(io.BytesIO(data.get_data())) as archive:
        assert "data/account.csv" in archive.namelist()
    wrong = admin.send(page.form("/uninstall"), {"typed": "krm"})
    check(wrong, "en", 422)
    assert 'id="typed-problem"' in wrong.text
    gone = admin.send(page.form("/uninstall"), {"typed": "crm"})
    check(admin.get(gone.location), "en")
    assert admin.get("/design/crm").status == 404


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


def new_version(documents: dict[str, Any]) -> None:
    """A label and an option, a new required field, another name of a state."""
    account = documents["entity/account"]
    small_pack.field_of(documents, "account", "name")["label"] = {"en": "Company", "zh-CN": "公司"}
    level = small_pack.field_of(documents, "account", "level")
    level["options"]["options"] = [option for option in level["options"]["options"] if option["key"] != "gold"]
    account["fields"].append(small_pack.new_field("account", "region", required=True))
    documents["workflow/approval"]["states"]["waiting"]["label"] = {"en": "With the boss", "zh-CN": "主管审批"}


MIGRATIONS = [{"to": "2.0.0", "steps": [{"default": "entity/account", "field": "region", "value": '"north"'},
                                        {"option": "entity/account", "field": "level", "from": "gold", "to": "silver"}]}]


def change_here(admin: Browser) -> None:
    """The company's own words for what the next version changes too, and a field of its own; published."""
    headers = {**admin.headers, "X-CSRF-Token": admin.csrf, "Accept": "application/json"}
    document = admin.client.get("/api/v1/design/crm/entity/account", headers=headers).get_json()
    document = document.get("document", document)
    next(field for field in document["fields"] if field["key"] == "name")["label"] = {"en": "Firm", "zh-CN": "企业"}
    document["fields"].append(small_pack.new_field("account", "campaign"))
    assert admin.client.put("/api/v1/design/crm/entity/account", json=document, headers=headers).status_code == 200
    assert admin.client.post("/api/v1/design/crm/publish", json={"note": "ours"}, headers=headers).status_code == 200


@on_sqlite
def test_an_upgrade_is_looked_at_decided_tried_carried_out_and_taken_back(app):
    language = "zh-CN"
    admin = Browser(app, "admin", language=language)
    install(app, admin, a_pack())
    change_here(admin)
    address = upload(admin, a_pack("2.0.0", new_version, migrations=MIGRATIONS), f"{APP}/upgrade").location
    page = admin.get(address)
    check(page, language)
    form = page.form(address.rpartition("/")[2])
    assert [name for name, _ in form["values"] if name.startswith("c:")] == []
    conflicts = page.text.count("data-open")
    assert conflicts == 2
    check(admin.send(form, {"act": "apply"}), language, 422)

    everything = admin.send(form, {"act": "look", "show": "all"})
    check(everything, language)
    assert "region" in everything.text
    assert "campaign" in everything.text
    found = admin.send(everything.form(form["action"].rpartition("/")[2]), {"act": "look", "q": "region"})
    assert found.text.count('class="merge-item"') == 1

    mine = admin.send(form, {"act": "mine"})
    assert "data-open" not in mine.text
    decided = mine.form(form["action"].rpartition("/")[2])
    check(tried := admin.send(decided, {"act": "try"}), language)
    assert 'class="note ok"' in tried.text
    assert tried.text.count("region") == mine.text.count("region")
    with app.engine.work(small_pack_actor(), writes=False) as work:
        assert "region" not in work.model("crm").entities["account"].fields
    carry_out(app, admin, decided, language)


def carry_out(app, admin: Browser, decided: dict[str, Any], language: str) -> None:
    done = admin.send(decided, {"act": "apply", "note": "Spring"})
    assert done.status == 303, done.text
    check(admin.get(done.location), language)
    check(admin.get(APP), language)
    check(admin.get("/design/packs"), language)
    with app.engine.work(small_pack_actor(), writes=False) as work:
        fields = work.model("crm").entities["account"].fields
        assert {"region", "campaign"} <= fields.keys()
        assert fields["name"].label["en"] == "Firm"
    back = admin.send(admin.get(APP).form("/return"), {})
    check(back, language)
    check(admin.send(admin.get(done.location).forms[-1], {}, to=f"{APP}/return"), language, 409)
    with app.engine.work(small_pack_actor(), writes=False) as work:
        assert "region" not in work.model("crm").entities["account"].fields


def small_pack_actor():
    from engine import system_actor

    return system_actor("test")


@on_sqlite
def test_older_versions_are_refused_and_ticked_differences_are_carried_over_into_the_draft(app):
    admin = Browser(app, "admin")
    install(app, admin, a_pack())
    check(admin.get(f"{APP}/upgrade"), "en")
    check(upload(admin, b"PK no", f"{APP}/upgrade"), "en", 422)
    older = admin.get(upload(admin, a_pack("0.9.0"), f"{APP}/upgrade").location)
    check(older, "en")
    assert 'name="act" value="apply"' not in older.text
    compare = f"{APP}/compare"
    check(admin.get(compare), "en")
    address = upload(admin, a_pack("2.0.0", new_version), f"{compare}/file").location
    page = admin.get(address)
    check(page, "en")
    form = next(each for each in page.forms if any(name == "show" for name, _ in each["values"]))
    check(admin.send(form, {"act": "carry"}), "en", 422)
    ticks = re.findall(r'name="t" value="([^"]+)"', page.text)
    region = next(tick for tick in ticks if "region" in tick)
    narrowed = admin.send(form, {"act": "look", "q": "nothing like it", "t": region})
    assert f'type="hidden" name="t" value="{region}"' in narrowed.text
    carried = admin.send(form, {"act": "carry", "t": region})
    assert carried.status == 303, carried.text
    assert "carried=1" in carried.location
    check(admin.get(carried.location), "en")
    check(admin.get(f"{compare}?with=release:1"), "en")
    check(admin.get(f"{compare}?with=app:manufacturing"), "en")
    assert admin.get(f"{compare}?with=moon:1").status == 404
