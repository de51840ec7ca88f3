"""The designer by browser: save, conflicts, check, publish, history, roll back, discard."""

from __future__ import annotations

import json
import re

import pytest

from engine.kernel.messages import LANGUAGES
from tests.web.browser import Browser
from tests.web.test_pages import check

pytestmark = pytest.mark.parametrize("installed_url", ["sqlite"], indirect=True)

DESIGN = "/design/manufacturing"
LEAD = f"{DESIGN}/entity/lead"


def editor(browser, path: str):
    """The form with the document's text, and the document."""
    form = browser.get(f"{path}?as=json").form(path)
    return form, json.loads(dict(form["values"])["document"])


def save(browser, path: str, change) -> object:
    form, document = editor(browser, path)
    change(document)
    return browser.send(form, {"document": json.dumps(document)})


def add_po(document) -> None:
    document["fields"].append({"key": "po", "uid": "9b2f4c51-64bb-4f36-9d0c-6f1a3b1f0c11", "type": "text", "label": {"en": "PO number", "zh-CN": "订单号"}})


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_change_is_saved_checked_published_and_rolled_back(app, language):
    designer, sales = Browser(app, "designer", language=language), Browser(app, "sales1")
    saved = save(designer, LEAD, add_po)
    assert saved.status == 303
    check(designer.get(saved.location), language)
    form, document = editor(designer, f"{DESIGN}/form/lead")
    document["tabs"][0]["sections"][0]["items"].append({"field": "po"})
    assert designer.send(form, {"document": json.dumps(document)}).status == 303
    assert "PO number" not in sales.get("/a/manufacturing/lead/new").text  # a draft shows nowhere

    for path in (DESIGN, f"{DESIGN}/publish", f"{DESIGN}/history?from=current&to=draft"):
        check(designer.get(path), language)
    assert "PO number" in designer.get(f"{DESIGN}/publish").text if language == "en" else "订单号" in designer.get(f"{DESIGN}/publish").text
    published = designer.send(designer.get(f"{DESIGN}/publish").form("/publish"), {"note": "For <them>"})
    assert published.status == 303, published.text
    check(designer.get(published.location), language)
    history = designer.get(f"{DESIGN}/history")
    check(history, language)
    assert "For &lt;them&gt;" in history.text
    assert "PO number" in sales.get("/a/manufacturing/lead/new").text

    back = designer.get(f"{DESIGN}/publish?release=1")
    check(back, language)
    assert designer.send(back.form("/publish"), {}).status == 303
    check(designer.get(f"{DESIGN}/history"), language)
    assert "PO number" not in sales.get("/a/manufacturing/lead/new").text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_field_is_added_by_the_plain_form(app, language):
    designer = Browser(app, "designer", language=language)
    form = designer.get(f"{LEAD}?as=json").form("/fields")
    for changes in ({"key": "Bad Key"}, {"key": "name"}, {"type": "nothing"}, {"label_zh": "", "label_en": ""}, {"options": "{"}, {"options": '{"surprise": 1}'}):
        refused = designer.send(form, {"key": "po", "type": "text", "label_zh": "订单号", "label_en": "PO number", **changes})
        check(refused, language, 422)
    assert designer.send(form, {"key": "po", "type": "text", "label_zh": "订单号", "label_en": "PO number"}).status == 303
    _, document = editor(designer, LEAD)
    assert document["fields"][-1]["key"] == "po"
    _, document = editor(designer, f"{DESIGN}/form/lead")
    assert {"field": "po"} in document["tabs"][0]["sections"][0]["items"]
    assert designer.post(f"{DESIGN}/publish", {"note": ""}).status == 303


@pytest.mark.parametrize("language", LANGUAGES)
def test_two_designers_see_each_others_text(app, language):
    one, two = Browser(app, "designer", language=language), Browser(app, "admin")
    mine, document = editor(one, LEAD)
    assert save(two, LEAD, add_po).status == 303
    document["description"] = "Mine"
    answer = one.send(mine, {"document": json.dumps(document)})
    check(answer, language, 409)
    assert "PO number" in answer.text
    kept = answer.form(LEAD)
    assert json.loads(dict(kept["values"])["document"])["description"] == "Mine"
    assert one.send(kept, {}).status == 303
    assert "po" not in [field["key"] for field in editor(two, LEAD)[1]["fields"]]


NO_DOCUMENT = [
    "", "{", "[]", '"x"', '{"kind": "entity"}', '{"kind": "entity", "kind": "entity"}', "NaN", '{"label": "\\ud83d"}', '{"a": 1e999}', "[" * 3000,
    '{"kind":"entity","key":"lead","uid":"x","schema":1,"label":"x","title":"x","fields":[],"surprise":1}',
]


@pytest.mark.parametrize("language", LANGUAGES)
def test_text_that_is_no_document_comes_back_with_what_is_wrong(app, language):
    designer = Browser(app, "designer", language=language)
    form, _ = editor(designer, LEAD)
    for text in NO_DOCUMENT:
        answer = designer.send(form, {"document": text})
        check(answer, language, 422)
        assert dict(answer.form(LEAD)["values"])["document"].strip() == text.strip()


@pytest.mark.parametrize("language", LANGUAGES)
def test_publishing_what_breaks_something_is_refused_with_the_reasons(app, language):
    designer = Browser(app, "designer", language=language)

    def drop(document) -> None:
        document["fields"] = [item for item in document["fields"] if item["key"] != "discount"]

    assert save(designer, f"{DESIGN}/entity/quotation", drop).status == 303
    page = designer.get(f"{DESIGN}/publish")
    check(page, language)
    assert ("Discount" if language == "en" else "折扣") in page.text
    answer = designer.post(f"{DESIGN}/publish", {"note": "x"})
    check(answer, language, 422)
    assert ("Discount" if language == "en" else "折扣") in answer.text
    assert designer.send(page.form("/discard"), {}).status == 303
    assert "discount" in [field["key"] for field in editor(designer, f"{DESIGN}/entity/quotation")[1]["fields"]]


def test_a_document_is_created_renamed_and_removed(app):
    designer = Browser(app, "designer")
    page = designer.get(f"{DESIGN}/new/view")
    form = next(form for form in page.forms if "document" in dict(form["values"]))
    document = json.loads(dict(form["values"])["document"])
    document.update(key="leads_extra", entity="lead", label={"en": "Extra", "zh-CN": "其他"}, columns=[{"field": "name"}])
    made = designer.send(form, {"document": json.dumps(document)})
    assert made.status == 303, made.text
    path = made.location.split("?")[0]
    assert path == f"{DESIGN}/view/leads_extra"
    renamed = save(designer, path, lambda document: document.update(key="leads_renamed"))
    assert renamed.location.startswith(f"{DESIGN}/view/leads_renamed")
    assert designer.get(path).status == 404
    remove = designer.get(f"{DESIGN}/view/leads_renamed" + "?as=json").form("/remove")
    assert designer.send(remove, {}).status == 303
    assert designer.get(f"{DESIGN}/view/leads_renamed").status == 404


def test_who_may_not_design_finds_nothing(app):
    for login in ("sales1", "gm"):
        person = Browser(app, login)
        assert DESIGN not in re.findall(r'href="([^"]+)"', person.get("/design").text)
        for path in (DESIGN, LEAD, f"{DESIGN}/publish", f"{DESIGN}/history", f"{DESIGN}/new/entity"):
            assert person.get(path).status in (403, 404), path
        for path in (LEAD, f"{LEAD}/remove", f"{LEAD}/fields", f"{DESIGN}/publish", f"{DESIGN}/discard", f"{DESIGN}/history/1/restore"):
            assert person.post(path, {"document": "{}"}).status in (403, 404, 422), path
    assert Browser(app, "designer").get(LEAD).status == 200
