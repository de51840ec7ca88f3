"""Boards, lists and calendars at work by mouse and by keyboard, and the view designer by keyboard alone."""

from __future__ import annotations

from typing import Any

import pytest

from tests.e2e.accessibility import barriers

LEADS = "/a/manufacturing/lead"
BOARD = f"{LEADS}?view=leads_board"
LONG_ENOUGH = 20000


def until(page: Any, question: str) -> None:
    """Wait for a yes. Playwright's own wait makes code of a string, which the content policy refuses."""
    for _ in range(LONG_ENOUGH // 50):
        if page.evaluate(question):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"still no: {question}")


def open_board(person: Any) -> Any:
    """The board, once cards can be dragged."""
    page = person.page
    person.go(BOARD)
    until(page, "document.querySelector('[data-move]')?.draggable === true")
    return page


def cards(page: Any, column: str) -> list[str]:
    return page.locator(f"[data-column={column}] [data-card]").evaluate_all("all => all.map(card => card.dataset.card)")


def drag(page: Any, card: str, column: str) -> None:
    """With a real mouse, in small steps, as a hand does."""
    page.evaluate(f"document.getElementById('card-{card}').scrollIntoView({{block: 'nearest'}})")
    start = page.locator(f"#card-{card} header").bounding_box()
    end = page.locator(f"[data-column={column}]").bounding_box()
    page.mouse.move(start["x"] + 20, start["y"] + 30)
    page.mouse.down()
    page.mouse.move(start["x"] + 26, start["y"] + 38, steps=4)
    page.mouse.move(end["x"] + 60, end["y"] + 120, steps=10)
    for step in range(40):  # the browser tells of a drag when it has time to
        page.mouse.move(end["x"] + 64 + step % 3, end["y"] + 124, steps=2)
        if page.locator(f"[data-column={column}].over").count():
            break
        page.wait_for_timeout(50)
    page.mouse.up()


def where(page: Any, card: str) -> str:
    return f"document.getElementById('card-{card}')?.closest('[data-column]')?.dataset.column"


@pytest.mark.parametrize("server", ["zh-CN"], indirect=True)
def test_a_card_is_dragged_where_the_workflow_lets_it_and_comes_back_where_not(sign_in):
    person = sign_in("salesmanager", width=1600)
    page = open_board(person)
    card = cards(page, "new")[0]
    drag(page, card, "following")
    until(page, f"{where(page, card)} === 'following' && !document.querySelector('#card-{card}[aria-busy]')")
    until(page, f"document.activeElement?.closest('[data-card]')?.dataset.card === '{card}'")
    assert page.locator(".toast[data-tone=ok]").count() == 1
    assert page.locator("#list .shell").count() == 0

    other = cards(page, "new")[0]
    drag(page, other, "converted")
    page.locator(".toast[data-tone=bad]").wait_for(timeout=LONG_ENOUGH)
    until(page, f"{where(page, other)} === 'new'")
    person.check_policy()


@pytest.mark.parametrize("server", ["en"], indirect=True)
def test_a_move_asks_for_what_its_step_requires_and_goes_back_on_cancel(sign_in):
    person = sign_in("salesmanager", width=1600)
    page = open_board(person)
    card = cards(page, "following")[0]
    drag(page, card, "invalid")
    page.locator("#step-dialog[open]").wait_for(timeout=LONG_ENOUGH)
    until(page, f"{where(page, card)} === 'following'")
    page.keyboard.press("Escape")
    until(page, "!document.querySelector('dialog[open]')")

    drag(page, card, "invalid")
    page.locator("#step-dialog[open]").wait_for(timeout=LONG_ENOUGH)
    page.locator("#step-dialog [name=lost_reason]").fill("Price")
    page.locator("#step-dialog footer .primary").click()
    until(page, f"{where(page, card)} === 'invalid' && !document.querySelector('dialog[open]')")
    person.check_policy()


@pytest.mark.parametrize("server", ["zh-CN"], indirect=True)
def test_cards_are_moved_by_keyboard_alone(sign_in):
    person = sign_in("salesmanager", width=1600)
    page = open_board(person)
    page.locator("[data-column=new] [data-card] a").first.focus()
    page.keyboard.press("ArrowDown")
    card = page.evaluate("document.activeElement.closest('[data-card]').dataset.card")
    assert card == cards(page, "new")[1]
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.closest('[data-column]').dataset.column") == "following"
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("m")
    until(page, "document.activeElement?.getAttribute('role') === 'menuitem'")
    card = page.evaluate("document.querySelector('#moves [hx-post]').getAttribute('hx-post').split('/')[4]")
    page.keyboard.press("Enter")
    until(page, f"{where(page, card)} === 'following'")
    until(page, f"document.activeElement?.closest('[data-card]')?.dataset.card === '{card}'")
    person.check_policy()


@pytest.mark.parametrize("server", ["en"], indirect=True)
def test_values_are_changed_in_the_list_by_keyboard(sign_in):
    person = sign_in("salesmanager")
    page = person.page
    person.go(f"{LEADS}?view=leads_open")
    until(page, "document.querySelectorAll('.edit-cell[tabindex=\"0\"]').length === 1")
    first = page.locator(".edit-cell[data-field=next_contact_on]").first
    record = first.evaluate("cell => cell.closest('tr').dataset.id")
    first.focus()
    page.keyboard.press("Enter")
    page.locator(".cell-form .input").wait_for(timeout=LONG_ENOUGH)
    until(page, "document.activeElement?.closest('.cell-form') !== null")
    page.keyboard.press("Control+A")
    page.keyboard.type("nonsense")
    page.keyboard.press("Enter")
    page.locator(".cell-form .problem").wait_for(timeout=LONG_ENOUGH)
    page.keyboard.press("Control+A")
    page.keyboard.type("2027-01-15")
    page.keyboard.press("Enter")
    until(page, "!document.querySelector('.cell-form')")
    row = page.locator(f'tr[data-id="{record}"]')
    assert "2027" in row.inner_text()
    assert page.evaluate("document.activeElement.dataset.field") == "next_contact_on"
    assert page.evaluate("document.activeElement.closest('tr').dataset.id") == record

    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.closest('tr').dataset.id") != record
    page.keyboard.press("F2")
    page.locator(".cell-form").wait_for(timeout=LONG_ENOUGH)
    page.keyboard.press("Control+A")
    page.keyboard.type("2027-02-02")
    page.keyboard.press("Escape")
    until(page, "!document.querySelector('.cell-form')")
    assert "2027-02-02" not in page.locator("#list").inner_text()
    person.check_policy()


@pytest.mark.parametrize("server", ["zh-CN"], indirect=True)
def test_the_month_is_walked_by_arrows(sign_in):
    person = sign_in("service")
    page = person.page
    person.go("/a/manufacturing/service_order?view=services_calendar&month=2026-11")
    until(page, "document.querySelectorAll('[data-day][tabindex=\"0\"]').length === 1")
    page.locator('[data-day="2026-11-30"]').focus()
    for _ in range(7):
        page.keyboard.press("ArrowRight")
    until(page, "document.activeElement?.dataset?.day === '2026-12-07' && document.activeElement.closest('td').className.indexOf('outside') < 0")
    page.keyboard.press("PageUp")
    until(page, "document.querySelector('[data-calendar] [data-step=next]').getAttribute('href').includes('month=2026-12')")
    person.check_policy()


@pytest.mark.parametrize("server", [pytest.param("en", marks=pytest.mark.long), "zh-CN"], indirect=True)
def test_views_have_no_findings(sign_in, server):
    width, theme = (1280, "light") if server.language == "en" else (390, "dark")
    person = sign_in("salesmanager", width=width, theme=theme)
    found = {}
    for place in (BOARD, f"{LEADS}?view=leads_cards", f"{LEADS}?view=leads_open", "/a/manufacturing/quotation?view=quotations_grouped",
                  "/a/manufacturing/return_visit?view=visits_calendar"):
        person.go(place)
        person.page.wait_for_timeout(300)
        wrong = barriers(person.page)
        overflow = person.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wrong or overflow > 1:
            found[place] = (wrong, overflow)
        person.check_policy()
    assert found == {}


def heads(page: Any) -> str:
    """The columns of the preview, as a question to wait for."""
    return "[...document.querySelector('.view-canvas iframe').contentDocument.querySelectorAll('th[data-head]')].map(head => head.dataset.head).join(' ')"


@pytest.mark.own_server
@pytest.mark.parametrize("server", ["zh-CN"], indirect=True)
def test_a_view_is_designed_by_keyboard_alone(sign_in):
    person = sign_in("designer", width=1440)
    page = person.page
    person.go("/design/manufacturing/view/leads_open")
    before = "name company phone rating next_contact_on status owner"
    until(page, f"{heads(page)} === '{before}'")
    page.keyboard.press("/")
    page.keyboard.type("expected_amount")
    page.keyboard.press("Enter")
    until(page, f"{heads(page)} === '{before} expected_amount'")
    page.locator("#announcer", has_text="8").wait_for(state="attached", timeout=LONG_ENOUGH)
    page.locator(".view-columns [data-path=expected_amount]").focus()
    for _ in range(6):
        page.keyboard.press("Alt+ArrowUp")
        page.wait_for_timeout(60)
    until(page, f"{heads(page)}.startsWith('name expected_amount company')")
    page.keyboard.press("Enter")
    until(page, "document.activeElement?.closest('[data-view-panel]') !== null")
    page.keyboard.press("Escape")
    until(page, "document.activeElement?.dataset?.path === 'expected_amount'")
    page.keyboard.press("Delete")
    until(page, f"{heads(page)} === '{before}'")
    page.keyboard.press("Control+z")
    until(page, f"{heads(page)}.startsWith('name expected_amount company')")

    edge = page.frame_locator(".view-canvas iframe").locator("[data-pull=company]")
    edge.focus()
    page.keyboard.press("ArrowRight")
    until(page, "document.querySelector('.view-columns [data-path=company] small') !== null")

    page.locator(".view-panel .segments button").first.press("Enter")
    page.locator(".view-types input").first.focus()
    page.keyboard.press("ArrowRight")
    until(page, "document.querySelector('.view-canvas iframe').contentDocument.querySelectorAll('.board-column').length > 3")
    for _ in range(12):
        page.keyboard.press("Control+z")
    until(page, f"{heads(page)} === '{before}'")
    until(page, "document.querySelector('.save-state')?.dataset.state === 'saved'")
    assert barriers(page) == []
    person.check_policy()
