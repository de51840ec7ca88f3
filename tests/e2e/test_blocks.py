"""Building blocks in a real browser: every palette puts in what it offers as one step, by mouse and by keys, and undo takes it out."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.accessibility import barriers

pytestmark = [pytest.mark.own_server, pytest.mark.parametrize("server", ["zh-CN"], indirect=True)]

DESIGN = "/design/manufacturing"


def draft(person) -> dict[str, dict]:
    found = person.context.request.get(f"{person.server.address}{DESIGN}/draft", headers={"Accept": "application/json"}).json()
    return {f"{item['document']['kind']}/{item['document']['key']}": item["document"] for item in found["documents"]}


def findings(person) -> list[dict]:
    found = person.context.request.get(f"{person.server.address}{DESIGN}/findings", headers={"Accept": "application/json"})
    return [item for item in found.json()["findings"] if item["level"] == "error"]


def saved(page: Page) -> None:
    page.wait_for_timeout(400)
    expect(page.locator(".save-state")).to_have_attribute("data-state", "saved", timeout=15_000)


def undo(page: Page) -> None:
    page.locator("body").focus()
    page.keyboard.press("Control+z")
    saved(page)


def put_fields(person, page: Page, before: dict[str, dict]) -> None:
    """Fields, behind the selected one."""
    page.keyboard.press("/")
    page.locator("[data-block=nps]").click()
    expect(page.locator(".entity-row")).to_have_count(len(before["entity/contract"]["fields"]) + 3)
    undo(page)
    page.locator("[data-block=address]").drag_to(page.locator(".entity-row").nth(1))
    expect(page.locator(".entity-row")).to_have_count(len(before["entity/contract"]["fields"]) + 4)
    saved(page)
    assert draft(person)["entity/contract"]["fields"][3]["key"] in ("address", "phone", "region")
    undo(page)


def put_a_section(person, page: Page) -> None:
    """A section with its fields."""
    person.go(f"{DESIGN}/form/contract")
    page.wait_for_selector(".tile.block .block-preview")
    page.locator('[data-tile="block case_quick"]').click()
    page.wait_for_selector('[data-id="f:detail"]')
    saved(page)
    after = draft(person)
    assert {"subject", "kind", "priority", "detail"} <= {field["key"] for field in after["entity/contract"]["fields"]}
    undo(page)


def shape_the_view(person, page: Page) -> None:
    """The shape of the open view."""
    person.go(f"{DESIGN}/view/contracts_all")
    page.locator("[data-blocks] summary").click()
    page.locator("[data-block=schedule]").click()
    saved(page)
    shaped = draft(person)["view/contracts_all"]
    assert shaped["type"] == "calendar"
    assert shaped["calendar"] == {"start": "starts_on", "end": "ends_on", "title": "name", "colour": "status"}
    undo(page)


def put_steps(person, page: Page) -> None:
    """Steps between two of the workflow: by keys, then by the mouse."""
    person.go(f"{DESIGN}/workflow/contract_approval")
    page.wait_for_selector(".state-card")
    page.keyboard.press("b")
    page.wait_for_selector(".block-tile")
    page.keyboard.type("anjine")
    page.keyboard.press("Enter")
    expect(page.locator('.designer-canvas [data-node="route"]')).to_be_visible()
    saved(page)
    flow = draft(person)["workflow/contract_approval"]
    assert flow["states"]["draft"]["transitions"][0]["to"] == "route"
    assert [case["when"] for case in flow["states"]["route"]["cases"]] == ["amount > 10000", "amount > 1000"]
    assert findings(person) == []
    assert barriers(page) == []
    undo(page)
    page.locator("[data-find-block]").fill("")
    page.locator("[data-block=groups]").drag_to(page.locator(".step-gap").nth(1))
    expect(page.locator(".state-card.selected")).to_be_visible()
    saved(page)
    after = draft(person)
    assert "lead_engineer" in {field["key"] for field in after["entity/contract"]["fields"]}
    assert "groups" in {state["decide"]["mode"] for state in after["workflow/contract_approval"]["states"].values() if state["type"] == "approval"}
    undo(page)


def test_every_palette_puts_blocks_in_as_one_step(sign_in):
    person = sign_in("designer", width=1500)
    page = person.page
    person.go(f"{DESIGN}/entity/contract")
    page.wait_for_selector(".entity-row")
    before = draft(person)

    put_fields(person, page, before)
    put_a_section(person, page)
    shape_the_view(person, page)
    put_steps(person, page)
    assert draft(person) == before, "undo gives everything back"
    person.check_policy()


@pytest.mark.long
def test_a_whole_entity_begins_with_a_block(sign_in):
    person = sign_in("designer", width=1500)
    page = person.page
    person.go(f"{DESIGN}/entity/contract")
    page.wait_for_selector(".entity-row")
    page.evaluate("dispatchEvent(new CustomEvent('formwork-ask', {detail: {what: 'new', kind: 'entity'}}))")
    page.locator("dialog [role=combobox]").click()
    page.keyboard.type("renwu")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("dialog .block-preview")).to_be_visible()
    page.locator("dialog footer .primary").click()
    page.wait_for_url("**/entity/task")
    expect(page.locator(".entity-row")).to_have_count(8)
    made = draft(person)
    entity = made["entity/task"]
    assert [entity["title"], entity["owner"]] == ["title", "owner"]
    assert {"form/task", "view/task_list"} <= made.keys()
    assert findings(person) == []
    person.check_policy()
