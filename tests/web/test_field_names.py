"""Fields may be called like the words that a page sends along with them."""

from __future__ import annotations

import uuid

import pytest

from tests.web.browser import Browser
from tests.web.test_a_field_comes_and_goes import DESIGN, put
from tests.web.test_record_pages import create_quotation

pytestmark = pytest.mark.parametrize("installed_url", ["sqlite"], indirect=True)

WORDS = ("comment", "to", "key", "resume", "next", "record_rev", "before", "then", "form", "view", "where", "q", "name")


@pytest.fixture
def designer(app, as_person):
    """The designer, who has published fields of all these names."""
    found = as_person("designer")
    entity = found.get(f"{DESIGN}/entity/quotation").json
    entity["document"]["fields"] += [{"key": key, "uid": str(uuid.uuid4()), "type": "text", "label": key} for key in WORDS]
    assert put(found, entity["document"], entity["rev"]).status == 200
    form = found.get(f"{DESIGN}/form/quotation").json
    form["document"]["tabs"][0]["sections"][0]["items"] += [{"field": key} for key in WORDS]
    assert put(found, form["document"], form["rev"]).status == 200
    answer = found.post(f"{DESIGN}/publish", {"note": ""})
    assert answer.status == 200, answer.text
    return found


def test_values_of_such_fields_survive_a_step_with_a_comment(app, as_person, designer):
    sales, program = Browser(app, "sales1"), as_person("sales1")
    address = create_quotation(sales, program, lead_engineer=as_person("engineer").id, **{key: f"my {key}" for key in WORDS})
    path = address.replace("/a/", "/")
    assert {key: program.get(path).json[key] for key in WORDS} == {key: f"my {key}" for key in WORDS}

    answer = sales.send(sales.get(f"{address}/moves/submit").form("/moves/submit"), {"_comment": "Please"}, HX_Request="true")

    assert (answer.status, answer.location) == (204, address), answer.text
    assert {key: program.get(path).json[key] for key in WORDS} == {key: f"my {key}" for key in WORDS}
    assert "Please" in sales.get(address).texts


def test_a_field_may_not_take_the_name_of_a_forms_token(as_person):
    found = as_person("designer")
    entity = found.get(f"{DESIGN}/entity/quotation").json
    entity["document"]["fields"].append({"key": "csrf", "uid": str(uuid.uuid4()), "type": "text", "label": "csrf"})
    assert put(found, entity["document"], entity["rev"]).status in (200, 422)
    assert "definition.reserved_key" in found.post(f"{DESIGN}/publish", {"note": ""}).text
