"""What every designer has around it: finding things, the navigator, new things, removal with its impact, the phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.accessibility import barriers

pytestmark = [pytest.mark.own_server, pytest.mark.parametrize("server", ["zh-CN"], indirect=True)]

APP = "/design/manufacturing"


def find(page: Page, words: str) -> list[str]:
    """Ctrl+K, type: the names found. On a page that is still on its way the key does nothing yet; people press it again."""
    box = page.get_by_role("dialog").get_by_role("combobox")
    for _ in range(20):
        page.keyboard.press("Control+k")
        page.wait_for_timeout(100)
        if box.count():
            break
        page.wait_for_timeout(400)
    box.fill(words)
    return page.get_by_role("dialog").get_by_role("option").all_inner_texts()


def test_anything_is_found_by_pinyin_initials_english_and_key_and_enter_goes_there(sign_in):
    person = sign_in("designer")
    person.go(APP)
    page = person.page
    expect(page.locator(".navigator-entity").first).to_be_visible()
    for words, name in (("baojiadan", "报价单"), ("bjd", "报价单"), ("Quotation", "报价单"), ("quotation_line", "报价明细"), ("回访", "客户回访"), ("zongjingli", "总经理")):
        assert any(name in found for found in find(page, words)[:6]), words
        if words == "bjd":
            assert barriers(page) == []
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
    assert any("报价单" in found and "交货期" in found for found in find(page, "bjd jiaohuo"))
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/entity/quotation#at="))
    assert find(page, "没有这样的东西") == []
    expect(page.get_by_role("dialog")).to_contain_text("没有找到")
    person.check_policy()


def test_a_new_entity_comes_with_form_and_list_and_is_removed_with_who_uses_it(sign_in):
    person = sign_in("designer")
    person.go(APP)
    page = person.page
    page.get_by_role("navigation", name="应用的组成").get_by_role("button", name="新建对象").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("名称")).to_be_focused()
    page.keyboard.press("Enter")
    expect(dialog).to_contain_text("请填写名称")
    assert barriers(page) == []
    page.keyboard.type("展会")
    expect(dialog.get_by_label("标识")).to_have_value("zhanhui")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{APP}/entity/zhanhui")
    row = page.locator(".navigator-row", has=page.locator(".navigator-entity", has_text="展会"))
    expect(row.locator(".navigator-entity")).to_have_attribute("aria-expanded", "true")
    answer = person.context.request.get(f"{person.server.address}{APP}/findings", headers={"Accept": "application/json"}).json()
    assert [item for item in answer["findings"] if item["level"] == "error"] == []

    # The forms, views and workflow of what others refer to are listed before it goes.
    customers = page.locator(".navigator-row", has=page.locator(".navigator-entity", has_text=re.compile("^客户$")))
    customers.hover()
    customers.get_by_role("button", name="“客户”的操作").click()
    page.get_by_role("menuitem", name="删除").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("重点客户")
    expect(dialog).to_contain_text("仍在引用它")
    assert barriers(page) == []
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)

    row.hover()
    row.get_by_role("button", name="“展会”的操作").click()
    page.get_by_role("menuitem", name="删除").click()
    expect(page.get_by_role("dialog")).to_contain_text("没有其他内容引用它")
    page.get_by_role("dialog").get_by_role("button", name="删除").click()
    page.wait_for_url(f"**{APP}")
    documents = person.context.request.get(f"{person.server.address}{APP}/draft", headers={"Accept": "application/json"}).json()["documents"]
    assert "zhanhui" not in str(documents)
    assert [item["document"]["key"] for item in documents if item["status"] != "published"] == []
    person.check_policy()


@pytest.mark.long
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_on_a_phone_the_parts_and_the_panels_come_up_when_asked_for(sign_in, theme):
    person = sign_in("designer", width=390, height=844, theme=theme)
    page = person.page
    person.go(f"{APP}/form/quotation")
    drawer, panel = page.locator("#navigator"), page.locator(".designer-right")
    expect(drawer).to_be_hidden()
    expect(panel).to_be_hidden()
    page.get_by_role("button", name="应用的组成").click()
    expect(drawer).to_be_visible()
    assert barriers(page) == []
    page.keyboard.press("Escape")
    page.locator(".designer-sheets button").last.click()
    expect(panel).to_be_visible()
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 1
    person.check_policy()


@pytest.mark.long
def test_a_long_list_is_searched_by_keyboard(sign_in):
    person = sign_in("designer")
    person.go(APP)
    page = person.page
    box = page.get_by_role("combobox", name="时区")
    box.click()
    options = page.locator(".options [role=option]")
    expect(page.locator(".options .active")).to_have_text("Asia/Shanghai")
    assert options.count() <= 120, "only what is near is drawn"
    assert barriers(page) == []
    box.fill("tokyo")
    expect(options).to_have_text(["Asia/Tokyo"])
    page.keyboard.press("Enter")
    expect(box).to_have_value("Asia/Tokyo")
    expect(page.locator("#announcer")).to_contain_text("Asia/Tokyo")
    expect(page.locator(".save-state")).to_have_attribute("data-state", "saved", timeout=10_000)
    box.fill("nothing like this")
    expect(options).to_have_text(["没有匹配项"])
    page.keyboard.press("Escape")
    expect(box).to_have_value("Asia/Tokyo")
    page.locator("h1").click()
    page.keyboard.press("Control+z")
    expect(box).to_have_value("Asia/Shanghai")
    # A link waits for the save instead of asking about it.
    page.locator(".navigator").get_by_role("link", name="角色").click()
    page.wait_for_url(f"**{APP}/roles")
    settings = person.context.request.get(f"{person.server.address}{APP}/draft?of=app/manufacturing", headers={"Accept": "application/json"}).json()
    assert settings["documents"][0]["document"]["timezone"] == "Asia/Shanghai"
    person.check_policy()
