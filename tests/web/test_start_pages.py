"""Pages on which new apps begin."""

from __future__ import annotations

import io
import json

import pytest

from engine.kernel.messages import LANGUAGES
from engine.packs import check_fit, fit_questions, list_packs
from tests.web.browser import Browser
from tests.web.test_pages import check

pytestmark = pytest.mark.parametrize("installed_url", ["sqlite"], indirect=True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_ways_to_begin_are_offered_to_administrators_alone(app, language):
    admin = Browser(app, "admin", language=language)
    for path in ("/design/new", "/design/new/check", "/design/new/table", "/design/new/welcome",
                 "/design/new/check?industry=retail&size=one&customers=once", "/design/new/check?industry=other&size=company&customers=project&pain=approvals"):
        check(admin.get(path), language)
    check(admin.get("/design/new/check?industry=x"), language, 422)
    assert admin.get("/design/new/pack/core?chosen=1&module=x").location == "/design/packs/shelf/core?chosen=1&module=x"
    assert "/design/new" in admin.get("/design").text
    designer = Browser(app, "designer")
    assert 'href="/design/new"' not in designer.get("/design").text
    for path in ("/design/new", "/design/new/check", "/design/new/table", "/design/new/welcome"):
        assert designer.get(path).status == 403


def test_an_empty_app_begins_with_a_name(app):
    admin = Browser(app, "admin")
    refused = admin.post("/design/new/empty", {"label_zh": " ", "label_en": ""})
    check(refused, "en", 422)
    made = admin.post("/design/new/empty", {"label_zh": "客户档案", "label_en": ""})
    assert (made.status, made.location) == (303, "/design/kehudangan")
    assert admin.get(made.location).status == 200
    assert admin.post("/design/new/empty", {"label_zh": "客户档案"}).location == "/design/kehudangan_2"


def test_the_fit_check_names_a_pack_a_spreadsheet_or_nothing(app):
    admin = Browser(app, "admin")
    for query, verdict in (("industry=retail&size=one&customers=once", "none"), ("industry=saas&size=one&customers=return&pain=renewals", "table"),
                           ("industry=clinic&size=team&customers=return&pain=renewals&pain=privacy", "pack")):
        assert f'data-verdict="{verdict}"' in admin.get(f"/design/new/check?{query}").text
    rules = fit_questions()
    shelf = {pack.key: {module.key for module in pack.modules} for pack in list_packs()}
    assert {item["pack"] for item in rules["industries"]} <= shelf.keys()
    for pain in rules["pains"]:
        for pack, modules in pain["modules"].items():
            assert set(modules) <= shelf[pack], (pain["key"], pack)
    verdicts = {check_fit(industry["key"], size["key"], customers["key"], pains).verdict
                for industry in rules["industries"] for size in rules["sizes"] for customers in rules["customers"] for pains in ((), ("approvals",), ("approvals", "money", "handover"))}
    assert verdicts == {"none", "table", "pack"}


def post(browser, path: str, **given):
    answer = browser.client.post(path, headers={"X-CSRF-Token": browser.csrf, "Accept": "application/json"}, **given)
    return answer.status_code, answer.get_json()


def test_a_table_is_looked_at_checked_and_made_an_app(app):
    admin = Browser(app, "admin")
    content = "名称,级别,金额\n" + "".join(f"客户{n},{'AB'[n % 2]},{n}\n" for n in range(30)) + "客户3,A,x\n"
    status, found = post(admin, "/design/new/table/read", data={"file": (io.BytesIO(content.encode()), "客户.csv")})
    assert (status, found["rows"], found["bad_count"]) == (200, 31, 1)
    columns = [{**column, "unique": column["label"] == "名称", "type": "text" if column["label"] == "金额" else column["type"]} for column in found["columns"]]
    status, checked = post(admin, "/design/new/table/check", json={"file": found["file"], "sheet": found["sheet"], "columns": columns})
    assert (status, checked["bad_count"], checked["double_count"]) == (200, 0, 1)
    status, made = post(admin, "/design/new/table/create", json={"file": found["file"], "sheet": found["sheet"], "columns": columns, "title": found["title"], "label": "名册", "name": "客户"})
    assert (status, made["app"], made["entity"]) == (201, "mingce", "kehu")
    for _ in range(20):
        if not app.engine.worker().run_once():
            break
    state = json.loads(admin.get(f"/design/new/job/{made['job']}").text)
    assert (state["status"], state["result"]["created"], state["result"]["refused"]) == ("done", 30, 1)
    assert state["result"]["lines"][0]["message"]
    assert admin.get("/a/mingce/kehu").status == 200
    assert admin.get("/a/mingce/kehu?view=kehu_board").status == 200
    assert admin.get("/a/mingce/kehu/new").status == 200
    assert post(Browser(app, "designer"), "/design/new/table/read", data={"file": (io.BytesIO(b"a\n1\n"), "x.csv")})[0] == 403
    assert post(admin, "/design/new/table/read")[0] == 422
