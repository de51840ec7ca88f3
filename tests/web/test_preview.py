"""The preview of a form's draft: drawn by the pages' own templates, with the rights that the server will give once it is published."""

from __future__ import annotations

import re

from tests.web.conftest import Client
from tests.web.test_expressions import ONE, Designer

PREVIEW = "/design/manufacturing/preview/quotation"
FIELDS = ("subject", "amount", "margin", "cost_check", "internal_note", "payment_terms", "discount", "feasibility_note")


def look(designer, **query) -> str:
    found = designer.client.get(PREVIEW, query_string=query, headers=designer.headers)
    assert found.status_code == 200, found.get_data(as_text=True)[:400]
    assert "frame-ancestors 'self'" in found.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in found.headers
    return found.get_data(as_text=True)


def rights_on(page: str) -> dict[str, str]:
    """For each field: hidden, read or write, as somebody who looks at the page finds it."""
    found = {}
    for key in FIELDS:
        block = re.search(rf'data-field="{key}".*?(?=data-field=|</form>)', page, re.DOTALL)
        is_input = block is not None and re.search(rf'<(?:input|select|textarea)[^>]* name="{key}[-"]', block[0]) is not None
        found[key] = "hidden" if block is None else "write" if is_input else "read"
    return found


def put_all_on_the_form(designer) -> None:
    """A form with all the fields in question, none of them under a condition."""
    def change(document) -> None:
        document["tabs"] = [{"key": "main", "label": "Main", "sections": [{"key": "main", "columns": 2, "items": [{"field": key} for key in FIELDS]}]}]

    designer.save("form", "quotation", change)


def test_hidden_and_read_only_are_what_the_server_answers_after_publishing(app):
    """Roles as they are, and one that the draft changes: what the preview showed, the policy says afterwards."""
    designer = Designer(app)
    put_all_on_the_form(designer)

    def change(document) -> None:
        document["entities"]["quotation"]["fields"] = {**document["entities"]["quotation"].get("fields", {}), "payment_terms": "hidden", "discount": "read"}

    designer.save("role", "sales", change)
    seen = {role: rights_on(look(designer, role=role, record="none")) for role in ("sales", "finance", "engineering", "general_manager", "sales_manager")}

    from engine import Actor, system_actor

    with app.engine.work(system_actor("test"), writes=True) as work:
        app.engine.publishing.publish(work, "manufacturing", "rights")
    with app.engine.work(system_actor("test"), writes=False) as work:
        for role, found in seen.items():
            actor = Actor(user_id=None, name=role, roles={"manufacturing": frozenset({role})})
            policy = app.engine.permissions.policy_of(work, "manufacturing", actor)
            assert found == {key: policy.field_right("quotation", key) for key in FIELDS}, role
    assert seen["sales"]["payment_terms"] == "hidden"
    assert seen["sales"]["discount"] == "read"
    assert seen["sales"]["subject"] == "write"
    assert seen["engineering"]["margin"] == "hidden"
    assert seen["finance"]["subject"] == "read"


def test_a_state_locks_in_the_preview_what_it_locks_in_a_record(app):
    designer = Designer(app)
    put_all_on_the_form(designer)
    admin = Client(app, "admin")
    waiting = next(item for item in admin.get("/manufacturing/quotation?limit=100").json["items"] if item["status"] == "pending_manager")
    standing = admin.get(f"/manufacturing/quotation/{waiting['id']}/standing").json
    state = standing["state"]

    locked = rights_on(look(designer, state=f"quotation_approval/{state}", record=waiting["id"]))
    open_ = rights_on(look(designer, state="draft", record=waiting["id"]))

    writable = {key for key, right in locked.items() if right == "write"}
    assert writable == set(standing["editable_fields"]) & set(FIELDS) == {"internal_note"}
    assert open_["subject"] == "write"


@ONE
def test_a_person_sees_it_with_the_rights_of_all_their_roles(app):
    designer = Designer(app)
    put_all_on_the_form(designer)
    finance = Client(app, "finance")

    assert rights_on(look(designer, user=finance.id)) == rights_on(look(designer, role="finance"))
    assert designer.client.get(PREVIEW, query_string={"user": "00000000-0000-4000-8000-000000000000"}, headers=designer.headers).status_code == 404


@ONE
def test_the_page_speaks_the_language_that_is_asked_for_and_says_its_device(app):
    designer = Designer(app)
    chinese, english = look(designer, language="zh-CN", device="phone"), look(designer, language="en", device="tablet")

    assert 'lang="zh-CN"' in chinese
    assert "主题" in chinese
    assert 'data-device="phone"' in chinese
    assert 'lang="en"' in english
    assert "Subject" in english
    assert "主题" not in english
    assert 'data-device="tablet"' in english


@ONE
def test_the_draft_is_shown_with_the_live_rules_of_its_conditions(app):
    designer = Designer(app)

    def change(document) -> None:
        items = document["tabs"][0]["sections"][0]["items"]
        items[1] = {"field": "payment_terms", "required": "amount > 100000", "visible": "account.level = \"a\""}

    designer.save("form", "quotation", change)
    page = look(designer, record="none")

    assert re.search(r'data-field="payment_terms"[^>]*data-show=', page)
    assert "account.level" in page
    assert "scope-address" in page
    assert "data-live" in page
    assert "data-guard" not in page
    assert 'method="post"' not in page
    assert designer.client.post(PREVIEW, headers=designer.headers).status_code == 404
    answer = designer.ask(f"{PREVIEW}/scope?names=account.level&account={_account(app)}")
    assert set(answer) == {"account.level"}
    assert designer.ask(f"{PREVIEW}/look-up/quotation/account?q=")[0]["title"]


def _account(app) -> str:
    return Client(app, "admin").get("/manufacturing/account?limit=1").json["items"][0]["id"]


@ONE
def test_other_documents_with_errors_do_not_stand_in_the_way_and_own_errors_are_said(app):
    designer = Designer(app)

    def spoil(document) -> None:
        document["filter"] = "nothing > 1"

    view = next(item["document"]["key"] for item in designer.ask("/design/manufacturing/draft")["documents"] if item["document"]["kind"] == "view" and item["document"]["entity"] == "quotation")
    def spoil_rule(document) -> None:
        document["rules"] = [{"key": "bad", "check": "nothing > 1", "message": "x"}]
        document["fields"][0]["default"] = "1 +"

    designer.save("view", view, spoil)
    designer.save("entity", "lead", spoil_rule)
    assert 'data-field="subject"' in look(designer)

    def break_it(document) -> None:
        document["tabs"][0]["sections"][0]["items"][0] = {"field": "subject", "visible": "nothing > 1"}

    designer.save("form", "quotation", break_it)
    page = look(designer)
    assert 'data-field="subject"' not in page
    assert "nothing" in page


@ONE
def test_a_new_field_is_there_before_anything_is_published(app):
    designer = Designer(app)

    def add(document) -> None:
        document["fields"].append({"key": "po", "uid": "9b2f4c51-64bb-4f36-9d0c-6f1a3b1f0c11", "type": "text", "label": {"en": "PO number", "zh-CN": "订单号"}})

    designer.save("entity", "quotation", add)
    designer.save("form", "quotation", lambda document: document["tabs"][0]["sections"][0]["items"].append({"field": "po"}))

    assert "订单号" in look(designer, language="zh-CN")
    assert {item["value"] for item in designer.ask(f"{PREVIEW}/choices")["roles"]} >= {"sales", "finance"}
    assert any(item["value"] == "quotation_approval/gm" for item in designer.ask(f"{PREVIEW}/choices")["states"])
