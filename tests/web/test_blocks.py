"""Blocks over HTTP: what is offered, and one made to fit the draft as it stands on the author's page."""

from __future__ import annotations

import pytest

from tests.web.browser import Browser
from tests.web.test_form_designer import DESIGN, ask


@pytest.fixture
def designer(app):
    return Browser(app, "designer")


def test_blocks_are_offered_by_what_they_are_with_what_their_pictures_are_drawn_from(designer):
    for offers in ("fields", "entity", "form", "view", "workflow"):
        found = ask(designer, f"blocks?offers={offers}")["blocks"]
        assert found
        assert all(block["offers"] == offers and block["fields"] and ("document" in block) == (offers != "fields") for block in found)
        assert not any("used_by" in block for block in found)


def test_a_block_is_made_to_fit_what_is_not_saved_yet(designer):
    documents = {(item["document"]["kind"], item["document"]["key"]): item["document"] for item in ask(designer, "draft")["documents"]}
    entity = documents["entity", "contract"]
    taken = {field["key"] for field in ask(designer, "blocks/fields/contact", {"entity": "contract"})["fields"]}
    assert taken == {"mobile", "email", "wechat"}
    mobile = {"key": "mobile", "uid": "01920000-0000-7000-8000-000000000001", "type": "phone", "label": "Mobile"}
    made = ask(designer, "blocks/fields/contact", {"entity": "contract", "unsaved": [{**entity, "fields": [*entity["fields"], mobile]}]})
    assert [field["key"] for field in made["fields"]] == ["mobile_2", "email", "wechat"]
    assert all(field["uid"] for field in made["fields"])
    flow = ask(designer, "blocks/workflow/manager_then_more", {"entity": "contract"})
    assert flow["document"]["states"]["size"]["cases"][0]["when"] == "amount > 5000"
    assert flow["document"]["status_field"] == "status_2", "another workflow writes the contract's status"
    assert flow["no_roles"] == []


def test_what_can_not_be_is_refused_in_words(designer):
    assert ask(designer, "blocks/fields/no_such_block", {"entity": "contract"}, 404)["errors"][0]["code"] == "pack.no_block"
    assert ask(designer, "blocks/view/calendar", {"entity": "no_such_entity"}, 404)["errors"][0]["code"] == "pack.block_entity"
    assert ask(designer, "blocks/fields/contact", {"entity": "contract", "unsaved": 3}, 422)["errors"][0]["code"] == "request.not_list"
    sales = Browser(designer.client.application, "sales1")
    headers = {"Accept": "application/json", "X-CSRF-Token": sales.csrf}
    assert sales.client.post(f"{DESIGN}/blocks/fields/contact", json={"entity": "contract"}, headers=headers).status_code in (403, 404)
