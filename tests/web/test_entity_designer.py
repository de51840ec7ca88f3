"""What the entity designer asks the server: uses, new keys, other types, counts; and who may ask."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from engine.jobs import KINDS, Worker
from engine.jobs.kind import JobKind
from engine.kernel.messages import LANGUAGES
from engine.kernel.registry import Registry
from tests.web.browser import Browser
from tests.web.test_drafts_together import Designer
from tests.web.test_pages import check

APP = "/design/manufacturing"
ENTITY = "entity/product"


@pytest.fixture
def designer(app: Any) -> Designer:
    return Designer(app, "admin")


def run_jobs(app: Any) -> None:
    """The conversions only: the pack's mails and webhooks have nothing to do with it."""
    kinds: Registry[JobKind] = Registry("jobs")
    kinds.register(KINDS["records.convert_field"])
    worker = Worker(app.engine.database, kinds=kinds)
    while worker.run_once():
        pass


def put(designer: Designer, change: Any) -> dict[str, Any]:
    before = designer.document(ENTITY)
    after = {**before, "fields": change(before["fields"])}
    assert designer.save((ENTITY, after, before))[0]["outcome"] == "saved"
    return after


def code(type_: str, **more: Any) -> dict[str, Any]:
    return {"key": "old_code", "uid": "9b2f4c51-64bb-4f36-9d0c-6f1a3b1f0c99", "type": type_, "label": {"en": "Old code", "zh-CN": "旧编码"}, **more}


def publish(as_person: Any) -> None:
    answer = as_person("admin").post("/design/manufacturing/publish", {"note": ""})
    assert answer.status in (200, 201), answer.text


@pytest.mark.parametrize("installed_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_are_whole_in_both_languages(app: Any, language: str) -> None:
    browser = Browser(app, "designer", language=language)
    for path in (f"{APP}/{ENTITY}", f"{APP}/diagram"):
        page = browser.get(path)
        assert page.status == 200
        check(page, language)
    boot = json.loads(re.search(r'id="designer-boot">(.*?)</script>', browser.get(f"{APP}/{ENTITY}").text, re.DOTALL)[1])
    assert boot["more"]["published"]["key"] == "product"
    assert boot["more"]["uses"]["fields"]["name"]
    assert "decimal" in boot["more"]["conversions"]["text"]
    assert boot["more"]["changes"] == []


@pytest.mark.parametrize("installed_url", ["sqlite"], indirect=True)
def test_a_new_key_is_planned_and_nothing_is_written(designer: Designer) -> None:
    before = designer.ask(f"{APP}/draft")
    plan = designer.ask(f"{APP}/rename", {"entity": "quotation", "field": "amount", "to": "worth", "unsaved": []})
    assert {"entity/quotation", "view/quotations"} <= {item["address"] for item in plan["documents"]} or len(plan["documents"]) > 2
    assert all(place["after"] is not None for place in plan["places"])
    assert designer.ask(f"{APP}/draft") == before
    refused = designer.ask(f"{APP}/rename", {"entity": "quotation", "field": "amount", "to": "Worth"}, status=422)
    assert refused["errors"][0]["code"] == "definition.bad_key"
    taken = designer.ask(f"{APP}/rename", {"entity": "quotation", "field": "amount", "to": "status"}, status=422)
    assert taken["errors"][0]["code"] == "publishing.key_taken"


@pytest.mark.parametrize("installed_url", ["sqlite"], indirect=True)
def test_only_who_designs_may_ask(app: Any) -> None:
    sales = Designer(app, "sales1")
    for path, given in ((f"{APP}/rename", {"entity": "quotation", "field": "amount", "to": "worth"}), (f"{APP}/type-change", {"field": code("text")}),
                        (f"{APP}/values", {"field": "x"}), (f"{APP}/type-changes", None), (f"{APP}/{ENTITY}/uses", None)):
        sales.ask(path, given, status=403)


def test_a_type_changes_with_preview_progress_list_of_failures_and_way_back(app: Any, designer: Designer, as_person: Any) -> None:
    admin = as_person("admin")
    put(designer, lambda fields: [*fields, code("text")])
    publish(as_person)
    ids = [item["id"] for item in admin.get("/manufacturing/product?limit=4").json["items"]]
    for id_, text in zip(ids, ("12", "1,200", "12 kg", "?"), strict=True):
        assert admin.patch(f"/manufacturing/product/{id_}", {"old_code": text}).status == 200
    uid = code("text")["uid"]
    assert designer.ask(f"{APP}/values", {"field": uid}) == {"count": 4}

    preview = designer.ask(f"{APP}/type-change", {"field": code("integer")})
    assert (preview["state"], preview["filled"], preview["carried"], preview["failed"]) == ("preview", 4, 2, 2)
    assert {item["before"] for item in preview["failures"]} == {"12 kg", "?"}
    assert all(item["title"] and item["reason"] for item in preview["failures"])
    assert designer.ask(f"{APP}/type-change", {"field": code("file")})["state"] == "impossible"
    assert designer.ask(f"{APP}/type-change", {"field": code("text")})["state"] == "same"
    wrong = designer.ask(f"{APP}/type-change", {"field": code("integer", options={"colour": 1})}, status=422)
    assert wrong["errors"][0]["code"] == "field.options.unknown"

    put(designer, lambda fields: [*(item for item in fields if item["uid"] != uid), code("integer")])
    notes = [item["code"] for item in admin.post("/design/manufacturing/check", {}).json["impact"]]
    assert "publishing.converts" in notes
    publish(as_person)
    change = designer.ask(f"{APP}/type-changes")["changes"][0]
    assert (change["from"], change["to"], change["is_done"]) == ("text", "integer", False)
    run_jobs(app)
    change = designer.ask(f"{APP}/type-changes")["changes"][0]
    assert (change["is_done"], change["carried"], change["failed"], change["before"]["type"]) == (True, 2, 2, "text")
    assert {item["before"] for item in designer.ask(f"{APP}/type-changes/{uid}/unread")["values"]} == {"12 kg", "?"}

    # What can't be carried over is in the record's history, and the pages that show it hold.
    browser = Browser(app, "admin", language="zh-CN")
    page = browser.get(f"/a/manufacturing/product/{ids[2]}")
    assert page.status == 200
    assert "12 kg" in page.text + browser.get(f"/a/manufacturing/product/{ids[2]}/history").text

    put(designer, lambda fields: [*(item for item in fields if item["uid"] != uid), change["before"]])
    publish(as_person)
    run_jobs(app)
    values = {admin.get(f"/manufacturing/product/{id_}").json["old_code"] for id_ in ids}
    assert values == {"12", "1,200", "12 kg", "?"}


@pytest.mark.parametrize("installed_url", ["sqlite"], indirect=True)
def test_a_preview_shows_no_value_that_the_designer_may_not_read(app: Any, as_person: Any) -> None:
    """A role that designs and reads nothing gets counts only."""
    admin = as_person("admin")
    role = admin.get("/design/manufacturing/role/sales").json["document"]
    blind = {**role, "key": "blind", "uid": "0b2f4c51-64bb-4f36-9d0c-6f1a3b1f0c11", "design": True, "entities": {}}
    assert admin.call("PUT", "/design/manufacturing/role/blind", blind).status < 300
    publish(as_person)
    from engine import system_actor

    with app.engine.work(system_actor("test"), writes=True) as work:
        app.engine.accounts.create_user(work, "blind", "Blind", "correct horse battery", roles={"manufacturing": ["blind"]})
    blind_one = Designer(app, "blind")
    entity = blind_one.document(ENTITY)
    field = next(item for item in entity["fields"] if item["key"] == "name")
    preview = blind_one.ask(f"{APP}/type-change", {"field": {**field, "type": "integer", "options": {}}})
    assert preview["filled"] > 0
    assert preview["failed"] > 0
    assert (preview["samples"], preview["failures"], preview["words"]) == ([], [], [])


@pytest.mark.parametrize("installed_url", ["sqlite"], indirect=True)
def test_bad_fields_are_told_at_their_place(designer: Designer) -> None:
    other = "9b2f4c51-64bb-4f36-9d0c-6f1a3b1f0ca1"
    before = designer.document(ENTITY)
    bad = {**before, "fields": [
        *before["fields"], code("formula", formula="twice + 1", options={"result": "number"}),
        {**code("formula", formula="old_code * 2", options={"result": "number"}), "key": "twice", "uid": other},
    ]}
    designer.save((ENTITY, bad, before))
    found = [(item["code"], item["path"]) for item in designer.ask(f"{APP}/findings")["findings"] if item["address"] == ENTITY and item["level"] == "error"]
    assert ("definition.circular_formula", ["fields", len(before["fields"])]) in found
    twice = {**before, "fields": [*before["fields"], {**code("text"), "key": "name"}]}
    designer.save((ENTITY, twice, bad))
    found = [(item["code"], item["path"]) for item in designer.ask(f"{APP}/findings")["findings"] if item["address"] == ENTITY and item["level"] == "error"]
    assert ("definition.duplicate_part", ["fields", len(before["fields"]), "key"]) in found
    name = next(index for index, item in enumerate(before["fields"]) if item["key"] == "name")
    retired = {**before, "fields": [{**item, "retired": True} if index == name else item for index, item in enumerate(before["fields"])],
               "rules": [*before.get("rules", []), {"key": "named", "check": "not is_blank(name)", "message": "Name it."}]}
    designer.save((ENTITY, retired, twice))
    found = [(item["code"], item["path"], item["message"]) for item in designer.ask(f"{APP}/findings")["findings"] if item["address"] == ENTITY and item["level"] == "error"]
    at_rule = [message for _, path, message in found if path[:1] == ["rules"]]
    assert at_rule, found
    assert "Product name" in at_rule[0], at_rule
    assert "is retired" in at_rule[0], at_rule
