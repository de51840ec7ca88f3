"""Looking at the work pages as a role or as somebody else: read only, marked, never with more rights."""

from __future__ import annotations

import re

import pytest

from engine import Query, system_actor
from tests.web.browser import Browser

pytestmark = pytest.mark.parametrize("installed_url", ["sqlite"], indirect=True)


def person_id(app, login: str) -> str:
    with app.engine.work(system_actor("test"), writes=False) as work:
        return str(app.engine.accounts.find_user(work, login).id)


def audit(app) -> list[tuple[str, str | None]]:
    with app.engine.work(system_actor("test"), writes=False) as work:
        entries = app.engine.audit.list_entries(work).entries
    return [(entry.action, entry.subject) for entry in entries if entry.action.startswith("view.") and entry.actor_name == "Administrator"]


def records(app, login: str, entity: str) -> set[str]:
    """The ids that somebody reads through the engine."""
    with app.engine.work(system_actor("test"), writes=False) as work:
        actor = app.engine.accounts.find_actor(work, app.engine.accounts.find_user(work, login).id)
    with app.engine.work(actor, writes=False) as work:
        return {str(item.id) for item in app.engine.records.query_records(work, "manufacturing", entity, Query(limit=200)).records}


def listed(page) -> set[str]:
    return set(re.findall(r'/a/manufacturing/\w+/([0-9a-f-]{36})"', page.text))


def test_an_administrator_sees_what_a_person_sees_and_changes_nothing(app):
    admin = Browser(app, "admin")
    everything = listed(admin.get("/a/manufacturing/quotation"))
    assert admin.post("/view", {"person": person_id(app, "sales1")}).status == 303
    page = admin.get("/a/manufacturing/quotation")
    assert "You see what " in page.text
    assert page.form("/view/stop")
    assert listed(page) == listed(Browser(app, "sales1").get("/a/manufacturing/quotation"))
    assert listed(page) < everything
    assert admin.get("/people").status == 403
    assert admin.get("/design/manufacturing").status == 403
    assert 'class="sight"' in admin.get("/people").text  # on the page of a refusal, too

    assert admin.send(page.form("/view/stop"), {}).status == 303
    assert listed(admin.get("/a/manufacturing/quotation")) == everything
    assert 'class="sight"' not in admin.get("/").text
    subject = f"user/{person_id(app, 'sales1')}"
    assert audit(app) == [("view.ended", subject), ("view.started", subject)]


def test_every_write_is_refused_in_words_whatever_the_route(app):
    """All addresses that take a POST, PUT, PATCH or DELETE, those of other parts of the product included."""
    admin = Browser(app, "admin")
    quotation = next(iter(records(app, "gm", "quotation")))
    admin.post("/view", {"person": person_id(app, "gm")})
    given = {"app": "manufacturing", "entity": "quotation", "id": quotation, "key": "quotation", "kind": "entity", "number": 1, "name": "x",
             "task": quotation, "decision": "approve", "field": "account"}
    own = {"pages.view.begin", "pages.view.stop", "pages.login.sign_out", "pages.login.sign_in"}
    before = _fingerprint(app)
    tried = 0
    with app.test_request_context():
        rules = [(rule, app.url_map.bind("localhost").build(rule.endpoint, {name: given.get(name, "x") for name in rule.arguments}))
                 for rule in app.url_map.iter_rules() if rule.endpoint not in own
                 and not any(type(rule._converters[name]).__name__ == "IntegerConverter" and name not in given for name in rule.arguments)]
    for rule, path in rules:
        for method in sorted(rule.methods & {"POST", "PUT", "PATCH", "DELETE"}):
            answer = admin.open(method, path, headers={"X-CSRF-Token": admin.csrf}, data={"csrf": admin.csrf})
            assert answer.status != 500, (method, path)
            tried += 1
    assert tried > 30
    assert _fingerprint(app) == before
    answer = admin.post(f"/a/manufacturing/quotation/{quotation}/comments", {"text": "hello"})
    assert answer.status == 403
    assert "only looking" in answer.text
    api = admin.client.post("/api/v1/manufacturing/lead", json={"name": "x"}, headers={"X-CSRF-Token": admin.csrf})
    assert api.status_code == 403
    assert api.get_json()["errors"][0]["code"] == "storage.only_viewing"


def _fingerprint(app) -> list[tuple[str, list]]:
    """Everything that is stored, but for when sessions were last seen and for the worker's queue."""
    import sqlalchemy as sa

    from engine.storage.system_tables import metadata

    with app.engine.work(system_actor("test"), writes=False) as work:
        names = [name for name in sa.inspect(work.connection).get_table_names() if name in metadata.tables or name.startswith("e_")]
        skipped = {"session", "job", "alembic_version"}
        found = [(name, sorted(map(repr, work.connection.execute(sa.text(f'SELECT * FROM "{name}"'))))) for name in sorted(names) if name not in skipped]
    assert len(found) > len(metadata.tables) - 3
    return found


def test_a_designer_looks_as_a_role_but_not_as_a_person(app):
    designer = Browser(app, "designer")
    assert designer.post("/view", {"person": person_id(app, "sales1")}).status == 403
    assert designer.post("/view", {"app": "manufacturing", "role": "service"}).status == 303
    page = designer.get("/a/manufacturing/service_order")
    assert page.status == 200
    assert "Service" in page.text
    assert designer.get("/a/manufacturing/quotation").status in (200, 404)
    assert designer.get("/design/manufacturing").status == 403  # the role may not design
    refused = designer.post("/view", {"app": "manufacturing", "role": "sales"})
    assert refused.status == 409
    assert designer.post("/view/stop").status == 303
    assert designer.get("/design/manufacturing").status == 200


@pytest.mark.parametrize("login", ["sales1", "gm"])
def test_nobody_else_looks_as_anybody(app, login):
    person = Browser(app, login)
    assert person.post("/view", {"app": "manufacturing", "role": "finance"}).status == 403
    assert person.post("/view", {"person": person_id(app, "finance")}).status == 403
    assert 'class="sight"' not in person.get("/").text


def test_odd_choices_are_refused_soberly(app):
    admin = Browser(app, "admin")
    for given, status in (({}, 422), ({"role": "sales"}, 422), ({"app": "nowhere", "role": "sales"}, 404), ({"app": "manufacturing", "role": "x"}, 404),
                          ({"person": "x"}, 404), ({"person": person_id(app, "admin")}, 422)):
        assert admin.post("/view", given).status == status, given


def test_the_view_ends_with_the_session_and_is_the_sessions_alone(app):
    admin, elsewhere = Browser(app, "admin"), Browser(app, "admin")
    admin.post("/view", {"person": person_id(app, "sales1")})
    assert 'class="sight"' in admin.get("/").text
    assert 'class="sight"' not in elsewhere.get("/").text
    assert admin.post("/logout").status == 302
    assert 'class="sight"' not in Browser(app, "admin").get("/").text


def test_when_the_person_leaves_nothing_is_left_to_see_or_do_until_the_view_is_stopped(app):
    admin = Browser(app, "admin")
    person = person_id(app, "sales1")
    admin.post("/view", {"person": person})
    with app.engine.work(system_actor("test"), writes=True) as work:
        app.engine.accounts.change_user(work, app.engine.accounts.find_user(work, "sales1").id, is_active=False)
    page = admin.get("/")
    assert "The view has ended" in page.text
    assert admin.get("/people").status == 403
    assert admin.post("/people/new", {"login": "x", "name": "x"}).status == 403
    assert admin.post("/view/stop").status == 303
    assert admin.get("/people").status == 200


def test_a_view_keeps_the_viewers_language(app):
    admin = Browser(app, "admin", language="zh-CN")
    admin.post("/view", {"person": person_id(app, "sales1")})
    assert '<html lang="zh-CN"' in admin.get("/a/manufacturing/quotation").text
