"""Conditions, formulas and the preview in a browser: rows by keyboard alone, errors at their word, a form as somebody else sees it."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.accessibility import barriers

pytestmark = pytest.mark.own_server

WORDS = {
    "zh-CN": {"add": "添加条件", "text": "文本编辑", "rows": "条件编辑", "try": "试算", "field": "字段", "operator": "比较方式", "value": "值", "group": "添加条件组", "clear": "清除",
              "summary": "报价金额 大于 100,000", "all": "报价金额 大于 100,000 且（付款条件 为 月结 60 天）", "amount": "baojiajine", "net": "月结 60", "terms": "付款条件", "wrong": "amunt", "yes": "是", "insert": "插入字段…"},
    "en": {"add": "Add condition", "text": "As text", "rows": "As rows", "try": "Try it", "field": "Field", "operator": "Operator", "value": "Value", "group": "Add group", "clear": "Clear",
           "summary": "Amount is more than 100,000", "all": "Amount is more than 100,000 and (Payment terms is Net 60)", "amount": "Amount", "net": "Net 60", "terms": "Payment terms", "wrong": "amunt", "yes": "yes", "insert": "Insert a field…"},
}


def at_rule(person: Any, entity: str = "quotation") -> None:
    """The page of all conditions, at the first rule of an entity."""
    person.go("/design/manufacturing/expressions")
    place = person.page.evaluate(
        "entity => JSON.parse(document.getElementById('designer-boot').textContent).more.expressions.findIndex(each => each.address === `entity/${entity}` && each.path.join('.') === 'rules.0.check')",
        entity,
    )
    person.go(f"/design/manufacturing/expressions?at={place}")
    expect(person.page.locator(".condition-row").first).to_be_visible()


def text_in_draft(page: Any) -> str:
    return page.evaluate(
        "fetch('/design/manufacturing/draft').then(answer => answer.json()).then(answer => answer.documents.find(each => each.document.kind === 'entity' && each.document.key === 'quotation').document.rules[0].check)"
    )


@pytest.mark.parametrize("server", ["zh-CN"], indirect=True)
def test_a_nested_condition_is_built_by_keyboard_alone(sign_in, server):
    words = WORDS[server.language]
    person = sign_in("designer")
    page = person.page
    at_rule(person)
    press = page.keyboard.press

    page.get_by_role("button", name=words["clear"], exact=True).focus()
    press("Enter")
    page.get_by_role("button", name=words["add"]).focus()
    press("Enter")  # the focus goes into the new row's field
    expect(page.get_by_role("combobox", name=words["field"])).to_be_focused()
    page.keyboard.type(words["amount"])
    press("Enter")
    press("Tab")
    expect(page.get_by_role("combobox", name=words["operator"])).to_be_focused()
    press("ArrowDown")
    press("ArrowDown")  # equals, does not equal, is more than
    press("Tab")
    press("Tab")
    page.keyboard.type("100,000")
    expect(page.locator(".condition-words")).to_have_text(words["summary"])

    page.get_by_role("button", name=words["group"]).focus()
    press("Enter")
    expect(page.get_by_role("combobox", name=words["field"]).nth(1)).to_be_focused()
    page.keyboard.type(words["terms"])
    press("Enter")
    for _ in range(3):
        press("Tab")
    page.keyboard.type(words["net"])
    press("Enter")
    expect(page.locator(".save-state")).to_have_attribute("data-state", "saved")
    assert text_in_draft(page) == 'amount > 100000 and payment_terms = "net60"'

    press("Control+d")  # the row once more, and away again
    expect(page.locator(".condition-row")).to_have_count(3)
    press("Control+Delete")
    expect(page.locator(".condition-row")).to_have_count(2)
    assert barriers(page) == []
    person.check_policy()


@pytest.mark.long
@pytest.mark.parametrize("server", ["en"], indirect=True)
def test_text_shows_its_error_at_the_word_completes_and_gives_a_result(sign_in, server):
    words = WORDS[server.language]
    person = sign_in("designer", theme="dark")
    page = person.page
    at_rule(person)
    page.get_by_role("button", name=words["text"]).click()
    area = page.locator(".formula textarea")

    area.fill("amunt > 1 and subject")
    expect(page.locator(".formula mark").first).to_have_text("amunt")
    expect(area).to_have_attribute("aria-invalid", "true")
    expect(page.locator(".formula-state .problem").first).to_contain_text("amount")  # did you mean
    assert barriers(page) == []
    assert area.input_value() == "amunt > 1 and subject"

    area.fill("")
    area.press_sequentially("baojiaj" if server.language == "zh-CN" else "amoun")
    expect(page.get_by_role("option").first).to_contain_text("amount")
    area.press("Enter")
    area.press_sequentially(' > 1000 and payment_terms = "')
    area.press("Control+Space")
    page.get_by_role("option").filter(has_text="net60").click()
    area.press_sequentially(" or account.le")
    area.press("Enter")
    area.press_sequentially(' = "a"')
    assert area.input_value() == 'amount > 1000 and payment_terms = "net60" or account.level = "a"'

    page.get_by_role("button", name=words["try"]).click()
    expect(page.locator(".formula-trial .result")).to_be_visible()
    expect(page.locator(".formula-trial dl > div")).to_have_count(3)
    area.fill("amount > 0")
    expect(page.locator(".formula-trial .result")).to_have_text(words["yes"])
    assert barriers(page) == []
    person.check_policy()


@pytest.mark.parametrize(("server", "width", "theme"), [pytest.param("zh-CN", 390, "light", marks=pytest.mark.long), ("en", 1280, "dark")], indirect=["server"])
def test_the_preview_runs_the_rules_and_saves_nothing(sign_in, server, theme, width):
    person = sign_in("designer", theme=theme, width=width)
    page = person.page
    language = "en" if server.language == "zh-CN" else "zh-CN"
    device = "phone" if width < 600 else "desktop"
    person.go(f"/design/manufacturing/preview/quotation?device={device}&role=sales&language={language}&record=none")

    assert page.locator("html").get_attribute("lang") == language
    subject = page.locator("[name=subject]")
    subject.fill("Trial")
    box = page.locator("[data-field=account] [role=combobox]")
    box.click()
    page.locator("li[role=option]:not([aria-disabled])").first.click()
    expect(page.locator("[data-field=account] input[type=hidden]")).not_to_have_value("")
    page.locator(".action-bar .primary").click()
    expect(page.locator(".toast")).to_be_visible()
    expect(subject).to_have_value("Trial")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert barriers(page) == []
    person.check_policy()
