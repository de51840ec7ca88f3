"""Adding a field to the quotation, in a real browser: by mouse, by keyboard alone, in both languages, from the palette to the sale.

Counts what a person does, and how long the browser takes over it (without the person's own thinking).
"""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from tests.e2e.test_quotation_journey import choose, new_quotation, save, shown

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

ROOT = Path(__file__).resolve().parents[2]
FORM = "/design/manufacturing/form/quotation"
AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


class Hands:
    """A person's hands: each press, click, drag and typed text is one action."""

    def __init__(self, person) -> None:
        self.person, self.page, self.actions, self.began = person, person.page, 0, time.monotonic()
        texts: dict[str, str] = {}
        for path in ROOT.glob("designer/**/messages/*.json"):
            if path.stem == person.server.language:
                texts |= json.loads(path.read_text())
        self.texts = texts

    def t(self, code: str, **values: object) -> str:
        text = self.texts[f"designer.{code}"].split("|")[-1]
        for name, value in values.items():
            text = text.replace(f"{{{name}}}", str(value))
        return text

    def open(self, address: str = FORM) -> None:
        self.person.go(address)
        self.page.wait_for_selector(".sheet .fc-in")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.actions += 1
            self.page.wait_for_timeout(40)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.actions += 1
        self.page.wait_for_timeout(80)

    def click(self, target) -> None:
        (self.page.locator(target) if isinstance(target, str) else target).first.click()
        self.actions += 1

    def select(self, target, value: str) -> None:
        (self.page.locator(target) if isinstance(target, str) else target).first.select_option(value)
        self.actions += 1

    def drag(self, source: str, target: str, *, x: float = 0.5, y: float = 0.5, watch=None) -> None:
        """With the real mouse, from the middle of one thing to a place in another; `watch` looks before it is let go."""
        page = self.page
        page.locator(target).first.scroll_into_view_if_needed()
        page.locator(source).first.scroll_into_view_if_needed()
        start = page.locator(source).first.bounding_box()
        page.mouse.move(start["x"] + start["width"] / 2, start["y"] + min(12, start["height"] / 2))
        page.mouse.down()
        page.mouse.move(start["x"] + start["width"] / 2 + 8, start["y"] + 18, steps=3)
        end = page.locator(target).first.bounding_box()
        page.mouse.move(end["x"] + end["width"] * x, end["y"] + end["height"] * y, steps=12)
        page.wait_for_timeout(80)
        page.mouse.move(end["x"] + end["width"] * x, end["y"] + end["height"] * y)
        if watch:
            watch()
        page.mouse.up()
        page.wait_for_timeout(150)
        self.actions += 1

    def focused(self) -> str:
        return self.page.evaluate("document.activeElement.dataset.id || document.activeElement.tagName")

    def heard(self) -> str:
        """What was announced last."""
        self.page.wait_for_timeout(120)
        return self.page.locator("#announcer").inner_text()

    def order(self, section: str = "s:main/totals") -> list[str]:
        """The items of a section, as they follow each other in the page."""
        return self.page.evaluate(
            """id => [...document.querySelector(`[data-id="${id}"]`).closest('.sec').querySelectorAll('.fc-in')].map(each => each.dataset.id)""", section)

    def saved(self) -> None:
        self.page.wait_for_selector('.save-state[data-state="saved"]', timeout=8000)
        self.page.wait_for_timeout(100)

    def draft(self) -> dict[str, dict]:
        """The documents of the draft, as the server has them."""
        answer = self.page.request.get(f"{self.person.server.address}/design/manufacturing/draft", headers={"Accept": "application/json"}).json()
        return {f"{item['document']['kind']}/{item['document']['key']}": item["document"] for item in answer["documents"]}

    def report(self, what: str) -> None:
        print(f"\n{what} ({self.person.server.language}): {self.actions} actions, {time.monotonic() - self.began:.1f} s")


def words(hands: Hands) -> tuple[str, str, str]:
    """What the field is called, its key, and what sales write into it."""
    return ("折扣理由", "zhekouliyou", "老客户") if hands.person.server.language == "zh-CN" else ("Reason for discount", "reason_for_discount", "A good customer")


def publish(hands: Hands) -> None:
    page = hands.page
    hands.saved()
    page.goto(f"{hands.person.server.address}/design/manufacturing/check")
    hands.actions += 1
    hands.click('form[action$="/publish"] button.primary, form[action$="/publish"] button[type=submit]')
    page.wait_for_url(re.compile("/history"))


def preview(hands: Hands, field: str) -> None:
    """On a phone, as finance: the field is there, and finance may only read it."""
    frame = hands.page.frame_locator(".preview.phone iframe")
    frame.locator(f'[data-field="{field}"]').first.wait_for(timeout=10_000)
    assert hands.page.locator(".preview.phone iframe").bounding_box()["width"] < 420
    assert frame.locator(f'[data-field="{field}"] input').count() == 0, "finance reads quotations, so the server shows a value and no input"


def use(sign_in, label: str, field: str, reason: str) -> None:
    """Sales enter a quotation of more than 100,000: the field is asked for, filled in, and kept."""
    sales = sign_in("sales1")
    page = sales.page
    new_quotation(sales, f"{label} 1", [("JR-600", "1")])
    box = page.locator(f'[name="{field}"]')
    assert box.is_visible()
    holder = page.locator(f'[data-field="{field}"]').first
    page.locator('[data-rows="lines"] input[name$="-unit_price"]').first.fill("250000")
    page.locator('[data-rows="lines"] input[name$="-unit_price"]').first.press("Tab")
    page.wait_for_timeout(200)
    assert holder.get_attribute("data-required") is not None, "required as soon as the amount is over the limit"
    page.locator(".action-bar button.primary").click()
    page.wait_for_selector("[data-summary], .problem")
    assert "/new" in page.url
    box.fill(reason)
    save(sales)
    assert reason in shown(page, field)
    sales.check_policy()


@pytest.fixture
def hands(sign_in) -> Hands:
    found = Hands(sign_in("designer", width=1440, height=1400))
    found.open()
    return found


def test_by_mouse_a_field_is_added_beside_the_amount_required_previewed_published_and_used(hands, sign_in):
    page, (label, key, reason) = hands.page, words(hands)
    before = page.locator(".sheet .fc").count()
    hands.click('[data-tile="type text"]')
    hands.type(label)
    page.wait_for_timeout(300)
    hands.press("Enter")
    page.wait_for_selector(f'[data-id="f:{key}"]')
    assert page.locator(".sheet .fc").count() == before + 1

    top = page.locator('[data-id="f:amount"]').bounding_box()

    def marker() -> None:
        assert page.locator(".fc[data-edge=right]:has([data-id='f:amount'])").count() == 1, "a third of the row: the marker stands at its side"
        assert page.locator('[data-id="f:amount"]').bounding_box() == top, "nothing moves while something is dragged"

    page.locator('[data-id="f:amount"]').scroll_into_view_if_needed()
    top = page.locator('[data-id="f:amount"]').bounding_box()
    hands.drag(f'[data-id="f:{key}"]', '[data-id="f:amount"]', x=0.9, watch=marker)
    order = hands.order()
    assert order[order.index("f:amount") + 1] == f"f:{key}"
    assert hands.heard() == hands.t("form.moved", label=label, number=order.index("f:amount") + 2, total=len(order), section="金额" if hands.person.server.language == "zh-CN" else "Totals")

    panel = page.locator(".designer-right")
    required = panel.get_by_role("group", name=hands.t("required"), exact=True)
    hands.click(required.get_by_text(hands.t("form.required_when")))
    hands.click(panel.locator(".condition-add button").last)
    _condition(hands)
    assert "amount > 100000" in json.dumps(_item(hands, key))

    hands.click(page.get_by_role("button", name=hands.t("form.mode_preview"), exact=True))
    hands.click(page.get_by_role("button", name=hands.t("form.device_phone"), exact=True))
    hands.select(page.get_by_label(hands.t("form.preview_role"), exact=True), "finance")
    preview(hands, key)
    publish(hands)
    hands.report("by mouse, to the release")
    hands.person.check_policy()
    use(sign_in, label, key, reason)


def _condition(hands: Hands) -> None:
    """amount > 100,000, in the row that has just been added and has the focus."""
    page = hands.page
    page.wait_for_timeout(150)
    hands.type("报价金额" if hands.person.server.language == "zh-CN" else "Amount")
    hands.press("Enter")
    row = page.locator(".condition-row").last
    hands.select(row.locator(".condition-rest > select").first, "more")
    row.locator(".condition-rest input").first.fill("100000")
    hands.actions += 1
    hands.saved()


def _item(hands: Hands, key: str) -> dict:
    hands.saved()
    form = hands.draft()["form/quotation"]
    return next(item for tab in form["tabs"] for section in tab["sections"] for item in section["items"] if item.get("field") == key)
