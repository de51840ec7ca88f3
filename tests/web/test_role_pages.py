"""The role designer's pages and answers, and the page that says why."""

from __future__ import annotations

import json
import re

import pytest

from engine import system_actor
from engine.kernel.messages import LANGUAGES
from tests.web.browser import Browser
from tests.web.test_pages import check

pytestmark = pytest.mark.parametrize("installed_url", ["sqlite"], indirect=True)
APP = "manufacturing"


def boot_of(page) -> dict:
    assert page.status == 200, page.text[:500]
    return json.loads(page.text.split('id="designer-boot">')[1].split("</script>")[0])


def ask(browser, path: str, body=None):
    headers = {"X-CSRF-Token": browser.csrf, "Accept": "application/json"}
    answer = browser.client.get(path, headers=headers) if body is None else browser.client.post(path, json=body, headers=headers)
    return answer.status_code, answer.get_json()


def person_id(app, login: str) -> str:
    with app.engine.work(system_actor("test"), writes=False) as work:
        return str(app.engine.accounts.find_user(work, login).id)


def test_the_matrix_knows_who_holds_each_role(app):
    designer, admin = Browser(app, "designer"), Browser(app, "admin")
    boot = boot_of(designer.get(f"/design/{APP}/roles"))
    assert sorted(boot["more"]["holders"]) == sorted(boot["more"]["published"])
    assert len(boot["more"]["holders"]["sales"]) >= 2
    assert boot["more"]["people"] == []  # who may not look as a person needs no list of them
    assert len(boot_of(admin.get(f"/design/{APP}/role/sales"))["more"]["people"]) > 5
    assert designer.get(f"/design/{APP}/role/nothing").status == 404
    assert designer.get(f"/design/{APP}/role/sales?as=json").status == 200
    assert Browser(app, "sales1").get(f"/design/{APP}/roles").status == 403


def test_what_uses_a_role_is_listed_by_name(app):
    status, found = ask(Browser(app, "designer"), f"/design/{APP}/roles/finance/uses")
    assert status == 200
    assert any(use["kind"] == "workflow" and use["href"].startswith(f"/design/{APP}/workflow/") for use in found["uses"])
    assert all(use["label"] for use in found["uses"])


def test_the_question_why_by_who_may_ask_it(app):
    designer, admin = Browser(app, "designer"), Browser(app, "admin")
    question = {"entity": "product", "verb": "read", "field": "floor_price", "role": "sales"}
    status, found = ask(designer, f"/design/{APP}/why", question)
    assert (status, found["allowed"]) == (200, False)
    assert any("hides" in ground["text"] for ground in found["grounds"] if ground["about"] == "field")
    assert ask(designer, f"/design/{APP}/why", {**question, "person": person_id(app, "sales1"), "role": ""})[0] == 403
    assert ask(admin, f"/design/{APP}/why", {**question, "person": person_id(app, "finance"), "role": ""})[1]["allowed"] is True
    assert ask(Browser(app, "sales1"), f"/design/{APP}/why", question)[0] == 403
    for odd, expected in (({"verb": "eat"}, 422), ({"entity": "x"}, 404), ({"role": "x"}, 404), ({"person": "x"}, 404), ({"record": "x"}, 404)):
        assert ask(admin, f"/design/{APP}/why", {**question, **odd})[0] == expected, odd
    status, found = ask(admin, f"/design/{APP}/why/records?entity=quotation")
    assert len(found["records"]) > 3
    assert ask(designer, f"/design/{APP}/why/records?entity=nothing")[1] == {"records": []}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_why_names_rule_and_values(app, language):
    admin = Browser(app, "admin", language=language)
    listed = admin.get(f"/a/{APP}/quotation")
    address = re.search(rf'/a/{APP}/quotation/[0-9a-f-]{{36}}', listed.text)[0]
    assert f"{address}/why" in admin.get(address).text
    check(admin.get(f"{address}/why"), language)
    for verb, field in (("read", ""), ("change", "subject"), ("remove", "")):
        page = admin.get(f"{address}/why?person={person_id(app, 'sales1')}&verb={verb}&field={field}")
        check(page, language)
        assert "why-verdict" in page.text
        assert 'class="facts"' in page.text
    assert admin.get(f"{address}/why?person=x").status == 404
    assert Browser(app, "gm").get(f"{address}/why").status == 403
    assert "/why" not in Browser(app, "gm").get(address).text
