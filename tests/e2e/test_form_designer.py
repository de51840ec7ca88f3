"""Adding a field to the quotation, in a real browser: by mouse, by keyboard alone, in both languages, from the palette to the sale.

Counts what a person does, and how long the browser takes over it (without the person's own thinking).
"""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.accessibility import barriers
from tests.e2e.test_quotation_journey import new_quotation, save, shown

pytestmark = pytest.mark.own_server

ROOT = Path(__file__).resolve().parents[2]
FORM = "/design/manufacturing/form/quotation"


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

    def reach(self, wanted: str, key: str = "Tab", most: int = 60) -> None:
        """Go on with the key until what has the focus fits a selector."""
        for _ in range(most):
            if self.page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
                return
            self.press(key)
        raise AssertionError(f"{wanted} is out of reach of the keyboard; the focus is on {self.page.evaluate('document.activeElement.outerHTML.slice(0, 200)')}")

    def choose_option(self, value: str) -> None:
        """With the arrow keys, in the select that has the focus."""
        options = self.page.evaluate("[...document.activeElement.options].map(each => each.value)")
        now = self.page.evaluate("document.activeElement.selectedIndex")
        step = options.index(value) - now
        self.press(*["ArrowDown" if step > 0 else "ArrowUp"] * abs(step))
        assert self.page.evaluate("document.activeElement.value") == value

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


def words(hands: Hands, *, again: bool = False) -> tuple[str, str, str]:
    """What the field is called, its key, and what sales write into it."""
    is_chinese = hands.person.server.language == "zh-CN"
    if again:
        return ("额度说明", "edushuoming", "已评估") if is_chinese else ("Note on the limit", "note_on_the_limit", "Assessed")
    return ("折扣理由", "zhekouliyou", "老客户") if is_chinese else ("Reason for discount", "reason_for_discount", "A good customer")


PUBLISH = 'form[action$="/publish"] button.primary'


def publish(hands: Hands) -> None:
    hands.saved()
    hands.click(".designer-bar a.primary")
    hands.click(PUBLISH)
    hands.page.wait_for_url(re.compile(r"/publish\?done="))


def preview(hands: Hands, field: str) -> None:
    """On a phone, as finance: the field is there, and finance may only read it."""
    frame = hands.page.frame_locator(".preview.phone iframe")
    # Finance reads quotations, so the server shows a value and no input; until then the preview is still somebody else's.
    expect(frame.locator(f'[data-field="{field}"]:not(:has(input))').first).to_be_visible()
    assert hands.page.locator(".preview.phone iframe").bounding_box()["width"] < 420


def use(sign_in, label: str, field: str, reason: str) -> None:
    """Sales enter a quotation of more than 100,000: the field is asked for, filled in, and kept."""
    sales = sign_in("sales1")
    page = sales.page
    new_quotation(sales, f"{label} 1", [("SVC-YR", "1")])
    box = page.locator(f'[name="{field}"]')
    assert box.is_visible()
    holder = page.locator(f'[data-field="{field}"]').first
    page.locator('[data-rows="lines"] input[name$="-unit_price"]').first.fill("250000")
    page.locator('[data-rows="lines"] input[name$="-unit_price"]').first.press("Tab")
    expect(holder, "required as soon as the amount is over the limit").to_have_attribute("data-required", "")
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


@pytest.mark.parametrize("server", ["zh-CN", pytest.param("en", marks=pytest.mark.long)], indirect=True)
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
    asked = panel.get_by_role("group", name=hands.t("form.required_condition"), exact=True)  # that of being visible stands above it
    hands.click(asked.locator(".condition-add button"))
    _condition(hands)
    assert _item(hands, key)["required"] == "amount > 100000"

    hands.click(page.get_by_role("button", name=hands.t("form.mode_preview"), exact=True))
    hands.click(page.get_by_role("button", name=hands.t("form.device_phone"), exact=True))
    hands.select(page.get_by_label(hands.t("form.preview_role"), exact=True), "finance")
    preview(hands, key)
    publish(hands)
    hands.report("by mouse, to the release")
    hands.person.check_policy()
    use(sign_in, label, key, reason)


@pytest.mark.parametrize("server", ["en", pytest.param("zh-CN", marks=pytest.mark.long)], indirect=True)
def test_by_keyboard_alone_the_same(hands, sign_in):
    page, (label, key, reason) = hands.page, words(hands, again=True)
    hands.press("/")
    hands.type("wenben")  # pinyin finds it in English too
    hands.press("Enter")
    hands.type(label)
    page.wait_for_timeout(300)
    hands.press("Enter")
    page.wait_for_selector(f'[data-id="f:{key}"]')
    page.wait_for_timeout(100)
    assert hands.focused() == f"f:{key}", "after naming, the focus is on the field"
    while hands.order().index(f"f:{key}") > hands.order().index("f:amount") + 1:
        hands.press("Alt+ArrowUp")
    assert hands.focused() == f"f:{key}", "the focus goes along"
    assert hands.order()[3] == f"f:{key}"

    _to_the_panel_and_back(hands, key)
    hands.press("Enter")
    page.wait_for_timeout(250)
    hands.reach(f'[aria-label="{hands.t("required")}"] .segments button:last-child')
    hands.press("Enter")
    _condition_by_keys(hands)
    assert _item(hands, key)["required"] == "amount > 100000"
    hands.press("Escape")
    page.wait_for_timeout(60)
    assert hands.focused() == f"f:{key}"

    hands.press("Control+Enter")
    page.wait_for_timeout(200)
    hands.reach(".preview-bar .segments button:last-child")
    hands.press("Enter")
    hands.reach(".preview-bar select")
    hands.choose_option("finance")
    preview(hands, key)
    publish_by_keys(hands)
    hands.report("by keyboard alone, to the release")
    hands.person.check_policy()
    use_by_keys(sign_in, label, key, reason)


def _to_the_panel_and_back(hands: Hands, key: str) -> None:
    hands.press("Enter")
    hands.page.wait_for_timeout(250)
    assert hands.page.evaluate("document.activeElement.closest('[data-panel]') !== null"), "Enter leads to the panel"
    hands.press("Escape")
    assert hands.focused() == f"f:{key}", "and Escape back"


def _condition_by_keys(hands: Hands) -> None:
    page = hands.page
    page.get_by_role("group", name=hands.t("form.required_condition"), exact=True).locator(".condition-add button").wait_for()
    hands.reach(".condition-add button")
    hands.press("Enter")
    page.wait_for_timeout(200)
    hands.type("报价金额" if hands.person.server.language == "zh-CN" else "Amount")
    hands.press("Enter")
    hands.reach(".condition-rest > select")
    hands.choose_option("more")
    hands.reach(".condition-rest input")
    hands.type("100000")


def publish_by_keys(hands: Hands) -> None:
    hands.saved()
    hands.reach(".designer-bar a.primary", "Shift+Tab")
    hands.press("Enter")
    hands.page.wait_for_url(re.compile("/publish$"))
    hands.page.wait_for_selector(PUBLISH)
    hands.press("Shift+Tab")  # from the page's end: what is done last stands there
    hands.reach(PUBLISH, "Shift+Tab")
    hands.press("Enter")
    hands.page.wait_for_url(re.compile(r"/publish\?done="))


def use_by_keys(sign_in, label: str, field: str, reason: str) -> None:
    sales = Hands(sign_in("sales1"))
    page, is_chinese = sales.page, sales.person.server.language == "zh-CN"
    sales.person.go("/a/manufacturing/quotation/new")
    sales.reach('[name="subject"]')
    sales.type(f"{label} 2")
    sales.reach('[data-field="account"] [role=combobox]')
    sales.type("苏州恒远" if is_chinese else "Suzhou Hengyuan")
    page.wait_for_selector("[role=option]:visible")
    page.wait_for_timeout(300)
    sales.press("ArrowDown", "Enter")
    sales.reach("[data-row-add]")
    sales.press("Enter")
    sales.reach('[data-rows="lines"] [role=combobox]', "Shift+Tab" if not page.evaluate("document.activeElement.matches('[data-rows] [role=combobox]')") else "Tab")
    sales.type("SVC-YR")
    page.wait_for_selector("[role=option]:visible")
    page.wait_for_timeout(300)
    sales.press("ArrowDown", "Enter")
    sales.reach('[name$="-unit_price"]')
    sales.press("Control+A")
    sales.type("250000")
    sales.press("Tab")
    expect(page.locator(f'[data-field="{field}"]').first).to_have_attribute("data-required", "")
    for key in page.evaluate("[...document.querySelectorAll('[data-required] input[type=text][name]')].filter(each => !each.value).map(each => each.name)"):
        sales.reach(f'[name="{key}"]')
        sales.type(reason)
    sales.reach(".action-bar button.primary")
    sales.press("Enter")
    page.wait_for_url(re.compile(r"/a/manufacturing/quotation/[0-9a-f-]{36}$"))
    assert reason in shown(page, field)
    sales.person.check_policy()


@pytest.mark.long
@pytest.mark.parametrize("server", ["zh-CN"], indirect=True)
def test_several_move_as_one_undo_brings_all_back_and_deleting_asks_once(hands):
    page = hands.page
    before = hands.draft()
    basics = hands.order("s:main/basic")
    hands.click('[data-id="f:account"]')
    page.keyboard.down("Control")
    hands.click('[data-id="f:project"]')
    page.keyboard.up("Control")
    hands.drag('[data-id="f:project"]', '[data-id="f:margin"]', x=0.9)
    order = hands.order()
    assert order[order.index("f:margin") + 1 :][:2] == ["f:account", "f:project"], "both, in the order of the form"
    assert "2" in hands.heard()
    # A drop on a section's head is a drop at its end; Escape takes a drag back.
    hands.drag('[data-id="f:owner"]', '[data-id="s:main/totals"]')
    assert hands.order()[-1] == "f:owner"
    hands.drag('[data-id="f:contact"]', '[data-id="f:margin"]', watch=lambda: page.keyboard.press("Escape"))
    assert "f:contact" in hands.order("s:main/basic")
    # Width, section and required for all at once, each one step.
    hands.click('[data-id="f:quoted_on"]')
    hands.press("Shift+ArrowRight")
    panel = page.locator(".designer-right")
    hands.click(panel.get_by_role("group", name=hands.t("required"), exact=True).get_by_role("button", name=hands.t("form.yes"), exact=True))
    assert page.locator("[data-required] > .label").filter(has_text="有效期至" if hands.person.server.language == "zh-CN" else "Valid until").count() == 1
    # A section with fields asks once; what it asks is answered by one step.
    hands.click('[data-id="s:main/basic"]')
    hands.press("Delete")
    hands.click(page.locator("dialog[open] footer .primary"))
    assert page.locator('[data-id="s:main/basic"]').count() == 0
    assert page.locator('[data-id="f:subject"]').count() == 1, "its fields were kept"
    hands.saved()
    for _ in range(5):
        page.locator("body").focus()
        hands.press("Control+z")
    assert hands.order("s:main/basic") == basics
    hands.saved()
    assert json.dumps(hands.draft()["form/quotation"], sort_keys=True) == json.dumps(before["form/quotation"], sort_keys=True)
    assert json.dumps(hands.draft()["entity/quotation"], sort_keys=True) == json.dumps(before["entity/quotation"], sort_keys=True)
    hands.person.check_policy()


@pytest.mark.parametrize("server", ["en"], indirect=True)
@pytest.mark.long
def test_copies_go_to_another_entity_and_say_what_stayed_behind(hands):
    page = hands.page
    hands.click('[data-id="f:payment_terms"]')
    page.keyboard.down("Control")
    hands.click('[data-id="f:contact"]')
    hands.click('[data-id="f:number"]')
    page.keyboard.up("Control")
    hands.press("Control+c")
    hands.open("/design/manufacturing/form/product")
    hands.click(page.locator(".sheet .fc-in"))
    hands.press("Control+v")
    page.wait_for_selector(".toast")
    assert "account" in page.locator(".toast").inner_text(), "the contact's filter asks for the account, which a product has not"
    hands.saved()
    fields = {field["key"]: field for field in hands.draft()["entity/product"]["fields"]}
    assert [each["key"] for each in fields["payment_terms"]["options"]["options"]] == ["prepaid", "thirty_sixty_ten", "net30", "net60"]
    assert fields["contact"].get("filter") is None
    assert fields["payment_terms"]["default"] == '"thirty_sixty_ten"'
    hands.press("Control+z")
    hands.saved()
    assert "payment_terms" not in {field["key"] for field in hands.draft()["entity/product"]["fields"]}, "fields and form are one step"
    # A block comes in one step, too.
    hands.press("/")
    hands.type("dizhi")
    page.wait_for_timeout(300)
    assert page.locator(".tile.block .block-preview").count() >= 1
    hands.click(page.locator('[data-tile="block address"]'))
    page.wait_for_selector('[data-id^="f:website"]')
    page.locator("body").focus()
    hands.press("Control+z")
    hands.saved()
    assert page.locator('[data-id^="f:website"]').count() == 0
    hands.person.check_policy()


@pytest.mark.long
@pytest.mark.parametrize("server", ["zh-CN"], indirect=True)
def test_the_tree_goes_with_the_canvas_and_uses_are_shown_before_a_field_goes(hands):
    page = hands.page
    hands.click('[data-id="f:amount"]')
    hands.click(page.get_by_role("button", name=hands.t("form.pane_outline"), exact=True))
    hands.drag('[data-node="f:amount"]', '[data-node="f:subject"]', y=0.9)
    assert hands.order("s:main/basic")[1] == "f:amount", "a move in the tree is a move on the canvas"
    hands.press("Alt+ArrowDown")
    assert hands.order("s:main/basic")[2] == "f:amount"
    assert page.evaluate("document.activeElement.dataset.node") == "f:amount"
    hands.press("Enter")
    assert hands.focused() == "f:amount", "Enter jumps to the canvas"
    hands.press("Control+z", "Control+z")
    hands.saved()
    hands.click('[data-id="f:amount"]')
    hands.click(page.locator(".designer-right button.danger"))
    page.locator("dialog[open] .used-by li").nth(3).wait_for(timeout=10_000)
    hands.press("Escape")
    page.wait_for_selector("dialog[open]", state="detached")
    assert hands.focused() == "f:amount"
    hands.person.check_policy()


@pytest.mark.parametrize("server", ["en"], indirect=True)
def test_every_state_is_accessible(hands, sign_in):
    page = hands.page

    def check(what: str) -> None:
        assert barriers(page) == [], what

    hands.click('[data-id="f:amount"]')
    page.wait_for_timeout(400)
    check("a field selected")
    hands.click(page.get_by_role("button", name=hands.t("form.pane_outline"), exact=True))
    hands.click('[data-id="f:subject"]')
    hands.press("Insert")
    page.wait_for_timeout(100)
    check("the tree, and adding in place")
    hands.press("Escape", "Control+Enter")
    page.wait_for_timeout(1500)
    check("the preview")
    hands.person.check_policy()
    phone = Hands(sign_in("designer", width=390, height=844, theme="dark"))
    phone.open()
    page = phone.page
    check("on a phone, dark")
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 1
    phone.person.check_policy()


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
