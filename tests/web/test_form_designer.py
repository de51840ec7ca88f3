"""The form designer's page and its addresses: what the canvas is drawn from, who uses what, blocks, spelling."""

from __future__ import annotations

import pytest

from tests.web.browser import Browser

pytestmark = pytest.mark.parametrize("installed_url", ["sqlite"], indirect=True)

DESIGN = "/design/manufacturing"


@pytest.fixture
def designer(app):
    return Browser(app, "designer")


def ask(browser: Browser, path: str, given: object = None, status: int = 200):
    """JSON of an address, as the islands ask for it."""
    headers = {"Accept": "application/json", "X-CSRF-Token": browser.csrf}
    answer = browser.client.open(f"{DESIGN}/{path}", method="GET" if given is None else "POST", json=given, headers=headers)
    assert answer.status_code == status, answer.text
    return answer.json


def test_the_page_brings_every_item_drawn(designer):
    page = designer.get(f"{DESIGN}/form/quotation")
    assert page.status == 200
    assert "designer-boot" in page.text
    assert "fw-combobox" in page.text, "the work pages' own parts"
    assert designer.get(f"{DESIGN}/form/no_such_form").status == 404
    assert designer.get(f"{DESIGN}/form/quotation?as=json").status == 200


def test_items_are_drawn_from_the_draft_as_it_stands_on_the_page(designer):
    documents = {(item["document"]["kind"], item["document"]["key"]): item["document"] for item in ask(designer, "draft")["documents"]}
    entity = documents["entity", "quotation"]
    new = {"key": "grade", "uid": "01920000-0000-7000-8000-000000000001", "type": "choice", "label": "Grade", "required": True,
           "options": {"options": [{"key": "a", "label": "First"}, {"key": "b", "label": "Second"}]}}
    unsaved = {**entity, "fields": [*entity["fields"], new]}
    items = [{"field": "grade"}, {"field": "amount"}, {"rows": "lines", "fields": ["product", "quantity"]}, {"field": "nothing"}, {"text": "A note"}]
    grade, amount, lines, nothing, note = ask(designer, "widgets", {"entity": "quotation", "documents": [unsaved], "items": items})["widgets"]
    assert "First" in grade["html"]
    assert grade["is_group"], "two short options that must be chosen from stand side by side, as at work"
    assert amount["is_computed"]
    assert "<output" in amount["html"]
    assert lines["is_wide"]
    assert "<table" in lines["html"]
    assert (nothing, note) == (None, None)


@pytest.mark.parametrize("given", [{}, {"items": "x", "entity": "quotation"}, {"items": [1], "entity": "quotation"}, {"items": [], "entity": 3}, {"items": [{}] * 2001, "entity": "quotation"}])
def test_what_is_no_list_of_items_is_refused(designer, given):
    assert ask(designer, "widgets", given, 422)["errors"]


def test_an_unfinished_entity_is_drawn_as_far_as_it_goes(designer):
    broken = {"kind": "entity", "key": "quotation", "uid": "x", "fields": 3}
    answer = ask(designer, "widgets", {"entity": "quotation", "documents": [broken], "items": [{"field": "subject"}]})
    assert answer == {"widgets": [None]}


def test_who_uses_a_field_is_told_for_all_at_once(designer):
    uses = ask(designer, "uses")["uses"]
    amount = {(use["kind"], use["key"]) for use in uses if use["target"] == ["field", "quotation", "amount"]}
    assert {"form", "view", "workflow", "entity"} <= {kind for kind, _ in amount}


def test_blocks_come_with_words_to_find_them_by(designer):
    blocks = {block["key"]: block for block in ask(designer, "blocks?offers=fields")["blocks"]}
    assert {"address", "contact", "price"} <= set(blocks)
    assert "dizhi" in blocks["address"]["spelled"]
    assert [field["key"] for field in blocks["address"]["fields"]] == ["region", "address", "phone", "website"]
    assert {block["offers"] for block in ask(designer, "blocks")["blocks"]} >= {"fields", "form", "entity", "view", "workflow"}


def test_new_words_are_spelled_for_keys(designer):
    assert ask(designer, "spell", {"texts": ["信用额度", "Limit"]}) == {"spelled": {"信用额度": "xinyongedu xyed", "Limit": ""}}
    assert ask(designer, "spell", {"texts": [3]}, 422)["errors"]


def test_only_who_designs_gets_any_of_it(app):
    sales = Browser(app, "sales1")
    assert sales.get(f"{DESIGN}/form/quotation").status in (403, 404)
    for path in ("uses", "blocks"):
        assert sales.get(f"{DESIGN}/{path}").status in (403, 404)
