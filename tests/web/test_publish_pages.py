"""Publishing and simulation by their addresses: who may, what is refused, what the pages say."""

from __future__ import annotations

import json

import pytest

from engine.kernel.messages import LANGUAGES
from tests.web.browser import Browser
from tests.web.test_pages import check

pytestmark = pytest.mark.parametrize("installed_url", ["sqlite"], indirect=True)

DESIGN = "/design/manufacturing"
FLOW = f"{DESIGN}/workflow/quotation_approval"
JSON = {"Accept": "application/json"}


def save(browser: Browser, path: str, change) -> None:
    form = browser.get(f"{path}?as=json").form(path)
    document = json.loads(dict(form["values"])["document"])
    change(document)
    assert browser.send(form, {"document": json.dumps(document)}).status == 303


def without_manager(flow: dict) -> None:
    del flow["states"]["manager"]
    flow["states"] = json.loads(json.dumps(flow["states"]).replace('"to": "manager"', '"to": "manager_big"'))
    flow["global"] = [{**move, "from": [name for name in move.get("from", ()) if name != "manager"]} for move in flow["global"]]
    flow.pop("examples", None)


def stricter(entity: dict) -> None:
    rule = {"key": "small", "check": "amount < 300000", "message": {"en": "Split it", "zh-CN": "请拆分报价"}}
    entity["rules"] = [*entity.get("rules", []), rule]


def post_json(browser: Browser, path: str, body: dict):
    answer = browser.client.post(path, json=body, headers={**browser.headers, **JSON, "X-CSRF-Token": browser.csrf})
    return answer.status_code, answer.get_json(silent=True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_review_asks_for_places_and_lists_records(app, language):
    designer = Browser(app, "designer", language=language)
    save(designer, FLOW, without_manager)
    save(designer, f"{DESIGN}/entity/quotation", stricter)

    review = designer.get(f"{DESIGN}/publish")
    check(review, language)
    assert 'name="place:state/quotation_approval/manager"' in review.text
    assert ("Split it" if language == "en" else "请拆分报价") in review.text
    records = designer.get(f"{DESIGN}/publish/records?release=draft&code=publishing.rule_broken&kind=entity&key=quotation&path=rules/small")
    assert records.status == 200
    assert "/a/manufacturing/quotation/" in records.text
    assert designer.get(f"{DESIGN}/publish/records?release=draft&code=nothing&kind=entity&key=quotation&path=").status == 404

    published = designer.send(review.form("/publish"), {"place:state/quotation_approval/manager": "manager_big", "note": "Two levels"})
    assert published.status == 303, published.text
    done = designer.get(published.location)
    check(done, language)
    assert "Two levels" in done.text
    assert 'href="/a/manufacturing/' in done.text
    check(designer.get(f"{DESIGN}/history"), language)
    changes = designer.get(f"{DESIGN}/history/2/changes")
    assert changes.status == 200
    assert ("Rule “Split it”: new" if language == "en" else "规则“请拆分报价”：新增") in changes.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_changed_meanwhile_is_shown_before_anything_is_published(app, language):
    one, two = Browser(app, "designer", language=language), Browser(app, "admin")
    save(one, f"{DESIGN}/entity/quotation", stricter)
    form = one.get(f"{DESIGN}/publish").form("/publish")
    save(two, f"{DESIGN}/entity/lead", lambda entity: entity.update(description={"en": "Somebody who may buy", "zh-CN": "潜在客户"}))

    refused = one.send(form, {"note": "Mine"})
    check(refused, language, 409)
    assert "Mine" in refused.text  # nothing typed is lost
    assert ("Somebody who may buy" if language == "en" else "潜在客户") in refused.text
    assert two.send(two.get(f"{DESIGN}/publish").form("/publish"), {}).status == 303
    check(one.send(refused.form("/publish"), {}), language, 409)


def test_one_document_is_brought_back_into_the_draft(app):
    designer = Browser(app, "designer")
    save(designer, f"{DESIGN}/entity/quotation", stricter)
    assert designer.send(designer.get(f"{DESIGN}/publish").form("/publish"), {}).status == 303
    assert designer.post(f"{DESIGN}/history/1/restore", {"kind": "entity", "key": "quotation"}).status == 303
    page = designer.get(f"{DESIGN}/publish")
    assert "Rule “Split it”: removed" in page.text
    assert designer.post(f"{DESIGN}/history/1/restore", {"kind": "entity", "key": "nothing"}).status == 404


def test_a_simulation_answers_programs_of_the_page_and_nobody_else(app):
    designer, sales = Browser(app, "designer"), Browser(app, "sales1")
    body = {"workflow": "quotation_approval", "values": {"amount": "620000"}, "turns": [{"do": "fire", "name": "submit"}]}
    status, told = post_json(designer, f"{DESIGN}/simulate", body)
    assert status == 200
    assert told["taken"]["states"] == ["draft", "route", "manager_big"]
    assert post_json(sales, f"{DESIGN}/simulate", body)[0] == 403
    assert post_json(designer, f"{DESIGN}/simulate", {"workflow": "nothing"})[0] == 404
    for bad in ({}, {"workflow": "quotation_approval", "turns": [1]}, {"workflow": "quotation_approval", "values": {"amount": "x"}}, {"workflow": "quotation_approval", "person": "x"}):
        assert post_json(designer, f"{DESIGN}/simulate", bad)[0] == 422
    status, many = post_json(designer, f"{DESIGN}/simulate-many", {"workflow": "quotation_approval"})
    assert status == 200
    assert many["done"] <= many["total"]
    assert all(item["path"] for item in many["items"])
    assert designer.client.get(f"{DESIGN}/simulate/quotation_approval/start", headers=JSON).get_json()["fields"]
    assert designer.client.get(f"{DESIGN}/simulate/quotation_approval/people?q=a", headers=JSON).get_json()["items"]
    check(designer.get(f"{DESIGN}/simulate/quotation_approval"), "en")
