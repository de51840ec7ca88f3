"""Records by browser: lists, forms, conflicts, the steps of an approval, comments, saved views and files."""

from __future__ import annotations

import io
import json
import re
import uuid
from urllib.parse import quote

import pytest

from engine.kernel.messages import LANGUAGES
from tests.web.browser import Browser
from tests.web.test_pages import check, untranslated

pytestmark = pytest.mark.parametrize("installed_url", ["sqlite"], indirect=True)

APP = "/a/manufacturing"
LEADS = f"{APP}/lead"
QUOTATIONS = f"{APP}/quotation"


def id_of(address: str) -> str:
    found = re.search(r"[0-9a-f]{8}-[0-9a-f-]{27}", address)
    assert found, address
    return found[0]


def create_lead(browser, **changes) -> str:
    """A lead entered by form; answers the address of its page."""
    form = browser.get(f"{LEADS}/new").form("/lead/new")
    answer = browser.send(form, {"name": "Pump line", "company": "Qilu Pumps", **changes})
    assert answer.status == 303, answer.text[:2000]
    return answer.location


def create_quotation(browser, program, **changes) -> str:
    account = program.get("/manufacturing/account?limit=1").json["items"][0]["id"]
    product = program.get("/manufacturing/product?filter=" + quote('code = "HL-500"')).json["items"][0]["id"]
    form = browser.get(f"{QUOTATIONS}/new").form("/quotation/new")
    answer = browser.send(form, {
        "subject": "Pump line", "account": account, "account-title": "whatever was shown", "lines-0-product": product,
        "lines-0-quantity": "2", **changes,
    })
    assert answer.status == 303, answer.text[:3000]
    return answer.location


# lists ------------------------------------------------------------------------------------------------


def test_a_list_is_searched_filtered_sorted_and_paged(app):
    browser = Browser(app, "salesmanager")
    where = quote(json.dumps([["amount", "at_least", "100000"]]))
    page = browser.get(f"{QUOTATIONS}?q=line&sort=-amount")
    assert page.status == 200
    seen: list[str] = []
    address = f"{QUOTATIONS}?sort=-amount"
    for _ in range(20):
        page = browser.get(address)
        assert page.status == 200
        seen += list(dict.fromkeys(re.findall(rf"{QUOTATIONS}/([0-9a-f-]{{36}})\"", page.text)))
        following = re.search(r'href="([^"]*cursor=[^"]*)"[^>]*rel="next"|rel="next"[^>]*href="([^"]*)"', page.text)
        if not following:
            break
        address = (following[1] or following[2]).replace("&amp;", "&")
    assert len(seen) == len(set(seen)) > 10
    filtered = browser.get(f"{QUOTATIONS}?where={where}")
    assert filtered.status in (200, 422)


def test_htmx_gets_the_list_without_the_page_around_it(app):
    browser = Browser(app, "sales1")
    part = browser.get(f"{LEADS}?q=a", HX_Request="true", HX_Target="list")
    assert part.status == 200
    assert "<html" not in part.text
    assert "<table" in part.text
    assert untranslated(part) == []


def test_a_refused_setting_says_why_and_shows_the_way_back(app):
    page = Browser(app, "sales1").get(f"{LEADS}?sort=nothing")
    check(page, "en", 422)
    assert "nothing" in page.text


def test_a_view_of_ones_own_is_kept_used_and_forgotten(app):
    browser = Browser(app, "sales1")
    answer = browser.post(f"{LEADS}/views", {"name": "Hot <ones>", "q": "line", "sort": "-created_on"})
    assert answer.status == 303
    page = browser.get(answer.location)
    assert page.status == 200
    assert "Hot &lt;ones&gt;" in page.text
    assert 'value="line"' in page.text
    other = Browser(app, "sales2")
    assert "Hot &lt;ones&gt;" not in other.get(LEADS).text
    assert other.post(f"{LEADS}/views/{id_of(answer.location)}/remove").status == 404
    assert browser.post(f"{LEADS}/views/{id_of(answer.location)}/remove").status == 303
    assert "Hot &lt;ones&gt;" not in browser.get(LEADS).text
    check(browser.post(f"{LEADS}/views", {"name": " "}), "en", 422)


def test_ticked_records_are_removed_where_that_is_allowed(app, as_person):
    browser, program = Browser(app, "sales1"), as_person("sales1")
    mine = [id_of(create_quotation(browser, program, subject=f"Bulk {number}")) for number in range(3)]
    for login in ("sales2", "sales3"):
        answer = Browser(app, login).post(f"{QUOTATIONS}/bulk/remove", [("id", id) for id in mine], HX_Request="true")
        assert answer.status == 204
        assert json.loads(answer.headers["HX-Trigger"])["toast"]["tone"] == "warn"
    assert browser.get(f"{QUOTATIONS}/{mine[0]}").status == 200
    answer = browser.post(f"{QUOTATIONS}/bulk/remove", [("id", id) for id in mine], HX_Request="true")
    assert answer.status == 204
    assert json.loads(answer.headers["HX-Trigger"])["toast"] == {"text": "3 removed.", "tone": "ok"}
    assert browser.get(f"{QUOTATIONS}/{mine[0]}").status == 404


# forms ------------------------------------------------------------------------------------------------


def test_a_record_is_created_changed_removed_and_restored(app, as_person):
    browser = Browser(app, "sales1")
    address = create_quotation(browser, as_person("sales1"), subject="Pump <line>")
    page = browser.get(address)
    check(page, "en")
    assert "Pump &lt;line&gt;" in page.text
    assert "<line>" not in page.text
    form = browser.get(f"{address}/edit").form("/edit")
    assert ("subject", "Pump <line>") in form["values"]
    assert browser.send(form, {"subject": "Pump line 2"}).location == address
    assert "Pump line 2" in browser.get(address).text

    removed = browser.post(f"{address}/remove")
    assert removed.status == 303
    undo = browser.get(removed.location)
    check(undo, "en")
    assert browser.get(address).status == 404
    assert browser.send(undo.form("/restore"), {}).location == address
    assert browser.get(address).status == 200


def test_a_short_form_that_is_refused_stays_short(app):
    browser = Browser(app, "sales1")
    page = browser.get(f"{LEADS}/new?_form=quick")
    form = page.form("/lead/new")
    assert len(form["values"]) < len(browser.get(f"{LEADS}/new").form("/lead/new")["values"])
    refused = browser.send(form, {"name": ""})
    assert refused.status == 422
    assert [name for name, _ in refused.form("/lead/new")["values"]] == [name for name, _ in form["values"]]
    assert browser.send(refused.form("/lead/new"), {"name": "A", "company": "B", "_then": "new"}).location == f"{LEADS}/new?_form=quick"


def test_saving_can_lead_to_the_next_new_one(app):
    browser = Browser(app, "sales1")
    form = browser.get(f"{LEADS}/new").form("/lead/new")
    assert browser.send(form, {"name": "A", "company": "B", "_then": "new"}).location == f"{LEADS}/new"
    answer = browser.send(form, {"name": "A", "company": "B"}, HX_Request="true")
    assert answer.status == 204
    assert answer.location.startswith(f"{LEADS}/")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refused_form_comes_back_as_it_was_typed(app, language):
    browser = Browser(app, "sales1", language=language)
    form = browser.get(f"{LEADS}/new").form("/lead/new")
    answer = browser.send(form, {"name": "Typed & kept", "company": "", "expected_amount": "lots", "next_contact_on": "2026-02-31", "phone": "<script>"})
    check(answer, language, 422)
    values = dict(answer.form("/lead/new")["values"])
    assert values["name"] == "Typed & kept"
    assert values["expected_amount"] == "lots"
    assert values["next_contact_on"] == "2026-02-31"
    assert values["phone"] == "<script>"
    assert answer.text.count('aria-invalid="true"') >= 3
    part = browser.send(form, {"name": ""}, HX_Request="true")
    assert part.status == 422
    assert "<html" not in part.text


def test_rows_of_a_refused_form_come_back_too(app, as_person):
    browser, program = Browser(app, "sales1"), as_person("sales1")
    product = program.get("/manufacturing/product?limit=1").json["items"][0]["id"]
    form = browser.get(f"{QUOTATIONS}/new").form("/quotation/new")
    answer = browser.send(form, {"subject": "Rows", "lines-0-product": product, "lines-0-product-title": "Shown", "lines-0-quantity": "many",
                                 "lines-1-description": "second"})
    check(answer, "en", 422)
    values = dict(answer.form("/quotation/new")["values"])
    assert values["lines-0-quantity"] == "many"
    assert values["lines-0-product"] == product
    assert values["lines-1-description"] == "second"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_stale_form_shows_both_versions_and_keeps_what_was_typed(app, language):
    browser, other = Browser(app, "sales1", language=language), Browser(app, "admin")
    address = create_lead(browser)
    mine = browser.get(f"{address}/edit").form("/edit")
    theirs = other.get(f"{address}/edit").form("/edit")
    assert other.send(theirs, {"name": "Theirs", "need": "From them"}).status == 303

    answer = browser.send(mine, {"name": "Mine"})
    check(answer, language, 409)
    assert dict(answer.form("/edit")["values"])["name"] == "Mine"
    assert "Theirs" in answer.texts
    assert "Mine" in answer.texts
    assert "From them" in answer.text

    assert browser.send(answer.form("/edit"), {}).status == 303
    assert "Mine" in browser.get(address).text


def test_a_form_shows_only_what_may_be_written(app, as_person):
    browser = Browser(app, "sales1")
    product = as_person("sales1").get("/manufacturing/product?limit=1").json["items"][0]["id"]
    assert browser.get(f"{APP}/product/{product}/edit").status in (200, 403)
    page = browser.get(f"{APP}/product/{product}")
    assert page.status == 200
    assert "floor_price" not in page.text
    assert "Floor price" not in page.text
    assert "Floor price" in Browser(app, "admin").get(f"{APP}/product/{product}").text
    check(browser.get(f"{APP}/product/new"), "en", 403)
    assert browser.post(f"{APP}/product/new", {"code": "X", "name": "Y"}).status == 403
    assert browser.post(f"{APP}/product/{product}/edit", {"name": "Mine now"}).status == 403
    assert browser.post(f"{APP}/product/{product}/remove").status == 403


def test_a_record_of_another_department_is_not_there(app, as_person):
    browser, other = Browser(app, "sales1"), Browser(app, "sales3")
    address = create_quotation(browser, as_person("sales1"))
    for path in (address, f"{address}/edit", f"{address}/moves", f"{address}/moves/submit"):
        assert other.get(path).status == 404, path
    for path in (f"{address}/edit", f"{address}/remove", f"{address}/restore", f"{address}/comments", f"{address}/remind", f"{address}/moves/submit"):
        assert other.post(path, {"text": "x", "subject": "x"}).status == 404, path


def test_a_colleagues_record_is_to_be_read_only(app, as_person):
    browser, colleague = Browser(app, "sales1"), Browser(app, "sales2")
    address = create_quotation(browser, as_person("sales1"))
    page = colleague.get(address)
    check(page, "en")
    assert f"{address}/edit" not in page.text
    assert f"{address}/remove" not in page.text
    assert colleague.get(f"{address}/edit").status == 403
    for path in (f"{address}/edit", f"{address}/remove", f"{address}/moves/submit"):
        assert colleague.post(path, {"subject": "x"}).status in (403, 404, 409), path
    assert browser.get(address).text.count("Pump line")


# conversation -----------------------------------------------------------------------------------------


def test_comments_stand_in_the_timeline(app):
    browser = Browser(app, "sales1")
    address = create_lead(browser)
    assert browser.post(f"{address}/comments", {"text": "Call <them> on Monday"}).status == 303
    assert "Call &lt;them&gt; on Monday" in browser.get(address).text
    check(browser.post(f"{address}/comments", {"text": "  "}), "en", 422)
    check(browser.post(f"{address}/comments", {"text": "x" * 6000}), "en", 422)


# lookups ----------------------------------------------------------------------------------------------


def test_a_lookup_finds_what_the_field_may_point_to(app, as_person):
    browser, program = Browser(app, "sales1"), as_person("sales1")
    account = program.get("/manufacturing/account?limit=1").json["items"][0]
    found = json.loads(browser.get(f"{QUOTATIONS}/look-up/account?q={quote(account['name'][:6])}").text)
    assert account["id"] in [item["id"] for item in found]
    contacts = json.loads(browser.get(f"{QUOTATIONS}/look-up/contact?record.account={account['id']}").text)
    for contact in contacts:
        assert program.get(f"/manufacturing/contact/{contact['id']}").json["account"] == account["id"]
    quotation = next(item for item in program.get("/manufacturing/quotation?limit=50").json["items"] if item["contact"] and item["status"] == "draft")
    assert f"look-up/contact?of={quotation['id']}" in browser.get(f"{QUOTATIONS}/{quotation['id']}/edit").text
    known = {item["id"] for item in json.loads(browser.get(f"{QUOTATIONS}/look-up/contact?of={quotation['id']}").text)}
    assert quotation["contact"] in known  # a dialog doesn't hold the account; the record does
    assert not known & {item["id"] for item in json.loads(browser.get(f"{QUOTATIONS}/look-up/contact?of={quotation['id']}&record.account={uuid.uuid4()}").text)}
    assert json.loads(browser.get(f"{QUOTATIONS}/look-up/owner?q=Li").text)
    scope = json.loads(browser.get(f"{QUOTATIONS}/scope?names=account.level,account.nothing&account={account['id']}").text)
    assert set(scope) == {"account.level"}


# files ------------------------------------------------------------------------------------------------


def upload(browser, name="plan.pdf", content=b"%PDF-1.7 plan"):
    return browser.open("POST", "/files", data={"file": (io.BytesIO(content), name), "csrf": browser.csrf},
                        content_type="multipart/form-data")


def test_a_file_is_opened_only_through_a_record_that_one_may_read(app, as_person):
    browser, other = Browser(app, "sales1"), Browser(app, "sales3")
    answer = upload(browser, "图纸 <1>.pdf")
    assert answer.status == 201, answer.text
    given = json.loads(answer.text)
    assert browser.get(given["href"]).status == 200  # one's own, until a record lists it
    assert other.get(given["href"]).status == 404

    refused = browser.send(browser.get(f"{QUOTATIONS}/new").form("/quotation/new"), {"subject": "", "attachments": [given["id"]]})
    assert refused.status == 422
    assert "图纸" in refused.text
    address = create_quotation(browser, as_person("sales1"), attachments=[given["id"]])
    assert "图纸" in browser.get(address).text
    assert "图纸" in browser.get(f"{address}/edit").text
    opened = browser.get(given["href"])
    assert opened.status == 200
    assert opened.text == "%PDF-1.7 plan"
    assert opened.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''%E5%9B%BE")
    assert "sandbox" in opened.headers["Content-Security-Policy"]
    assert opened.headers["X-Content-Type-Options"] == "nosniff"
    assert other.get(given["href"]).status == 404
    assert Browser(app).get(given["href"]).status == 302

    form = other.get(f"{QUOTATIONS}/new").form("/quotation/new")  # listing somebody else's file doesn't open it either
    stolen = other.send(form, {"subject": "x", "attachments": [given["id"]]})
    assert stolen.status == 422
    assert "图纸" not in stolen.text
    assert other.get(given["href"]).status == 404


@pytest.mark.parametrize(("name", "content"), [
    ("page.html", b"<script>alert(1)</script>"), ("x.svg", b"<svg onload='alert(1)'/>"), ("run.exe", b"MZ\x90\x00"), ("empty.pdf", b""),
    ("photo.png", b"<html>"),
])
def test_active_and_lying_files_are_refused(app, name, content):
    answer = upload(Browser(app, "sales1"), name, content)
    assert answer.status == 422, answer.text
    assert all(entry["message"] != entry["code"] for entry in json.loads(answer.text)["errors"])


def test_an_upload_without_a_file_and_one_too_large_are_refused(app):
    browser = Browser(app, "sales1")
    assert browser.open("POST", "/files", data={"csrf": browser.csrf}).status == 422
    assert upload(browser, "big.pdf", b"%PDF-" + b"0" * (26 * 2**20)).status in (413, 422)
    assert browser.open("POST", "/files", data={"file": (io.BytesIO(b"x"), "a.txt")}, content_type="multipart/form-data").status == 403
