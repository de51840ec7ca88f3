"""What a check says about running workflows, roles and things that go, in both languages."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from engine.kernel.actor import Actor
from engine.kernel.ids import new_id
from engine.publishing import (
    check,
    check_json,
    diff_json,
    get_document_json,
    list_documents_json,
    publish,
    put_document_json,
    releases_json,
    remove_document,
)
from engine.records import create_record
from engine.storage import Database
from engine.storage.system_tables import role_holder, user, wf_instance
from tests.factories.small_app import (
    ACCOUNT,
    APP,
    LINE,
    QUOTATION,
    SYSTEM,
    a_field,
    a_role,
    a_view,
    an_app,
    publish_documents,
    put,
    uid_of,
    with_fields,
    without_fields,
)

CHOICES = {"options": [{"key": key, "label": key} for key in ("open", "busy", "done")]}
WITH_STATUS = with_fields(ACCOUNT, a_field("status", "choice", options=CHOICES))


def a_flow(*middle: str) -> dict[str, Any]:
    """open → each of the middle states → done."""
    names = ["open", *middle, "done"]
    states: dict[str, Any] = {
        name: {
            "type": "input", "label": name.title(), "status": name,
            "transitions": [{"on": "go", "to": follower, "label": "Go", "by": ["owner"]}],
        }
        for name, follower in pairwise(names)
    }
    states["done"] = {"type": "final", "label": "Done", "status": "done", "outcome": "approved"}
    return {
        "kind": "workflow", "key": "flow", "uid": uid_of("flow"), "schema": 1, "dsl": "formwork.workflow/1",
        "entity": "account", "label": "Flow", "status_field": "status", "initial": "open", "states": states,
    }


@pytest.fixture
def running(database: Database) -> Database:
    """An app with a workflow, one run of which stands in the state `busy`."""
    publish_documents(database, an_app(), WITH_STATUS, a_flow("busy"), a_role("clerk"))
    with database.work(SYSTEM) as work:
        work.connection.execute(
            wf_instance.insert().values(
                id=new_id(), app=APP, workflow="flow", workflow_uid=uid_of("flow"), release=1, entity="account",
                record_id=new_id(), state="busy", data={}, started_at=work.now,
            )
        )
    return database


def impact_of(database: Database) -> dict[str, Any]:
    with database.work(SYSTEM, writes=False) as work:
        report = check(work, APP)
    assert report.can_publish
    return {item.code.removeprefix("publishing."): item.values for item in report.impact}


def test_a_state_that_goes_is_told_with_the_runs_that_stand_in_it(running: Database) -> None:
    put(running, a_flow())

    found = impact_of(running)

    assert found["state_removed"] | {"uses": None} == {
        "workflow": "Flow", "state": "Busy", "count": 1, "release": 1, "uses": None,
    }
    assert found["running"]["count"] == 1


def test_another_type_is_told_with_its_values_and_the_runs_that_go_by_the_old_one(running: Database) -> None:
    flow = a_flow("busy")
    flow["states"]["busy"]["transitions"][0]["when"] = 'level = "a"'
    publish_documents(running, flow)
    with running.work(SYSTEM) as work:
        table, fields = work.tables(APP)["account"], work.model(APP).entities["account"].fields
        work.connection.execute(table.insert().values(
            id=new_id(), rev=1, created_on=work.now, changed_on=work.now, **{fields["name"].column: "Acme", fields["level"].column: "a"},
        ))
    put(running, with_fields(without_fields(WITH_STATUS, "level"), a_field("level", "text")))

    found = impact_of(running)

    assert (found["converts"]["count"], found["converts"]["to"]["en"]) == (1, "Text")
    assert (found["retyped_in_runs"]["count"], found["retyped_in_runs"]["workflow"]) == (1, "Flow")


def test_a_workflow_that_goes_lets_its_runs_end(running: Database) -> None:
    with running.work(SYSTEM) as work:
        remove_document(work, APP, "workflow", "flow")

    assert impact_of(running)["workflow_removed"]["count"] == 1


def test_a_role_that_goes_is_told_with_its_holders(running: Database) -> None:
    with running.work(SYSTEM) as work:
        user_id = new_id()
        work.connection.execute(user.insert().values(id=user_id, login="a", name="A", created_at=work.now))
        work.connection.execute(role_holder.insert().values(user_id=user_id, app=APP, role="clerk"))
        remove_document(work, APP, "role", "clerk")

    assert impact_of(running)["role_removed"] == {"role": "Clerk", "count": 1}


def test_an_unchanged_draft_has_no_impact(running: Database) -> None:
    assert impact_of(running) == {}


def test_answers_as_json_speak_the_language_of_the_actor(database: Database) -> None:
    publish_documents(database, an_app(), ACCOUNT, QUOTATION, LINE, a_view("all", "quotation", "title", "amount"))
    put(database, without_fields(QUOTATION, "amount"))
    with database.work(SYSTEM) as work:
        create_record(work, APP, "quotation", {"title": "Pumps", "amount": "12.50"})
    reader = Actor(user_id=None, name="Admin", language="zh-CN", is_admin=True)

    with database.work(reader, writes=False) as work:
        found = check_json(work, APP)

    assert not found["can_publish"]
    removed = next(item for item in found["impact"] if item["code"] == "publishing.field_removed")
    assert (removed["count"], removed["level"]) == (1, "warning")
    assert removed["uses"] == [{"kind": "view", "key": "all", "path": ["columns", 1]}]
    assert removed["message"].startswith("“Quotation”的字段“Amount”将被移除，1 条记录")
    with database.work(reader) as work:
        remove_document(work, APP, "view", "all")
        found = check_json(work, APP)
    assert [item["message"] for item in found["steps"]] == ["停用“Quotation”的字段“Amount”的列，数据保留"]
    assert found["can_publish"]


def test_documents_releases_and_differences_are_told_as_json(database: Database) -> None:
    publish_documents(database, an_app(), ACCOUNT, note="The first one")
    with database.work(SYSTEM) as work:
        rev = get_document_json(work, APP, "entity", "account")["rev"]
        put = put_document_json(work, APP, with_fields(ACCOUNT, a_field("city")), rev)
        listed = {item["key"]: item["status"] for item in list_documents_json(work, APP)}
        difference = diff_json(work, APP)
        publish(work, APP)
        releases = releases_json(work, APP)

    assert put["rev"] == rev + 1
    assert listed == {"account": "changed", APP: "published"}
    assert [(item["change"], item["edits"][0]["path"]) for item in difference] == [("changed", ["fields", "city"])]
    assert [(item["number"], item["note"], item["is_current"]) for item in releases] == [
        (2, "", True), (1, "The first one", False),
    ]
