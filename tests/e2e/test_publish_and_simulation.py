"""In a browser: a workflow of the draft is tried out, then published with a place for what it strands."""

from __future__ import annotations

import json

import pytest

from tests.e2e.accessibility import barriers

pytestmark = pytest.mark.own_server

DESIGN = "/design/manufacturing"
WORDS = {
    "zh-CN": {"goes": "将移除", "done": "已发布", "changed": "满足以下条件时必填", "manager": "销售经理审批"},
    "en": {"goes": "goes", "done": "is published", "changed": "now required when", "manager": "Sales manager"},
}


def ask(page, path: str, body: object = None) -> dict:
    """A request of the page's own, as the islands send it."""
    return page.evaluate(
        """async ([path, body]) => {
            const token = document.querySelector('[name=csrf]').value
            const answer = await fetch(path, { method: body ? 'POST' : 'GET', headers: { Accept: 'application/json', 'Content-Type': 'application/json', 'X-CSRF-Token': token }, body: body ? JSON.stringify(body) : undefined })
            return answer.json()
        }""",
        [path, body],
    )


def edit(page, address: str, change) -> None:
    """Change a document of the draft."""
    entry = next(item for item in ask(page, f"{DESIGN}/draft")["documents"] if f"{item['document']['kind']}/{item['document']['key']}" == address)
    document = json.loads(json.dumps(entry["document"]))
    change(document)
    answer = ask(page, f"{DESIGN}/draft", {"changes": [{"address": address, "document": document, "base": entry["document"], "rev": entry["rev"]}]})
    assert answer["results"][0]["outcome"] == "saved", answer


def without_manager(flow: dict) -> None:
    del flow["states"]["manager"]
    flow["states"] = json.loads(json.dumps(flow["states"]).replace('"to": "manager"', '"to": "manager_big"'))
    flow["global"] = [{**move, "from": [name for name in move.get("from", ()) if name != "manager"]} for move in flow["global"]]
    flow.pop("examples", None)


def require_terms(form: dict) -> None:
    for tab in form["tabs"]:
        for section in tab["sections"]:
            for item in section["items"]:
                if item.get("field") == "payment_terms":
                    item["required"] = "amount > 100000"


@pytest.mark.parametrize("server", ["en"], indirect=True)
def test_a_draft_is_simulated_and_published_with_a_place_for_what_it_strands(sign_in, server) -> None:
    words = WORDS[server.language]
    person = sign_in("designer")
    page = person.page
    person.go(DESIGN)
    edit(page, "workflow/quotation_approval", without_manager)
    edit(page, "form/quotation", require_terms)

    # Typed values, step by step, by keyboard alone.
    person.go(f"{DESIGN}/simulate/quotation_approval")
    page.locator(".sim-values input").first.focus()
    page.keyboard.type("620000")
    page.locator(".sim-given .button.primary").press("Enter")
    page.locator(".sim-here .button.primary").first.press("Enter")
    page.wait_for_selector(".sim-cases [data-taken]")
    assert "620,000" in page.locator(".sim-cases [data-taken]").inner_text()
    assert page.locator(".sim-stop[aria-current]").inner_text().startswith(words["manager"])
    assert barriers(page) == []

    # The review: in words, with records per state, and a question about those that would be stranded.
    person.go(f"{DESIGN}/publish")
    assert words["changed"] in page.locator(".sentences").all_inner_texts()[0] + " ".join(page.locator(".sentences").all_inner_texts())
    assert words["goes"] in page.locator("#workflows").inner_text()
    assert barriers(page) == []
    chosen = page.locator("#places select")
    chosen.select_option("manager_big")
    page.fill("#note", "Test")
    page.locator("#publish-form button.primary").click()
    page.wait_for_url("**/publish?done=2")
    assert words["done"] in page.locator(".done h1").inner_text()
    assert barriers(page) == []

    person.go(f"{DESIGN}/history")
    page.locator(".release button.link").first.click()
    page.wait_for_selector(".release .sentences")
    assert words["changed"] in " ".join(page.locator(".release .sentences").all_inner_texts())
    assert barriers(page) == []
    person.check_policy()
