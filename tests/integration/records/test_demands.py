"""What the whole-record form requires under a condition holds wherever a person writes the record."""

from __future__ import annotations

from typing import Any

import pytest

from engine.accounts import create_user
from engine.kernel.actor import Actor
from engine.kernel.errors import Invalid
from engine.records import change_record, create_record, write_system
from engine.storage import Database
from tests.factories.small_app import (
    APP,
    SYSTEM,
    a_field,
    a_role,
    an_app,
    an_entity,
    publish_documents,
    uid_of,
)

DEAL = an_entity(
    "deal", a_field("name", required=True), a_field("amount", "money"), a_field("reason"), a_field("secret"), a_field("is_gift", "yes_no"),
)
ITEMS = [
    {"field": "name"}, {"field": "amount"}, {"field": "is_gift"},
    {"field": "reason", "required": "amount > 100000", "visible": "is_gift <> true"},
    {"field": "secret", "required": "amount > 500000"},
]
EVERY = {"read": "all", "change": "all", "remove": "all", "create": True}


def a_form(key: str, *items: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"kind": "form", "key": key, "uid": uid_of(f"form/{key}"), "schema": 1, "entity": "deal", "label": key.title(), "purpose": "full",
            "tabs": [{"key": "main", "label": "Main", "sections": [{"key": "all", "items": list(items)}]}], **more}


@pytest.fixture
def people(database: Database) -> dict[str, Actor]:
    publish_documents(
        database, an_app(), DEAL, a_form("deal", *ITEMS), a_form("deal_service", {"field": "name"}, {"field": "amount"}, roles=["service"]),
        a_role("seller", {"deal": {**EVERY, "fields": {"secret": "read"}}}), a_role("boss", {"deal": EVERY}), a_role("service", {"deal": EVERY}),
    )
    with database.work(SYSTEM) as work:
        return {role: Actor(create_user(work, role, role.title(), None), role.title(), roles={APP: frozenset({role})})
                for role in ("seller", "boss", "service")}


def refused(act: Any) -> list[tuple[str, tuple[Any, ...]]]:
    with pytest.raises(Invalid) as caught:
        act()
    return [(problem.code, problem.path) for problem in caught.value.problems]


def test_a_write_that_lacks_what_the_form_asks_for_is_refused_at_the_field(database: Database, people: dict[str, Actor]) -> None:
    with database.work(people["seller"]) as work:
        small = create_record(work, APP, "deal", {"name": "small", "amount": "100000"})
        assert refused(lambda: create_record(work, APP, "deal", {"name": "big", "amount": "100000.01"})) == [("record.required_when", ("reason",))]
        assert refused(lambda: change_record(work, APP, "deal", small.id, {"amount": "200000"})) == [("record.required_when", ("reason",))]
        change_record(work, APP, "deal", small.id, {"amount": "200000", "reason": "An old customer"})
        assert refused(lambda: change_record(work, APP, "deal", small.id, {"reason": None})) == [("record.required_when", ("reason",))]
        create_record(work, APP, "deal", {"name": "hidden there", "amount": "200000", "is_gift": True})


def test_only_what_a_person_may_write_and_their_own_form_shows_is_asked_for(database: Database, people: dict[str, Actor]) -> None:
    whole = {"name": "big", "amount": "900000", "reason": "why"}
    with database.work(people["seller"]) as work:
        create_record(work, APP, "deal", whole)
    with database.work(people["boss"]) as work:
        assert refused(lambda: create_record(work, APP, "deal", whole)) == [("record.required_when", ("secret",))]
    with database.work(people["service"]) as work:
        create_record(work, APP, "deal", {"name": "by service", "amount": "900000"})


def test_the_product_itself_and_changes_elsewhere_are_not_held_up(database: Database, people: dict[str, Actor]) -> None:
    with database.work(SYSTEM) as work:
        old = create_record(work, APP, "deal", {"name": "from before", "amount": "300000"})
        write_system(work, APP, "deal", old.id, {"amount": "400000"})
    with database.work(people["seller"]) as work:
        assert change_record(work, APP, "deal", old.id, {"name": "renamed"}).values["name"] == "renamed"
