"""Journeys with packs: the first screen of an empty installation, and a module that is added later."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import SLOW, Person, start, stop


def test_the_first_screen_leads_to_a_working_crm_and_its_samples_can_go(browser, tmp_path):
    site = start("zh-CN", tmp_path / "data", "--pack", "none")
    try:
        admin = Person(browser, site, "admin", by_hand=True)
        page = admin.page
        page.set_default_timeout(SLOW)
        expect(page).to_have_url(re.compile("/design/new/welcome$"))
        page.get_by_role("radio", name=re.compile("^制造业")).check()
        page.get_by_role("button", name="开始").click()
        page.get_by_role("link", name="开始使用").click(timeout=SLOW)
        expect(page.locator(".note")).to_contain_text("示例数据")
        admin.go("/a/manufacturing/account")
        assert page.locator("a.row-link").count() > 5
        admin.go("/")
        page.get_by_role("link", name="清除示例数据").click()
        page.get_by_role("button", name=re.compile("^清除 .* 条示例记录")).click()
        expect(page.locator("h1")).to_have_text("示例数据已清除", timeout=SLOW)
        admin.go("/a/manufacturing/account")
        assert page.locator("a.row-link").count() == 0
        admin.go("/")
        expect(page.get_by_role("link", name="清除示例数据")).to_have_count(0)
        admin.check_policy()
        admin.close()
    finally:
        stop(site)


@pytest.mark.long
@pytest.mark.own_server
def test_a_module_that_was_left_out_is_added_later_with_its_pages(browser, tmp_path):
    site = start("en", tmp_path / "data", "--pack", "none")
    try:
        admin = Person(browser, site, "admin", by_hand=True)
        page = admin.page
        page.set_default_timeout(SLOW)
        admin.go("/design/packs/shelf/clinic")
        page.get_by_role("checkbox", name=re.compile("^Cards")).uncheck()
        page.get_by_role("button", name="Install").click()
        page.get_by_role("link", name="Use it").click(timeout=SLOW)
        admin.go("/a/clinic/charge")
        assert page.locator("a.row-link").count() > 0
        expect(page.get_by_role("link", name="Cards", exact=True)).to_have_count(0)
        admin.go("/design/clinic/pack")
        page.get_by_role("button", name="Add Cards").click()
        expect(page.get_by_role("button", name="Add Cards")).to_have_count(0, timeout=SLOW)
        expect(page.locator(".note.ok")).to_contain_text("Cards")
        admin.go("/a/clinic/membership_card/new")
        expect(page.locator("form#form")).to_be_visible()
        admin.check_policy()
        admin.close()
    finally:
        stop(site)
