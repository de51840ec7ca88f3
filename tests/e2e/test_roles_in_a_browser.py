"""Roles, views as somebody else, and translations, by keyboard in a real browser."""

from __future__ import annotations

import csv
import io

import pytest

pytestmark = [pytest.mark.own_server, pytest.mark.parametrize("server", ["zh-CN"], indirect=True)]
APP = "/design/manufacturing"


def saved(page) -> None:
    page.wait_for_selector(".save-state[data-state=saved]")


def test_rights_are_set_by_keys_and_taken_back(sign_in):
    person = sign_in("designer")
    page = person.page
    person.go(f"{APP}/roles")
    cell = page.locator("td[data-cell='2:1']")
    cell.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    place = page.evaluate("document.activeElement.dataset.cell")
    assert place == "4:1"
    before = page.locator(f"td[data-cell='{place}']").get_attribute("class")
    page.keyboard.press("1")  # own
    assert "own" in page.locator(f"td[data-cell='{place}']").get_attribute("class")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("4")  # all of the block
    assert page.locator("td[data-cell='5:1'].all, td[data-cell='6:1'].all").count() >= 1
    saved(page)
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    assert page.locator(f"td[data-cell='{place}']").get_attribute("class").split()[:2] == before.split()[:2]
    assert page.evaluate("document.activeElement.dataset.cell") == place  # undo leads back to where it was
    saved(page)
    person.check_policy()


@pytest.mark.long
def test_a_field_is_hidden_from_a_role_by_keys(sign_in):
    person = sign_in("designer")
    page = person.page
    person.go(f"{APP}/roles")
    page.locator("th[data-cell='2:0']").focus()
    page.keyboard.press("Enter")  # the entity's fields
    page.wait_for_selector(".roles-grid.fields")
    page.locator("td[data-cell='2:1']").focus()
    page.keyboard.press("h")
    assert "hidden named" in page.locator("td[data-cell='2:1']").get_attribute("class")
    page.keyboard.press("Delete")
    assert "named" not in page.locator("td[data-cell='2:1']").get_attribute("class")
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    page.keyboard.press("Escape")
    page.wait_for_selector(".roles-grid:not(.fields)")
    saved(page)
    person.check_policy()


@pytest.mark.long
def test_an_administrator_views_as_a_role_and_asks_why(sign_in):
    person = sign_in("admin")
    page = person.page
    person.go(f"{APP}/role/service")
    page.click(".roles-tools button:has(use[href$='#eye'])")
    page.click("dialog footer .primary")
    page.wait_for_selector(".sight")
    person.go("/a/manufacturing/quotation")
    assert page.locator(".sight").count() == 1
    page.click(".sight button")
    page.wait_for_url(f"{person.server.address}/")
    assert page.locator(".sight").count() == 0
    person.go(f"{APP}/role/sales")
    page.click(".roles-tools button:has(use[href$='#circle-help'])")
    page.get_by_role("combobox", name="对象", exact=True).click()
    page.keyboard.type("chanpin")
    page.keyboard.press("Enter")
    page.get_by_role("combobox", name="字段", exact=True).click()
    page.keyboard.type("底价")
    page.keyboard.press("Enter")
    page.wait_for_selector(".why-verdict[data-allowed=no]")
    assert "隐藏此字段" in page.locator(".why-grounds").last.inner_text()
    person.check_policy()


@pytest.mark.long
def test_texts_are_edited_in_place_and_come_in_as_a_table(sign_in, tmp_path):
    person = sign_in("designer")
    page = person.page
    person.go(f"{APP}/translations")
    page.locator("[role=search] input[type=search]").fill("entity/lead/label")
    cell = page.locator("td[data-cell='0:2']")
    cell.focus()
    page.keyboard.type("Prospect")  # typing begins at once
    page.keyboard.press("Enter")
    assert cell.inner_text().startswith("Prospect")
    saved(page)
    with page.expect_download() as started:
        page.click("a[download]")
    rows = list(csv.reader(io.StringIO(started.value.path().read_bytes().decode("utf-8-sig"), newline="")))
    by_path = {row[0]: row for row in rows}
    assert by_path["entity/lead/label"][3] == "Prospect"
    out = io.StringIO()
    csv.writer(out).writerows([rows[0], ["entity/lead/label", "", "", "Enquiry"], ["entity/nothing/label", "", "", "x"]])
    path = tmp_path / "texts.csv"
    path.write_bytes(out.getvalue().encode("utf-8-sig"))
    page.set_input_files("input[type=file]", path)
    page.wait_for_selector(".take-problems li")
    assert page.locator(".take-problems li").count() == 1
    page.click("dialog footer .primary")
    assert cell.inner_text().startswith("Enquiry")
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    assert cell.inner_text() == "Lead"
    saved(page)
    person.check_policy()
