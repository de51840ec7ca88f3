"""People, departments, jobs and one's own account, by browser."""

from __future__ import annotations

import re
import uuid

import pytest

from engine.kernel.messages import LANGUAGES
from tests.web.browser import Browser
from tests.web.conftest import PASSWORD
from tests.web.test_pages import check

pytestmark = pytest.mark.parametrize("installed_url", ["sqlite"], indirect=True)


def sign_in(app, login: str, password: str):
    browser = Browser(app)
    return browser.send(browser.get("/login").form("/login"), {"login": login, "password": password})


def person_id(admin, login: str) -> str:
    found = re.search(r"/people/([0-9a-f-]{36})", admin.get(f"/people?q={login}").text)
    assert found
    return found[1]


def test_an_administrator_creates_changes_and_bars_a_person(app):
    admin = Browser(app, "admin")
    form = admin.get("/people/new").form("/people/new")
    answer = admin.send(form, {"login": "newbie", "name": "New <b> Person", "email": "new@example.com", "language": "en",
                               "password": "a long enough one", "role": ["manufacturing:sales"]})
    assert answer.status == 303, answer.text
    listed = admin.get(answer.location)
    check(listed, "en")
    assert "New &lt;b&gt; Person" in listed.text
    assert sign_in(app, "newbie", "a long enough one").status == 302

    path = f"/people/{person_id(admin, 'newbie')}"
    edit = admin.get(path)
    check(edit, "en")
    values = edit.form(path)["values"]
    assert ("role", "manufacturing:sales") in values
    assert ("is_active", "on") in values
    assert admin.send(edit.form(path), {"title": "Trainee", "is_active": None}).status == 303
    assert sign_in(app, "newbie", "a long enough one").status == 422


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refused_person_comes_back_as_typed(app, language):
    admin = Browser(app, "admin", language=language)
    form = admin.get("/people/new").form("/people/new")
    for changes in ({"login": "sales1", "name": "Twin"}, {"login": "", "name": "Nameless"}, {"login": "weak", "name": "Weak", "password": "123"},
                    {"login": "mail", "name": "Mail", "email": "not an address"}):
        answer = admin.send(form, {"password": "a long enough one", "role": ["manufacturing:finance"], "is_admin": "on", **changes})
        check(answer, language, 422)
        values = answer.form("/people/new")["values"]
        assert ("name", changes["name"]) in values
        assert ("role", "manufacturing:finance") in values
        assert ("is_admin", "on") in values
        assert "a long enough one" not in answer.text


def test_odd_ids_in_a_form_are_refused_soberly(app):
    admin = Browser(app, "admin")
    form = admin.get("/people/new").form("/people/new")
    for changes in ({"department": "x"}, {"manager": str(uuid.uuid4())}, {"department": str(uuid.uuid4())}, {"role": ["nowhere:nothing"]},
                    {"role": ["manufacturing:nothing"]}, {"role": ["x"]}, {"language": "<x>"}, {"timezone": "Mars/Olympus"}):
        answer = admin.send(form, {"login": "odd", "name": "Odd", "password": "a long enough one", **changes})
        assert answer.status in (404, 422), (changes, answer.status)
        assert admin.get("/people?q=odd").text.count("/people/0") == 0


def test_the_last_administrator_stays(app):
    admin = Browser(app, "admin")
    path = f"/people/{person_id(admin, 'admin')}"
    answer = admin.send(admin.get(path).form(path), {"is_admin": None})
    assert answer.status == 422
    assert admin.get("/people").status == 200


@pytest.mark.parametrize("language", LANGUAGES)
def test_departments_are_created_moved_and_removed(app, language):
    admin = Browser(app, "admin", language=language)
    page = admin.get("/departments")
    new = page.forms[-1]
    assert admin.send(new, {"key": "lab", "name_zh": "实验室", "name_en": "Laboratory"}).status == 303
    page = admin.get("/departments")
    check(page, language)
    assert ("实验室" if language == "zh-CN" else "Laboratory") in page.text
    edit = next(form for form in page.forms if ("name_en", "Laboratory") in form["values"])
    id = dict(edit["values"])["id"]
    check(admin.send(edit, {"parent": id}), language, 422)  # below itself
    check(admin.send(new, {"key": "lab", "name_zh": "x", "name_en": "x"}), language, 422)
    check(admin.send(new, {"key": "Not A Key", "name_zh": "x", "name_en": "x"}), language, 422)
    check(admin.send(new, {"key": "nameless"}), language, 422)
    used = next(form for form in page.forms if ("name_en", "Sales") in form["values"])
    check(admin.post(f"/departments/{dict(used['values'])['id']}/remove"), language, 422)
    assert admin.post(f"/departments/{id}/remove").status == 303
    assert "Laboratory" not in admin.get("/departments").text


def test_ones_own_password_is_changed_with_the_old_one(app):
    person, elsewhere = Browser(app, "sales1"), Browser(app, "sales1")
    form = person.get("/account").form("/account/password")
    for given in ({"current": "wrong", "new": "a long enough one", "again": "a long enough one"},
                  {"current": PASSWORD, "new": "a long enough one", "again": "another long one"},
                  {"current": PASSWORD, "new": "short", "again": "short"}):
        check(person.send(form, given), "en", 422)
    assert person.send(form, {"current": PASSWORD, "new": "a long enough one", "again": "a long enough one"}).status == 303
    assert person.get("/").status == 200
    assert elsewhere.get("/").status == 302  # other sessions end
    assert sign_in(app, "sales1", PASSWORD).status == 422
    assert sign_in(app, "sales1", "a long enough one").status == 302


def test_a_token_is_shown_once_works_and_can_be_revoked(app):
    person = Browser(app, "sales1")
    page = person.send(person.get("/account").form("/account/tokens"), {"name": "Script <1>"})
    check(page, "en")
    token = re.search(r"fw_[\w-]+", page.text)
    assert token
    assert "Script &lt;1&gt;" in page.text
    assert token[0] not in person.get("/account").text
    headers = {"Authorization": f"Bearer {token[0]}"}
    assert app.test_client().get("/api/v1/apps", headers=headers).status_code == 200
    revoke = next(form for form in person.get("/account").forms if form["action"].endswith("/revoke"))
    assert Browser(app, "sales2").post(revoke["action"]).status in (403, 404)
    assert person.send(revoke, {}).status == 303
    assert app.test_client().get("/api/v1/apps", headers=headers).status_code == 401
    check(person.send(person.get("/account").form("/account/tokens"), {"name": " "}), "en", 422)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_job_has_a_page_for_those_it_concerns(app, language):
    from engine import system_actor

    with app.engine.work(system_actor("test"), writes=False) as work:
        jobs = app.engine.jobs.list_jobs(work)
    assert jobs
    admin = Browser(app, "admin", language=language)
    check(admin.get("/jobs"), language)
    for job in jobs[:5]:
        check(admin.get(f"/jobs/{job.id}"), language)
    part = admin.get(f"/jobs/{jobs[0].id}", HX_Request="true")
    assert "<html" not in part.text
    assert Browser(app, "sales1").get(f"/jobs/{jobs[0].id}").status == 404
    assert admin.get("/jobs?status=nothing").status in (200, 422)
