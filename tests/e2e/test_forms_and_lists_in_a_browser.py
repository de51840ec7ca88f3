"""What the scripts of work pages do: live forms, rows, lookups, drafts, failures, lists; by keyboard where it counts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from engine.kernel.errors import Problem
from tests.e2e import shop_pages
from tests.e2e.conftest import WATCH, missing


@pytest.fixture(scope="module")
def site() -> Iterator[shop_pages.Site]:
    if not (shop_pages.BUILD / "manifest.json").exists():
        missing("the web assets are not built (npm run build)")
    with shop_pages.running() as found:
        yield found


@pytest.fixture
def page(browser: Any, site: shop_pages.Site) -> Iterator[Any]:
    """A fresh tab; at the end nothing may have broken the content policy or a script."""
    site.status, site.problems = 204, ()
    site.posted.clear()
    context = browser.new_context(viewport={"width": 1280, "height": 900}, base_url=site.address)
    context.add_init_script(WATCH)
    found = context.new_page()
    errors: list[str] = []
    found.on("pageerror", lambda error: errors.append(str(error)))
    yield found
    assert found.evaluate("window.violations || []") == []
    assert errors == []
    context.close()


def until(page: Any, question: str) -> None:
    """Wait for a yes. Playwright's own wait makes code of a string, which the content policy refuses."""
    for _ in range(150):
        if page.evaluate(question):
            return
        page.wait_for_timeout(30)
    pytest.fail(f"still no: {question}")


def open_form(page: Any) -> None:
    page.goto("/form")
    until(page, "customElements.get('fw-combobox') !== undefined")
    page.wait_for_timeout(50)  # the guard takes its snapshot after the rules have settled


def focused(page: Any) -> str:
    return page.evaluate("document.activeElement.id")


def row_order(page: Any) -> list[str]:
    return page.evaluate("[...document.querySelectorAll('[data-row]')].map(row => row.dataset.row)")


def outputs(page: Any) -> list[str]:
    return [page.inner_text(f"#f-{key}") for key in ("total", "margin")]


def test_sums_and_formulas_follow_what_is_typed_and_agree_with_the_server_at_first(page):
    open_form(page)
    assert outputs(page) == ["250.50", "110.50"]

    page.fill("#f-lines-0-quantity", "10")

    assert outputs(page) == ["1,050.50", "430.50"]
    assert page.inner_text("[data-row='0'] output") == "1,000.00"
    assert page.inner_text("tfoot output") == "1,050.50"


def test_a_field_that_a_rule_hides_is_neither_shown_nor_posted(page, site):
    open_form(page)
    assert not page.is_visible("#f-reason")
    assert page.is_disabled("#f-reason")

    page.select_option("#f-result", "lost")

    assert page.is_visible("#f-reason")
    assert page.get_attribute("#f-reason", "aria-required") == "true"
    page.fill("#f-reason", "Price")
    page.select_option("#f-result", "won")
    page.click("button.primary")
    page.wait_for_url("**/list")
    assert "reason" not in site.posted[0]
    assert site.posted[0]["result"] == "won"


def test_a_rule_that_looks_through_a_reference_asks_the_server(page):
    open_form(page)
    page.select_option("#f-result", "lost")
    assert page.is_enabled("#f-reason")

    page.fill("#f-account", "gear")
    page.wait_for_selector("#f-account-list [role=option]")
    page.keyboard.press("Enter")

    until(page, "document.querySelector('#f-reason').disabled")


def test_rows_are_added_filled_moved_and_removed_by_keyboard(page, site):
    open_form(page)
    page.focus("#f-lines-1-quantity")
    page.keyboard.press("Enter")
    assert row_order(page) == ["0", "1", "2"]
    assert focused(page) == "f-lines-2-product"

    page.keyboard.type("spin")
    page.wait_for_selector("#f-lines-2-product-list [role=option]")
    page.keyboard.press("Enter")
    until(page, "document.querySelector('#f-lines-2-price').value === '99.50'")
    assert page.input_value("#f-lines-2-quantity") == "1", "the default of the field"

    page.keyboard.press("Alt+ArrowUp")
    assert row_order(page) == ["0", "2", "1"]
    assert focused(page) == "f-lines-2-product", "the focus stays with its row"
    assert outputs(page)[0] == "350.00"

    page.focus("[data-row='0'] [data-row-remove]")
    page.keyboard.press("Enter")
    assert row_order(page) == ["2", "1"]
    page.click(".toast .link")
    assert row_order(page) == ["0", "2", "1"]

    page.click("button.primary")
    page.wait_for_url("**/list")
    assert [(line.get("id"), line["quantity"]) for line in site.posted[0]["lines"]] == [
        (str(shop_pages.IDS[0]), "2"), (None, "1"), (str(shop_pages.IDS[1]), "1"),
    ]  # fmt: skip


def test_what_is_saved_before_its_default_has_come_is_left_to_the_server(page, site):
    held = []

    def hold(route) -> None:
        held.append(route)  # the answer is on its way, and stays there

    page.route("**/scope?*", hold)
    open_form(page)
    page.focus("#f-lines-1-quantity")
    page.keyboard.press("Enter")
    page.keyboard.type("spin")
    page.wait_for_selector("#f-lines-2-product-list [role=option]")
    page.keyboard.press("Enter")
    until(page, "document.querySelector('input[name=lines-2-product]').value !== ''")

    page.click("button.primary")
    page.wait_for_url("**/list")

    assert held, "the page asked for the price"
    assert "price" not in site.posted[0]["lines"][2]
    assert "price" in site.posted[0]["lines"][1], "a price that stood there is sent"


def test_cells_of_a_spreadsheet_are_pasted_across_and_down(page):
    open_form(page)
    page.focus("#f-lines-1-quantity")
    page.evaluate("""() => {
        const data = new DataTransfer(); data.setData('text/plain', '5\\t1,000.5\\r\\n6\\t200\\r\\n')
        document.activeElement.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true}))}""")

    assert row_order(page) == ["0", "1", "2"]
    assert page.input_value("#f-lines-1-quantity") == "5"
    assert page.input_value("#f-lines-2-price").startswith("200")
    assert outputs(page)[0] == "6,402.50"


def test_a_lookup_takes_a_choice_by_keyboard_and_no_text_without_one(page):
    open_form(page)
    page.fill("#f-account", "valve")
    page.wait_for_selector("#f-account-list [role=option]")
    assert page.get_attribute("#f-account", "aria-expanded") == "true"
    assert page.get_attribute("#f-account", "aria-activedescendant") == "f-account-list-0"
    page.keyboard.press("Enter")
    assert page.input_value("input[name=account]") == str(shop_pages.IDS[1])

    page.fill("#f-account", "zzz")
    page.wait_for_selector("#f-account-list [aria-disabled]")
    page.keyboard.press("Tab")
    until(page, "document.querySelector('#f-account').value === ''")
    assert page.input_value("input[name=account]") == ""


def test_numbers_and_days_are_put_right_as_they_are_left(page):
    open_form(page)
    page.fill("#f-lines-0-price", "１，２３４．５")
    page.fill("#f-due", "2026年1月4日")
    page.keyboard.press("Tab")

    assert page.input_value("#f-lines-0-price") == "1,234.50"
    assert page.input_value("#f-due") == "2026-01-04"


def test_leaving_a_changed_form_asks_and_a_reload_offers_what_was_typed(page):
    page.on("dialog", lambda dialog: dialog.accept())
    open_form(page)
    page.fill("#f-subject", "Typed")
    page.focus("#f-lines-1-price")
    page.keyboard.press("Enter")
    page.wait_for_selector("form[data-changed]")

    page.click("#away")
    assert page.locator("dialog[open]").count() == 1
    page.keyboard.press("Escape")
    assert page.url.endswith("/form")

    page.reload()
    page.click(".draft .button >> nth=0")
    assert page.input_value("#f-subject") == "Typed"
    assert row_order(page) == ["0", "1", "2"]


def test_a_refused_save_moves_the_focus_to_the_summary_and_its_links_open_tabs(page, site):
    site.status = 422
    site.problems = (
        Problem("field.text.unreadable", {"value": "x"}, ("subject",)),
        Problem("field.text.unreadable", {"value": "x"}, ("tags",)),
    )
    open_form(page)
    page.fill("#f-subject", "Kept")
    page.click("button.primary")
    page.wait_for_selector("[data-summary]")

    assert page.evaluate("document.activeElement.hasAttribute('data-summary')")
    assert page.input_value("#f-subject") == "Kept"
    assert page.get_attribute("#f-subject", "aria-invalid") == "true"
    page.click("[data-summary] a >> nth=1")
    assert focused(page) == "f-tags"
    assert page.is_visible("#f-tags")


FAILURES = {
    500: "our side",
    401: "session has ended",
    403: "may not",
    413: "larger",
    None: "No connection",
}


def test_whatever_fails_nothing_typed_is_lost(page, site):
    open_form(page)
    page.fill("#f-subject", "Kept")
    for status, words in FAILURES.items():
        site.status = status or 204
        page.context.set_offline(status is None)
        page.click("button.primary")

        page.wait_for_selector(f".toast[data-tone=bad]:has-text('{words}')")
        assert page.input_value("#f-subject") == "Kept"
        assert page.get_attribute("button.primary", "aria-disabled") is None


def test_the_boxes_of_a_list_are_ticked_in_a_range_and_sent_together(page, site):
    page.goto("/list")
    page.locator("[data-select]").nth(1).check()
    page.locator("[data-select]").nth(3).click(modifiers=["Shift"])
    assert page.inner_text("[data-count-text]") == "3 selected"

    page.click("[data-bulk-post]")
    page.wait_for_selector(".toast")
    assert site.bulk == [str(identity) for identity in shop_pages.IDS[1:4]]


def test_a_filter_is_built_by_kind_of_field(page):
    page.goto("/list")
    page.wait_for_selector(".filter-row")
    selects = page.locator(".filter-row select")
    selects.nth(0).select_option("status")
    selects.nth(1).select_option("one_of")
    for name in ("Draft", "Sent"):
        page.click(".filter-row [role=combobox]")
        page.click(f"[role=option]:visible:has-text('{name}')")
    page.click("[data-filter-add]")
    second = page.locator(".filter-row").nth(1)
    second.locator("select").nth(0).select_option("total")
    second.locator("select").nth(1).select_option("between")
    second.locator("input.input").nth(0).fill("1,000")
    second.locator("input.input").nth(1).fill("2000")

    assert json.loads(page.input_value("input[name=where]")) == [
        ["status", "one_of", ["draft", "sent"]],
        ["total", "between", "1000", "2000"],
    ]


def test_a_state_offers_its_moves_beside_it(page):
    page.goto("/list")
    page.locator("[data-moves]").first.click()
    page.wait_for_selector("#moves [role=menuitem]")
    until(page, "document.activeElement.getAttribute('role') === 'menuitem'")

    page.keyboard.press("Enter")
    page.wait_for_selector(".toast")
    assert not page.is_visible("#moves")


def test_columns_are_chosen_and_put_in_order(page):
    page.goto("/list")
    page.wait_for_selector("[data-choose]")
    page.locator("[data-choose] [data-down]").first.click()
    page.locator("[data-choose] input").nth(2).check()

    assert page.input_value("[data-columns] input[name=columns]") == "status,number,due"


def test_one_key_goes_to_the_search(page):
    page.goto("/list")
    page.wait_for_selector(".filter-row")
    page.keyboard.press("/")

    assert focused(page) == "search"
