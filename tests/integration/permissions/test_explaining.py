"""Why somebody may or may not: the answer agrees with what happens, and each rule is named."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest

from engine.kernel.actor import Actor, system_actor
from engine.kernel.errors import Forbidden
from engine.kernel.messages import LANGUAGES, catalogue
from engine.permissions import EXTRA_READ, Explanation, explain
from tests.factories.small_app import a_role
from tests.integration.permissions.policy_world import APP, Home, World, grant

READ = {"rule": 'status = "sent"'}


def world_of(home: Home) -> World:
    return World(
        home,
        a_role("one", {"quotation": grant("own", "all", fields={"cost": "hidden"})}),
        a_role("two", {"quotation": grant(READ, fields={"cost": "hidden", "amount": "read"})}),
        a_role("three", {"note": grant("all")}),
    )


def said(found: Explanation) -> tuple[bool, list[tuple[str, bool]]]:
    for reason in found.reasons:
        for language in LANGUAGES:
            assert reason.code in catalogue(language)
    return found.is_allowed, [(reason.code.removeprefix("permissions."), reason.is_for) for reason in found.reasons]


def asked(world: World, asking: Actor, verb: str, entity: str, **more: Any) -> tuple[bool, list[tuple[str, bool]]]:
    with world.work(asking, writes=False) as work:
        return said(explain(work, APP, verb, entity, **more))


def test_every_role_says_what_it_allows(home: Home) -> None:
    world = world_of(home)
    li = world.person("li", "one", "two", "three")

    assert asked(world, li, "read", "quotation") == (
        True, [("scope_own", True), ("scope_none", False), ("scope_rule", True)],
    )
    assert asked(world, li, "remove", "quotation") == (False, [("scope_none", False)] * 3)
    assert asked(world, li, "read", "nonsense") == (False, [("no_entity", False)])


def test_for_a_record_every_role_says_whether_it_applies(home: Home) -> None:
    world = world_of(home)
    li = world.person("li", "one", "two")
    mine = world.add("quotation", seller=li.user_id)
    sent = world.add("quotation", status="sent")
    other = world.add("quotation", status="draft")
    line = world.add("line", parent=mine)

    assert asked(world, li, "read", "quotation", record_id=mine) == (True, [("scope_own", True), ("scope_rule", False)])
    assert asked(world, li, "read", "quotation", record_id=sent) == (True, [("scope_own", False), ("scope_rule", True)])
    assert asked(world, li, "read", "quotation", record_id=other) == (False, [("scope_own", False), ("scope_rule", False)])
    assert asked(world, li, "read", "line", record_id=line) == (True, [("scope_own", True), ("scope_rule", False)])
    assert asked(world, li, "change", "quotation", record_id=other) == (
        False, [("scope_all", True), ("scope_none", False), ("must_read_too", False)],
    )
    assert asked(world, li, "read", "quotation", record_id=uuid4())[0] is False


def test_a_rule_is_quoted(home: Home) -> None:
    world = world_of(home)
    li = world.person("li", "two")

    with world.work(li, writes=False) as work:
        (reason,) = explain(work, APP, "read", "quotation").reasons
    assert reason.values["rule"] == 'status = "sent"'


def test_for_a_field_every_role_says_its_right(home: Home) -> None:
    world = world_of(home)
    li = world.person("li", "one", "two")

    def field(verb: str, key: str) -> tuple[bool, list[tuple[str, bool]]]:
        return asked(world, li, verb, "quotation", field=key)

    assert field("read", "cost") == (False, [("field_hidden", False), ("field_hidden", False)])
    assert field("read", "amount") == (True, [("field_write", True), ("field_read", True)])
    assert field("change", "title") == (True, [("field_write", True), ("field_write", True)])
    assert field("change", "margin") == (False, [("field_write", True), ("field_write", True), ("field_fixed", False)])
    assert field("read", "margin") == (False, [("field_write", True), ("field_write", True), ("field_computed", False)])
    assert field("read", "nonsense") == (False, [("no_field", False)])
    reader = world.person("wang", "two")
    assert asked(world, reader, "change", "quotation", field="title") == (
        False, [("field_write", True), ("field_capped", False)],
    )


def test_people_without_roles_and_people_who_may_everything(home: Home) -> None:
    world = world_of(home)
    nobody, boss = world.person("li"), world.person("boss", is_admin=True)
    record = world.add("quotation")

    assert asked(world, nobody, "read", "quotation") == (False, [("no_role", False)])
    assert asked(world, nobody, "read", "quotation", field="title") == (False, [("no_role", False)])
    assert asked(world, boss, "remove", "quotation", record_id=record) == (True, [("admin", True)])
    assert asked(world, boss, "change", "quotation", field="cost") == (True, [("admin", True)])
    assert asked(world, boss, "change", "quotation", field="margin") == (False, [("admin", True), ("field_fixed", False)])
    assert asked(world, system_actor("sla"), "read", "quotation") == (True, [("system", True)])


def test_only_administrators_ask_about_others(home: Home) -> None:
    world = world_of(home)
    li, boss = world.person("li", "one"), world.person("boss", is_admin=True)

    assert asked(world, boss, "read", "quotation", actor=li) == (True, [("scope_own", True)])
    with pytest.raises(Forbidden):
        asked(world, li, "read", "quotation", actor=boss)


@pytest.fixture
def tasks() -> Iterator[set[UUID]]:
    """Ids of quotations on which everybody has a task."""
    found: set[UUID] = set()

    def reason(app: str, entity: str, table: Any, actor: Actor) -> Any:
        return table.c.id.in_(found) if entity == "quotation" else None

    EXTRA_READ.append(reason)
    yield found
    EXTRA_READ.remove(reason)


def test_a_task_is_mentioned(home: Home, tasks: set[UUID]) -> None:
    world = world_of(home)
    nobody, li = world.person("li"), world.person("wang", "one")
    asked_for, other = world.add("quotation"), world.add("quotation")
    tasks.add(asked_for)

    assert asked(world, nobody, "read", "quotation", record_id=asked_for) == (True, [("no_role", False), ("task", True)])
    assert asked(world, nobody, "read", "quotation", record_id=other) == (False, [("no_role", False)])
    assert asked(world, nobody, "read", "quotation") == (True, [("no_role", False), ("task", True)])
    assert asked(world, li, "read", "quotation") == (True, [("scope_own", True)])
    assert asked(world, li, "read", "quotation", record_id=asked_for) == (True, [("scope_own", False), ("task", True)])
    assert asked(world, nobody, "read", "note") == (False, [("no_role", False)])
    assert asked(world, nobody, "read", "quotation", field="title") == (True, [("no_role", False)])
    assert asked(world, nobody, "read", "quotation", field="cost") == (False, [("no_role", False)])
