"""Every page is there, in both languages, behind the login; strangers and forgeries get nowhere."""

from __future__ import annotations

import re
import uuid

import pytest

from engine.kernel.messages import LANGUAGES, catalogue
from tests.web.browser import Browser
from tests.web.conftest import PASSWORD

pytestmark = pytest.mark.parametrize("installed_url", ["sqlite"], indirect=True)

NOBODY = "00000000-0000-7000-8000-00000000dead"  # fixed: every test process must collect the same names
APP = "/a/manufacturing"
PREFIXES = sorted({code.split(".")[0] for code in catalogue("en")})
UNTRANSLATED = re.compile(rf"(?<![\w@./-])(?:{'|'.join(PREFIXES)})\.[a-z][a-z0-9_]+(?:\.[a-z_]+)*(?![\w.-]*@)")
UNFILLED = re.compile(r"\{[a-z_]+\}")

PAGES = [
    "/", "/inbox", "/inbox?tab=submissions", "/inbox?tab=copies", "/inbox?tab=done", "/notifications", "/account",
    "/people", "/people?q=sales", "/people/new", "/departments", "/jobs", "/jobs?status=done",
    "/design", "/design/manufacturing", "/design/manufacturing/publish", "/design/manufacturing/history",
    "/design/manufacturing/history?from=1&to=draft", "/design/manufacturing/app/manufacturing", "/design/manufacturing/entity/quotation",
    "/design/manufacturing/form/quotation", "/design/manufacturing/view/quotations_all", "/design/manufacturing/role/sales",
    "/design/manufacturing/workflow/quotation_approval",
    *(f"/design/manufacturing/new/{kind}" for kind in ("entity", "form", "view", "workflow", "role", "locale")),
]


def untranslated(page) -> list[str]:
    """What should have been a sentence and isn't."""
    codes = [text for text in page.texts if UNTRANSLATED.search(text)]
    return codes + [text for text in page.texts if UNFILLED.search(text)]


def english_left_over(page) -> list[str]:
    """Sentences of the English catalogue on a Chinese page."""
    english, chinese = catalogue("en"), catalogue("zh-CN")
    known = {text for code, text in english.items() if " " in text and chinese.get(code) != text and "{" not in text and "|" not in text}
    return [text for text in page.texts if text in known]


def check(page, language: str, status: int = 200) -> None:
    assert page.status == status, page.text[:800]
    assert page.headers["Content-Type"].startswith("text/html")
    assert untranslated(page) == []
    assert f'lang="{language}"' in page.text
    if language == "zh-CN":
        assert english_left_over(page) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_speaks_the_readers_language(app, language):
    admin = Browser(app, "admin", language=language)
    for path in PAGES:
        check(admin.get(path), language)
    check(admin.get("/no/such/page"), language, 404)
    check(admin.get(f"/people/{uuid.uuid4()}"), language, 404)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_entity_has_its_list_form_and_record_page(app, language, as_person):
    admin, program = Browser(app, "admin", language=language), as_person("admin")
    with app.engine.work(_system(), writes=False) as work:
        entities = [key for key, item in work.model("manufacturing").entities.items() if not item.part_of]
    assert len(entities) > 10
    for entity in entities:
        check(admin.get(f"{APP}/{entity}"), language)
        check(admin.get(f"{APP}/{entity}/new"), language)
        check(admin.get(f"{APP}/{entity}?q=zzzznothing"), language)
        records = program.get(f"/manufacturing/{entity}?limit=1").json["items"]
        assert records, entity
        path = f"{APP}/{entity}/{records[0]['id']}"
        check(admin.get(path), language)
        check(admin.get(f"{path}/edit"), language)
        assert admin.get(f"{path}/moves").status in (200, 404)


def _system():
    from engine import system_actor

    return system_actor("test")


@pytest.mark.parametrize("language", LANGUAGES)
def test_people_see_pages_without_what_is_not_theirs(app, language):
    for login in ("sales1", "salesmanager", "finance", "engineer", "gm", "service"):
        person = Browser(app, login, language=language)
        for path in ("/", "/inbox", "/notifications", "/account"):
            check(person.get(path), language)
        for path in ("/people", "/departments", "/jobs", "/people/new"):
            check(person.get(path), language, 403)
        check(person.get("/design"), language)
        assert person.get("/design/manufacturing").status in (403, 404)
        assert person.post("/design/manufacturing/publish").status in (403, 404)


# strangers --------------------------------------------------------------------------------------------

OPEN = {"pages.login.show", "pages.login.sign_in", "pages.login.prefer", "assets.asset", "api.open_session"}


def address(rule) -> str:
    """An address for a rule, of things that exist where their keys are known."""
    known = {"app": "manufacturing", "entity": "quotation", "kind": "entity", "key": "quotation", "id": str(uuid.uuid4()),
             "number": "1", "decision": "approve"}
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda match: known.get(match[1], "x"), rule.rule)


def test_every_address_is_behind_the_login(app):
    seen = 0
    for rule in app.url_map.iter_rules():
        if rule.endpoint in OPEN:
            continue
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            stranger = Browser(app)
            stranger.client.set_cookie("formwork_login", "known")
            answer = stranger.open(method, address(rule), headers={"X-CSRF-Token": "known"})
            seen += 1
            if rule.rule.startswith("/api/"):
                assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, "Bearer"), rule
            else:
                assert answer.status == 302, rule
                assert answer.location.startswith("/login?next=/"), rule
    assert seen > 60


def test_a_fragment_for_a_stranger_moves_the_whole_page(app):
    answer = Browser(app).get(f"{APP}/quotation", HX_Request="true")
    assert answer.status == 401
    assert answer.location.startswith("/login?next=/a/manufacturing/quotation")


# signing in -------------------------------------------------------------------------------------------


def test_signing_in_leads_to_the_page_that_was_wanted(app):
    browser = Browser(app)
    wanted = browser.get(f"{APP}/quotation?q=x")
    page = browser.get(wanted.location)
    answer = browser.send(page.form("/login"), {"login": "sales1", "password": PASSWORD})
    assert (answer.status, answer.location) == (302, f"{APP}/quotation?q=x")
    assert browser.get(answer.location).status == 200
    assert browser.get("/login").location == "/"


@pytest.mark.parametrize("evil", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "\t//evil.example"])
def test_signing_in_never_leads_elsewhere(app, evil):
    browser = Browser(app)
    form = browser.get("/login").form("/login")
    answer = browser.send(form, {"login": "sales1", "password": PASSWORD, "next": evil})
    assert (answer.status, answer.location) == (302, "/")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_wrong_login_says_so_and_keeps_the_name(app, language):
    browser = Browser(app, language=language)
    page = browser.get("/login")
    check(page, language)
    for login, password in (("sales1", "wrong"), ("nobody", "wrong"), ("sales1", ""), ("", "x")):
        answer = browser.send(page.form("/login"), {"login": login, "password": password})
        check(answer, language, 422)
        assert f'value="{login}"' in answer.text
        assert 'value="wrong"' not in answer.text


def test_login_needs_the_token_of_its_page(app):
    browser = Browser(app)
    form = browser.get("/login").form("/login")
    given = {"login": "sales1", "password": PASSWORD}
    assert browser.send(form, {**given, "csrf": "other"}).status == 403
    assert browser.send(form, {**given, "csrf": None}).status == 403
    assert Browser(app).send(form, given).status == 403  # the token without its cookie
    assert browser.send(form, given).status == 302


def test_signing_out_ends_the_session_on_the_server(app):
    browser = Browser(app, "sales1")
    cookie = browser.client.get_cookie("formwork").value
    assert browser.post("/logout").location == "/login"
    thief = Browser(app)
    thief.client.set_cookie("formwork", cookie)
    assert thief.get("/").location.startswith("/login")


# the switches -----------------------------------------------------------------------------------------


def test_the_language_switch_stays_with_the_person(app):
    browser = Browser(app, "sales1")
    assert 'lang="en"' in browser.get("/inbox").text
    answer = browser.post("/preferences", {"language": "zh-CN", "next": "/inbox"})
    assert answer.location == "/inbox"
    check(browser.get("/inbox"), "zh-CN")
    again = Browser(app, "sales1")  # another browser, which asks for English
    check(again.get("/"), "zh-CN")
    again.post("/preferences", {"language": "xx", "theme": "neon"})
    check(again.get("/"), "zh-CN")


def test_a_stranger_switches_language_and_theme_too(app):
    browser = Browser(app)
    token = browser.get("/login").form("/preferences")["values"][0]
    browser.post("/preferences", [token, ("language", "zh-CN"), ("next", "/login")])
    browser.post("/preferences", [token, ("theme", "dark"), ("next", "/login")])
    page = browser.get("/login")
    check(page, "zh-CN")
    assert 'data-theme="dark"' in page.text


# forgeries --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Sec_Fetch_Site": "cross-site"}, {"Sec_Fetch_Site": "same-site"}])
def test_a_write_from_another_site_is_refused(app, headers, as_person):
    browser = Browser(app, "sales1")
    answer = browser.post(f"{APP}/lead/new", {"name": "Forged", "company": "Evil"}, **headers)
    assert answer.status == 403
    assert untranslated(answer) == []
    assert as_person("admin").get("/manufacturing/lead?q=Forged").json["items"] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_expired_token_offers_to_send_again(app, language):
    browser = Browser(app, "sales1", language=language)
    answer = browser.post(f"{APP}/lead/new", {"name": "Kept <b>", "company": "Safe & Sound", "csrf": "expired"})
    check(answer, language, 403)
    form = answer.forms[0]
    assert ("name", "Kept <b>") in form["values"]
    assert ("company", "Safe & Sound") in form["values"]
    done = browser.send(form, {}, to=f"{APP}/lead/new")
    assert done.status == 303
    assert "Kept &lt;b&gt;" in browser.get(done.location).text


def test_an_expired_session_keeps_what_was_typed(app):
    browser = Browser(app, "sales1")
    form = browser.get(f"{APP}/lead/new").form("/lead/new")
    browser.post("/logout")
    answer = browser.send(form, {"name": "Kept", "company": "Typed"})
    assert answer.status == 403
    again = dict(answer.forms[0]["values"])
    assert (again["name"], again["company"]) == ("Kept", "Typed")
    fresh = Browser(app, "sales1")  # signed in again in another tab: the same cookie jar, a new token
    browser.client.set_cookie("formwork", fresh.client.get_cookie("formwork").value)
    browser.csrf = fresh.csrf
    assert browser.send(answer.forms[0], {"csrf": again["csrf"]}, to=f"{APP}/lead/new").status == 403
    renewed = browser.send(answer.forms[0], {"csrf": again["csrf"]}, to=f"{APP}/lead/new")
    assert browser.send(renewed.forms[0], {}, to=f"{APP}/lead/new").status == 303


# answers of every kind --------------------------------------------------------------------------------


def test_every_answer_has_the_security_headers(app):
    browser = Browser(app, "sales1")
    for path in ("/", "/nowhere", f"{APP}/quotation", "/api/v1/apps", "/api/v1/nowhere", "/people", "/login", "/assets/none.js"):
        headers = browser.get(path).headers
        assert "default-src 'none'" in headers["Content-Security-Policy"], path
        assert headers["X-Content-Type-Options"] == "nosniff", path
        assert "unsafe" not in headers["Content-Security-Policy"], path
        if not path.startswith("/assets/"):
            assert headers["Cache-Control"] == "no-store", path


def test_pages_carry_no_script_or_style_of_their_own(app):
    browser = Browser(app, "admin")
    for path in ("/", f"{APP}/quotation", f"{APP}/quotation/new", "/people", "/design/manufacturing/entity/quotation"):
        text = browser.get(path).text
        assert not re.search(r"<script(?![^>]*(?:src=|application/json))", text), path
        assert not re.search(r"<[a-z][^>]*\s(?:on[a-z]+|style)=", text), path


ODD = [
    ("GET", "/nowhere", 404), ("GET", "/a/nothing/quotation", 404), ("GET", f"{APP}/nothing", 404), ("GET", f"{APP}/quotation_line", 404),
    ("GET", f"{APP}/quotation/not-an-id", 404), ("GET", f"{APP}/quotation/{NOBODY}", 404), ("GET", f"{APP}/quotation/{NOBODY}/edit", 404),
    ("GET", f"{APP}/quotation/look-up/nothing", 422), ("GET", f"{APP}/nothing/look-up/account", 404), ("GET", f"{APP}/nothing/scope?names=account.level&account=x", 404), ("GET", f"/files/{NOBODY}", 404),
    ("GET", "/files/x", 404), ("GET", f"/jobs/{NOBODY}", 404), ("GET", "/jobs/x", 404), ("GET", "/people/x", 404),
    ("GET", "/design/nothing", 404), ("GET", "/design/manufacturing/entity/nothing", 404), ("GET", "/design/manufacturing/nothing/x", 404),
    ("GET", "/design/manufacturing/new/nothing", 404), ("POST", "/design/manufacturing/history/99/restore", 404),
    ("GET", "/design/manufacturing/history?from=77", 404), ("GET", "/design/manufacturing/history?from=x", 404),
    ("POST", "/inbox", 405), ("GET", "/logout", 405), ("DELETE", f"{APP}/quotation", 405), ("GET", "/assets/../cli.py", 404),
    ("GET", "/assets/%2e%2e/%2e%2e/cli.py", 404), ("GET", "/assets/manifest.json", 404), ("GET", f"{APP}/quotation?cursor=zzz", 422),
    ("GET", f"{APP}/quotation?where=zzz", 422), ("GET", f"{APP}/quotation?sort=nothing", 422), ("GET", f"{APP}/quotation?columns=nothing", 422),
    ("GET", f"{APP}/quotation?q=%00", 422), ("GET", f"{APP}/quotation?view=nothing", 200), ("GET", f"{APP}/quotation?saved=nothing", 200),
]


def test_an_odd_address_has_a_sober_answer(app):
    browser = Browser(app, "admin")
    for method, path, status in ODD:
        answer = browser.open(method, path, headers={"X-CSRF-Token": browser.csrf})
        assert answer.status == status, (method, path, answer.text[:500])
        assert untranslated(answer) == [], path
