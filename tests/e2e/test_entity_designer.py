"""The entity designer in a browser: fields by keyboard, another key, another type and back, the map of relations."""

from __future__ import annotations

import json
from typing import Any

import pytest

from engine.packs import shelf_path
from tests.e2e.accessibility import barriers

pytestmark = pytest.mark.own_server


def fetch(page: Any, method: str, path: str, body: object = None) -> Any:
    """A request as the page's own scripts make it."""
    status, text = page.evaluate(
        """async ([method, path, body]) => {
            const token = JSON.parse(document.body.getAttribute('hx-headers:inherited'))['X-CSRF-Token']
            const answer = await fetch(path, { method, body, headers: { 'Content-Type': 'application/json', Accept: 'application/json', 'X-CSRF-Token': token } })
            return [answer.status, await answer.text()]
        }""",
        [method, path, None if body is None else json.dumps(body)],
    )
    assert status < 300, text
    return json.loads(text) if text else None


def until(page: Any, question: str, what: str) -> None:
    for _ in range(300):
        if page.evaluate(question):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"still not: {what}")


def saved(page: Any) -> None:
    until(page, "document.querySelector('.save-state')?.dataset.state === 'saved'", "saved")


def publish(page: Any, note: str) -> None:
    fetch(page, "POST", "/api/v1/design/manufacturing/publish", {"note": note})


def keys_of(page: Any) -> list[str]:
    return page.evaluate("[...document.querySelectorAll('.entity-row code')].map(each => each.textContent)")


def add_field(page: Any, label: str, type_: str) -> None:
    """In the line at the end of the table: label, type, Enter."""
    page.keyboard.press("n")
    page.keyboard.type(label)
    page.keyboard.press("Tab")
    page.keyboard.type(type_)
    page.wait_for_timeout(120)
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")


@pytest.mark.parametrize("server", ["zh-CN"], indirect=True)
def test_fields_by_keyboard_and_everything_back_by_undo(sign_in, server) -> None:
    person = sign_in("designer")
    page = person.page
    person.go("/design/manufacturing/entity/product")
    page.wait_for_selector(".entity-row")
    before = keys_of(page)
    page.locator(".entity-row").first.focus()

    add_field(page, "Batch no", "wenben" if server.language == "zh-CN" else "text")
    until(page, "[...document.querySelectorAll('.entity-row code')].some(each => each.textContent === 'batch_no')", "added")
    page.keyboard.press("Escape")
    page.locator(".entity-row").last.focus()
    page.keyboard.press("F2")
    page.keyboard.type("Lot")
    page.keyboard.press("Enter")
    until(page, "[...document.querySelectorAll('.entity-row code')].at(-1)?.textContent === 'lot'", "the key follows the label")
    page.keyboard.press("Alt+ArrowUp")
    page.keyboard.press("Control+d")
    until(page, f"document.querySelectorAll('.entity-row').length === {len(before) + 2}", "doubled")
    page.keyboard.press("Control+x")
    until(page, f"document.querySelectorAll('.entity-row').length === {len(before) + 1}", "cut")
    page.keyboard.press("Control+v")
    until(page, f"document.querySelectorAll('.entity-row').length === {len(before) + 2}", "pasted")
    saved(page)
    assert barriers(page) == []
    page.wait_for_timeout(300)  # the dragging is fetched after the page
    page.locator(".entity-row").first.click()
    page.wait_for_timeout(200)
    top, third = (page.locator(".entity-row").nth(place).bounding_box() for place in (0, 2))
    page.mouse.move(top["x"] + 90, top["y"] + 20)
    page.mouse.down()
    page.mouse.move(top["x"] + 90, top["y"] + 30, steps=3)
    page.mouse.move(third["x"] + 90, third["y"] + third["height"] - 8, steps=8)
    page.wait_for_timeout(100)
    page.mouse.up()
    until(page, f"document.querySelectorAll('.entity-row code')[2].textContent === {before[0]!r}", "dragged below the third")
    for _ in range(14):
        page.keyboard.press("Control+z")
    assert keys_of(page) == before
    saved(page)
    person.check_policy()


@pytest.mark.long
@pytest.mark.parametrize("server", ["en"], indirect=True)
def test_a_key_is_renamed_everywhere_in_one_step(sign_in) -> None:
    person = sign_in("designer")
    page = person.page
    person.go("/design/manufacturing/entity/quotation")
    page.locator(".entity-row", has=page.locator("code", has_text="valid_until")).click()
    page.locator(".designer-right .locked-line button").first.click()
    page.locator("dialog input").fill("good_until")
    page.wait_for_selector("dialog .note.ok")
    assert barriers(page) == []
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog", state="detached")
    saved(page)
    held = {f"{item['kind']}/{item['key']}" for item in fetch(page, "GET", "/api/v1/design/manufacturing")["items"]}
    texts = {name: json.dumps(fetch(page, "GET", f"/api/v1/design/manufacturing/{name}")["document"]) for name in held if not name.startswith("app/")}
    assert "good_until" in texts["entity/quotation"]
    assert not [name for name, text in texts.items() if '"valid_until"' in text or "valid_until " in text]
    page.keyboard.press("Control+z")
    until(page, "[...document.querySelectorAll('.entity-row code')].some(each => each.textContent === 'valid_until')", "undone")
    saved(page)
    person.check_policy()


@pytest.mark.parametrize("server", ["zh-CN"], indirect=True)
def test_text_becomes_a_number_and_goes_back(sign_in, server) -> None:  # noqa: PLR0915 (one journey)
    """Done-when 4 of the designers, at a size for a test; `benchmarks/type_change.py` does it at 100,000."""
    person = sign_in("admin")
    page = person.page
    person.go("/design/manufacturing/entity/product")
    page.locator(".entity-row").first.focus()
    add_field(page, "Old code", "wenben" if server.language == "zh-CN" else "text")
    until(page, "[...document.querySelectorAll('.entity-row code')].some(each => each.textContent === 'old_code')", "added")
    saved(page)
    publish(page, "A code")
    # What else a product needs comes from one that is there.
    sample = fetch(page, "GET", "/api/v1/manufacturing/product?limit=1")["items"][0]
    needed = {key: value for key, value in sample.items() if key in {"category", "unit", "price", "cost", "status", "type"} and value is not None}
    rows = [{**needed, "name": f"Part {number}", "code": f"E2E-{number}", "old_code": f"{number} pcs" if number < 7 else f"{number},000"} for number in range(1, 301)]
    rows = [{key: value for key, value in row.items() if key in sample or key == "old_code"} for row in rows]
    results = fetch(page, "POST", "/api/v1/manufacturing/product", rows)["results"]
    assert not [each for each in results if "problems" in each][:2]

    person.go("/design/manufacturing/entity/product")
    page.locator(".entity-row", has=page.locator("code", has_text="old_code")).click()
    page.locator(".designer-right .locked-line button").nth(1).click()
    page.locator("dialog input[role=combobox]").first.fill("xiaoshu" if server.language == "zh-CN" else "decimal")
    page.wait_for_timeout(150)
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog .figures")
    figures = page.evaluate("[...document.querySelectorAll('dialog .figures dd')].map(each => each.textContent)")
    assert figures == ["300", "294", "6"]
    assert page.locator("dialog .value-table").first.locator("tbody tr").count() == 6
    assert barriers(page) == []
    page.locator("dialog footer .primary").click()
    page.wait_for_selector(".designer-right .conversion")
    saved(page)
    publish(page, "The code is a number")

    person.go("/design/manufacturing/entity/product")
    page.locator(".entity-row", has=page.locator("code", has_text="old_code")).click()
    page.wait_for_selector(".designer-right .conversion.warn", timeout=20_000)
    page.locator(".designer-right .conversion button").first.click()
    page.wait_for_selector(".designer-right .conversion tbody tr")
    assert page.locator(".designer-right .conversion tbody tr").count() == 6
    numbers = fetch(page, "GET", "/api/v1/manufacturing/product?filter=old_code%20%3E%20100000&limit=1&count=exact")
    assert numbers["count"] == 200

    page.locator(".designer-right .conversion .button-line button").nth(1).click()
    page.wait_for_selector("dialog .figures")
    assert page.evaluate("[...document.querySelectorAll('dialog .figures dd')].map(each => each.textContent)") == ["294", "0", "300", "0"]
    page.locator("dialog footer .primary").click()
    saved(page)
    publish(page, "The code is text again")
    person.go("/design/manufacturing/entity/product")
    page.locator(".entity-row", has=page.locator("code", has_text="old_code")).click()
    page.wait_for_selector(".designer-right .conversion.ok", timeout=20_000)
    found = fetch(page, "GET", "/api/v1/manufacturing/product?filter=old_code%20%3D%20%223%20pcs%22%20or%20old_code%20%3D%20%22300%2C000%22")
    assert {item["old_code"] for item in found["items"]} == {"3 pcs", "300,000"}
    person.check_policy()


@pytest.mark.parametrize("server", ["en"], indirect=True)
@pytest.mark.long
def test_relations_as_picture_and_list(sign_in) -> None:
    person = sign_in("designer")
    page = person.page
    person.go("/design/manufacturing/diagram#quotation")
    page.wait_for_selector(".react-flow__node.is-at")
    page.wait_for_timeout(400)
    assert barriers(page) == []
    page.locator(".react-flow__node[data-id=quotation]").focus()
    page.keyboard.press("ArrowUp")
    until(page, "document.activeElement?.dataset.id !== 'quotation' && document.activeElement?.matches('.react-flow__node')", "walked")
    page.locator(".designer-tools .segments button").nth(1).click()
    page.wait_for_selector(".relation-list")
    assert page.locator(".relation-list tbody tr").count() == len(list((shelf_path("manufacturing") / "entities").glob("*.json")))
    assert barriers(page) == []
    page.locator(".designer-tools .segments button").first.click()
    page.locator(".react-flow__node[data-id=product]").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/entity/product")
    person.check_policy()
