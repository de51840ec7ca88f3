"""Two admins at one form, one of them without a connection for a while: both finish, nothing is lost."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.own_server, pytest.mark.parametrize("server", ["en"], indirect=True)]

FORM = "/design/manufacturing/form/quotation"
ENGLISH, CHINESE = re.compile(r"\(English\)$"), re.compile(r"\(中文\)$")


def words(page: Page, language: re.Pattern[str]):
    return page.locator(".designer-right").get_by_role("textbox", name=language).first


def saved(page: Page) -> None:
    expect(page.locator(".save-state")).to_have_attribute("data-state", "saved", timeout=15_000)


def look(page: Page) -> None:
    """Come back to the page: it looks for news at once instead of within 15 seconds."""
    page.evaluate("dispatchEvent(new Event('focus'))")


def stored(person) -> dict:
    """The form as the server has it."""
    found = person.context.request.get(f"{person.server.address}/design/manufacturing/draft?of=form/quotation", headers={"Accept": "application/json"}).json()
    return found["documents"][0]["document"]


def place_field(page: Page, label: str) -> None:
    """Add one of the fields that the form doesn't show yet."""
    page.locator(".designer-left").get_by_role("button", name=re.compile(rf"^{label}")).first.click()


def test_two_admins_edit_one_form_and_one_loses_the_connection(sign_in):
    one, two = sign_in("designer"), sign_in("admin")
    for person in (one, two):
        person.go(FORM)
        expect(words(person.page, ENGLISH)).to_have_value("Quotation")

    # Two works on without a connection; the page says so and keeps it.
    two.context.set_offline(True)
    words(two.page, ENGLISH).fill("Quotation of two")
    place_field(two.page, "Created on")
    expect(two.page.locator(".save-state")).to_have_attribute("data-state", "offline")
    expect(two.page.locator(".designer-trouble")).to_contain_text("connection is lost")

    # Meanwhile one changes another place of the same form.
    words(one.page, CHINESE).fill("报价单（一）")
    place_field(one.page, "Changed by")
    saved(one.page)

    # Back on the line, both sides' work is merged by itself, and each sees the other's.
    two.context.set_offline(False)
    saved(two.page)
    expect(two.page.locator('[data-id="f:changed_by"]')).to_be_visible()
    expect(two.page.locator("h1")).to_have_text("Quotation of two")
    look(one.page)
    expect(one.page.locator("h1")).to_have_text("Quotation of two")
    expect(one.page.locator('[data-id="f:created_on"]')).to_be_visible()
    text = json.dumps(stored(one))
    assert stored(one)["label"] == {"zh-CN": "报价单（一）", "en": "Quotation of two"}
    assert '"created_on"' in text
    assert '"changed_by"' in text

    # Undo takes back the author's own work and leaves the colleague's.
    undo = two.page.get_by_role("button", name=re.compile("^Undo"))
    while undo.is_enabled():
        undo.click()
    saved(two.page)
    assert stored(two)["label"] == {"zh-CN": "报价单（一）", "en": "Quotation"}
    assert '"changed_by"' in json.dumps(stored(two))
    assert '"created_on"' not in json.dumps(stored(two))
    one.check_policy()
    two.check_policy()


@pytest.mark.long
def test_where_both_changed_the_same_place_both_versions_are_shown(sign_in):
    one, two = sign_in("designer"), sign_in("admin")
    for person in (one, two):
        person.go(FORM)
        expect(words(person.page, ENGLISH)).to_be_visible()
    two.context.set_offline(True)
    words(two.page, ENGLISH).fill("Offer of two")
    words(two.page, CHINESE).fill("报价（二）")
    words(one.page, ENGLISH).fill("Offer of one")
    saved(one.page)
    two.context.set_offline(False)

    dialog = two.page.get_by_role("dialog")
    expect(dialog).to_contain_text("Offer of one")
    expect(dialog).to_contain_text("Offer of two")
    expect(dialog).to_contain_text("Wu Jing")
    two.page.keyboard.press("Escape")
    expect(dialog).to_be_visible()
    finish = dialog.get_by_role("button", name="Save my choice")
    expect(finish).to_be_disabled()
    dialog.get_by_role("radio", name=re.compile("Offer of one")).check()
    finish.click()
    saved(two.page)

    assert stored(one)["label"] == {"zh-CN": "报价（二）", "en": "Offer of one"}
    expect(words(two.page, ENGLISH)).to_have_value("Offer of one")
    two.check_policy()


@pytest.mark.long
def test_a_page_closed_in_the_middle_offers_what_was_not_saved(sign_in):
    person = sign_in("designer")
    person.go(FORM)
    expect(words(person.page, ENGLISH)).to_be_visible()
    person.context.set_offline(True)
    words(person.page, ENGLISH).fill("Typed on the train")
    expect(person.page.locator(".save-state")).to_have_attribute("data-state", "offline")
    person.page.wait_for_timeout(400)
    person.page.close(run_before_unload=False)
    person.context.set_offline(False)

    person.page = page = person.context.new_page()
    person.go(FORM)
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Typed on the train")
    dialog.get_by_role("button", name="Restore").click()
    saved(page)
    assert stored(person)["label"]["en"] == "Typed on the train"
    person.go(FORM)
    page.wait_for_timeout(700)
    expect(page.get_by_role("dialog")).to_have_count(0)


@pytest.mark.long
def test_after_the_session_ended_the_page_goes_on_by_itself(sign_in):
    person = sign_in("designer")
    person.go(FORM)
    expect(words(person.page, ENGLISH)).to_be_visible()
    person.context.clear_cookies()
    words(person.page, ENGLISH).fill("Typed after the session ended")
    expect(person.page.locator(".save-state")).to_have_attribute("data-state", "signed_out")

    with person.context.expect_page() as opened:
        person.page.get_by_role("link", name="Sign in again").click()
    tab = opened.value
    tab.fill("#login", "designer")
    tab.fill("#password", person.server.passwords["designer"])
    tab.click("main button.primary")
    tab.wait_for_url("**/design")
    tab.close()
    saved(person.page)
    assert stored(person)["label"]["en"] == "Typed after the session ended"
    expect(words(person.page, ENGLISH)).to_have_value("Typed after the session ended")
    person.check_policy()


@pytest.mark.long
def test_a_form_that_a_colleague_removed_is_not_lost_to_who_was_at_work_on_it(sign_in):
    one, two = sign_in("designer"), sign_in("admin")
    path = "/design/manufacturing/form/quotation_review"
    for person in (one, two):
        person.go(path)
        expect(words(person.page, ENGLISH)).to_be_visible()
    two.context.set_offline(True)
    words(two.page, ENGLISH).fill("Still needed")

    one.page.mouse.move(640, 450)  # away from the corner, where the rail of apps opens over the navigator
    one.page.locator(".navigator-row", has=one.page.locator('[aria-current="page"]')).hover()
    one.page.locator(".navigator-row", has=one.page.locator('[aria-current="page"]')).get_by_role("button").click()
    one.page.get_by_role("menuitem", name="Remove").click()
    one.page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    one.page.wait_for_url("**/design/manufacturing")

    two.context.set_offline(False)
    dialog = two.page.get_by_role("dialog")
    expect(dialog).to_contain_text("removed")
    dialog.get_by_role("button", name="Keep my version").click()
    saved(two.page)
    found = two.context.request.get(f"{two.server.address}/design/manufacturing/draft?of=form/quotation_review", headers={"Accept": "application/json"}).json()
    assert found["documents"][0]["document"]["label"]["en"] == "Still needed"
    two.check_policy()
