"""An approval by browser: the step dialogs, the inbox, who may decide, the timeline, notifications."""

from __future__ import annotations

import re

import pytest

from engine.kernel.messages import LANGUAGES
from tests.web.browser import Browser
from tests.web.test_pages import check
from tests.web.test_record_pages import QUOTATIONS, create_quotation

pytestmark = pytest.mark.parametrize("installed_url", ["sqlite"], indirect=True)


def submitted(app, as_person, **changes) -> tuple[Browser, str]:
    """A quotation of 536,000 on its way, and the browser of who submitted it."""
    browser, program = Browser(app, "sales1"), as_person("sales1")
    address = create_quotation(browser, program, lead_engineer=as_person("engineer").id, **changes)
    dialog = browser.get(f"{address}/moves/submit", HX_Request="true")
    assert dialog.status == 200, dialog.text
    answer = browser.send(dialog.form("/moves/submit"), {"_comment": "Please <check>"}, HX_Request="true")
    assert (answer.status, answer.location) == (204, address), answer.text
    return browser, address


def task_of(person, address: str) -> str:
    """The task that waits for this person, as the record's page offers it."""
    found = re.search(rf"{address}/tasks/([0-9a-f-]+)/approve", person.get(address).text)
    assert found, "no task"
    return found[1]


def decide(person, address: str, decision: str, changes: dict | None = None):
    base = f"{address}/tasks/{task_of(person, address)}/{decision}"
    dialog = person.get(base, HX_Request="true")
    assert dialog.status == 200, dialog.text
    return person.send(dialog.form(f"/{decision}"), {"_comment": "fine", **(changes or {})}, HX_Request="true")


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_approval_runs_from_inbox_to_inbox(app, as_person, language):
    sales, address = submitted(app, as_person, subject="Big & bold")
    steps = (("salesmanager", {}), ("finance", {"cost_check": "Margin holds"}), ("engineer", {"feasibility_note": "Can be built"}), ("gm", {}))
    for login, values in steps:
        person = Browser(app, login, language=language)
        inbox = person.get("/inbox")
        check(inbox, language)
        assert address in inbox.text
        check(person.get("/notifications"), language)
        check(person.get(address), language)
        answer = decide(person, address, "approve", values)
        assert (answer.status, answer.location) == (204, address), answer.text
        assert address not in person.get("/inbox").text
        done = person.get("/inbox?tab=done")
        check(done, language)
        assert address in done.text
    page = sales.get(address)
    check(page, "en")
    assert "Approved" in page.texts
    assert "Please &lt;check&gt;" in page.text
    assert "Margin holds" in page.text
    assert address in sales.get("/inbox?tab=submissions").text
    told = sales.get("/notifications")
    assert address in told.text
    assert sales.send(told.form("/notifications/read"), {}).status == 303
    assert not [form for form in sales.get("/notifications").forms if form["action"] == "/notifications/read"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_decision_lacking_something_comes_back_in_its_dialog(app, as_person, language):
    _, address = submitted(app, as_person)
    assert decide(Browser(app, "salesmanager"), address, "approve").status == 204
    finance = Browser(app, "finance", language=language)
    answer = decide(finance, address, "approve", {"cost_check": "", "_comment": "typed"})
    assert answer.status == 422
    assert answer.text.lstrip().startswith("<dialog")
    check_dialog(answer, language)
    again = answer.form("/approve")
    assert dict(again["values"])["_comment"] == "typed"
    assert finance.send(again, {"cost_check": "ok"}, HX_Request="true").status == 204


def check_dialog(page, language: str) -> None:
    from tests.web.test_pages import english_left_over, untranslated

    assert untranslated(page) == []
    if language == "zh-CN":
        assert english_left_over(page) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_dialog_speaks_the_readers_language(app, as_person, language):
    _, address = submitted(app, as_person)
    manager = Browser(app, "salesmanager", language=language)
    task = task_of(manager, address)
    for decision in ("approve", "reject", "return", "transfer", "comment"):
        dialog = manager.get(f"{address}/tasks/{task}/{decision}", HX_Request="true")
        assert dialog.status in (200, 404, 409), (decision, dialog.text)
        check_dialog(dialog, language)
    assert manager.get(f"{address}/tasks/{task}/shred").status == 404
    assert manager.get(f"{address}/moves/shred").status == 404
    check_dialog(manager.get(f"{address}/moves"), language)


def test_a_rejection_and_a_withdrawal_end_where_they_should(app, as_person):
    sales, address = submitted(app, as_person)
    refused = decide(Browser(app, "salesmanager"), address, "reject", {"_comment": ""})
    if refused.status == 422:  # the workflow wants a reason
        refused = decide(Browser(app, "salesmanager"), address, "reject", {"_comment": "Too cheap"})
    assert refused.status == 204
    assert "Rejected" in sales.get(address).texts

    sales, address = submitted(app, as_person, subject="Second thoughts")
    move = next(name for name in re.findall(rf"{address}/moves/(\w+)", sales.get(address).text) if "withdraw" in name)
    answer = sales.send(sales.get(f"{address}/moves/{move}").form(f"/moves/{move}"), {"_comment": "Wait"}, HX_Request="true")
    assert answer.status == 204, answer.text
    assert address not in Browser(app, "salesmanager").get("/inbox").text


def test_one_may_decide_only_ones_own_task_and_only_once(app, as_person):
    sales, address = submitted(app, as_person)
    manager = Browser(app, "salesmanager")
    task = task_of(manager, address)
    path = f"{address}/tasks/{task}/approve"
    for other in (sales, Browser(app, "sales2"), Browser(app, "finance")):
        assert other.post(path, {"_comment": "mine"}).status in (403, 404), other
    form = manager.get(path).form("/approve")
    assert manager.send(form, {"_comment": "yes"}).status == 303
    assert manager.send(form, {"_comment": "yes"}).status == 303  # the same click twice has one effect
    late = manager.post(path, {"_comment": "again"})
    assert late.status == 409
    check(late, "en", 409)


def test_a_locked_record_takes_only_its_open_fields(app, as_person):
    sales, address = submitted(app, as_person)
    form = sales.get(f"{address}/edit").form("/edit")
    names = dict(form["values"])
    assert "internal_note" in names
    assert "discount" not in names
    assert sales.send(form, {"internal_note": "Noted"}).status == 303
    assert sales.send(sales.get(f"{address}/edit").form("/edit"), {"discount": "50"}).status == 409


def test_the_list_offers_the_moves_of_each_record(app, as_person):
    sales = Browser(app, "sales1")
    address = create_quotation(sales, as_person("sales1"))
    menu = sales.get(f"{address}/moves", HX_Request="true")
    assert f"{address}/moves/submit" in menu.text
    dialog = sales.get(f"{address}/moves/submit?next={QUOTATIONS}")
    answer = sales.send(dialog.form("/moves/submit"), {})
    assert (answer.status, answer.location) == (303, QUOTATIONS)


def test_a_step_never_leads_elsewhere(app, as_person):
    sales, program = Browser(app, "sales1"), as_person("sales1")
    for evil in ("https://evil.example", "//evil.example", "/\\evil.example", "/\t/evil.example", "javascript:alert(1)"):
        address = create_quotation(sales, program)
        form = sales.get(f"{address}/moves/submit").form("/moves/submit")
        answer = sales.send(form, {"_next": evil})
        assert (answer.status, answer.location) == (303, address), evil
