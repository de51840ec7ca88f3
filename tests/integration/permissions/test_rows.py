"""Which records: every scope, every verb, owned rows, rules, tasks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from engine.kernel.actor import Actor, system_actor
from engine.permissions import EXTRA_READ, policy
from tests.factories.small_app import a_role
from tests.integration.permissions.policy_world import (
    APP,
    ENTITIES,
    Home,
    World,
    grant,
    roles_for,
)

EARLIER, LATER = date(2026, 11, 1), date(2026, 12, 31)
VERBS = ("read", "change", "remove")


def world_with(home: Home, scope: Any) -> tuple[World, Actor, dict[str, UUID]]:
    """Li of the sales department, who may do with quotations what the scope says, and some quotations."""
    world = World(home, roles_for(quotation=grant(scope, scope, scope)))
    li = world.person("li", "seller", department=world.sales)
    wang = world.person("wang", "seller", department=world.east)
    boss = world.person("boss", department=world.company)
    found = {
        "mine": world.add("quotation", seller=li.user_id, team=world.other),
        "sales": world.add("quotation", seller=boss.user_id, team=world.sales),
        "east": world.add("quotation", seller=wang.user_id, team=world.east),
        "company": world.add("quotation", seller=boss.user_id, team=world.company),
        "nobody": world.add("quotation"),
    }
    return world, li, found


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        ("none", ()),
        ("own", ("mine",)),
        ("department", ("mine", "sales")),
        ("department_and_below", ("mine", "sales", "east")),
        ("all", ("mine", "sales", "east", "company", "nobody")),
    ],
)
def test_each_scope_opens_its_records_and_those_of_the_narrower_ones(home: Home, scope: str, expected: tuple[str, ...]) -> None:
    world, li, found = world_with(home, scope)

    for verb in VERBS:
        assert world.found(li, verb, "quotation") == {found[name] for name in expected}
        with world.policy(li) as rules:
            assert rules.may(verb, "quotation") == (scope != "none")
            assert not rules.may("create", "quotation")


def test_without_a_department_only_own_records_are_ones_department(home: Home) -> None:
    world = World(home, roles_for(quotation=grant("department_and_below"), note=grant("department")))
    li = world.person("li", "seller")
    mine = world.add("quotation", seller=li.user_id)
    world.add("quotation", seller=None, team=None)
    note = world.add("note", by=li.user_id)
    world.add("note")

    assert world.found(li, "read", "quotation") == {mine}
    assert world.found(li, "read", "note") == {note}


def test_without_owner_and_department_fields_the_creator_counts(home: Home) -> None:
    world = World(home, roles_for(note=grant("department_and_below", "own")))
    li = world.person("li", "seller", department=world.sales)
    wang = world.person("wang", department=world.east)
    boss = world.person("boss", department=world.company)
    mine, east = world.add("note", by=li.user_id), world.add("note", by=wang.user_id)
    world.add("note", by=boss.user_id)
    world.add("note")

    assert world.found(li, "read", "note") == {mine, east}
    assert world.found(li, "change", "note") == {mine}


def test_roles_add_up(home: Home) -> None:
    world = World(
        home, a_role("one", {"quotation": grant("own")}),
        a_role("two", {"quotation": grant({"rule": 'status = "sent"'}, "all")}),
    )
    li = world.person("li", "one", "two")
    mine, sent = world.add("quotation", seller=li.user_id), world.add("quotation", status="sent")
    world.add("quotation", status="draft")

    assert world.found(li, "read", "quotation") == {mine, sent}
    assert world.found(li, "change", "quotation") == {mine, sent}  # all that can be read
    assert world.found(li, "remove", "quotation") == set()


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("amount > 100", {"big", "orphan"}),
        ('account.level = "a"', {"big"}),
        ('account.owner.name = "Boss"', {"big"}),
        ('starts_with(seller.department.key, "sales")', {"small"}),
        ("seller = actor.id", {"small"}),
        ("team = actor.department", {"small"}),
        ('has_role("seller") and status = "draft"', {"small"}),
        ('has_role("nobody") or actor.name = "Nobody" or actor.language = "xx"', set()),
        ("age > 0", {"small", "big"}),
        ("margin = 1", set()),
        ("not (amount > 100)", {"small", "empty"}),
        ("is_blank(account)", {"small", "empty"}),
        ("is_blank(account.level)", {"small", "empty", "orphan"}),
        ("is_blank(account.id)", {"small", "empty", "orphan"}),
        ("account.days = 23", {"big"}),
        ("late_lines = 1", {"small"}),
        ("late_cost = 7", {"small"}),
        ("account.late_credit = 500", {"big"}),
        ("accounts_late_credit = 500", {"big"}),
        ("twice_late = 2", {"small"}),
        ("false", set()),
    ],
)
def test_a_rule_opens_the_records_it_holds_for(home: Home, rule: str, expected: set[str]) -> None:
    world = World(home, roles_for(quotation=grant({"rule": rule})))
    li, boss = world.person("li", "seller", department=world.sales), world.person("boss")
    account = world.add("account", level="a", owner=boss.user_id, since=EARLIER)
    gone = world.add("account", level="a", removed=True)
    found = {
        "big": world.add("quotation", amount=Decimal(500), account=account, status="sent", due=EARLIER),
        "small": world.add("quotation", amount=Decimal(5), seller=li.user_id, team=world.sales, status="draft", due=EARLIER),
        "empty": world.add("quotation"),
        "orphan": world.add("quotation", amount=Decimal(101), account=gone),
    }
    for due, cost, removed in ((EARLIER, 7, False), (EARLIER, 9, True), (LATER, 11, False), (None, 13, False)):
        world.add("line", parent=found["small"], due_on=due, unit_cost=Decimal(cost), removed=removed)

    assert world.found(li, "read", "quotation") == {found[name] for name in expected}


def test_owned_rows_go_by_their_owner_however_deep(home: Home) -> None:
    world = World(home, roles_for(quotation=grant("all", "own", create=True)))
    li = world.person("li", "seller")
    mine, theirs, gone = (
        world.add("quotation", seller=li.user_id), world.add("quotation"), world.add("quotation", removed=True),
    )
    lines = [world.add("line", parent=owner) for owner in (mine, theirs, gone)]
    parts = [world.add("part", parent=line) for line in lines]

    for rows, entity in ((lines, "line"), (parts, "part")):
        assert world.found(li, "read", entity) == set(rows[:2])
        for verb in ("change", "create", "remove"):
            assert world.found(li, verb, entity) == {rows[0]}
            with world.policy(li) as rules:
                assert rules.may(verb, entity)


def test_rows_may_be_created_along_with_their_owner(home: Home) -> None:
    world = World(home, roles_for(quotation=grant("all", create=True)))
    li = world.person("li", "seller")

    with world.policy(li) as rules:
        assert rules.may("create", "line")
        assert not rules.may("change", "line")
        assert not rules.may("remove", "part")
    record = world.add("quotation")
    assert world.found(li, "create", "quotation") == {record}  # no record is out of a creator's scope


def test_nothing_granted_is_nothing_found(home: Home) -> None:
    world = World(home, roles_for(quotation=grant("all")))
    holder_of_nothing = world.person("li")
    holder_of_a_role_that_was = world.person("wang", "was_once")
    stranger = Actor(None, "")
    for entity in ("quotation", "account", "note"):
        world.add(entity)

    for actor in (holder_of_nothing, holder_of_a_role_that_was, stranger):
        for entity in ENTITIES:
            for verb in (*VERBS, "create"):
                assert world.found(actor, verb, entity) == set()
                with world.policy(actor) as rules:
                    assert not rules.may(verb, entity)
    with world.policy(holder_of_nothing) as rules:
        assert not rules.may("read", "nonsense")


def test_administrators_and_parts_of_the_product_see_everything(home: Home) -> None:
    world = World(home, roles_for(quotation=grant("own")))
    boss = world.person("boss", is_admin=True)
    record = world.add("quotation")
    line = world.add("line", parent=record)

    for actor in (boss, system_actor("sla")):
        for verb in (*VERBS, "create"):
            assert world.found(actor, verb, "quotation") == {record}
            assert world.found(actor, verb, "line") == {line}
        with world.policy(actor) as rules:
            assert rules.may("remove", "note")
            assert rules.may_design
            assert not rules.may("read", "nonsense")


def test_fields_can_be_asked_for_all_at_once(home: Home) -> None:
    world = World(home, roles_for(note=grant("all", "all"), quotation=grant(create=True, fields={"cost": "hidden"})))
    li = world.person("li", "seller")

    with world.policy(li) as rules:
        assert rules.readable("note") == {"text", "created_by", "created_on", "changed_by", "changed_on"}
        assert rules.writable("note") == {"text"}
        assert rules.writable("note") is rules.writable("note")
        assert "cost" not in rules.writable("quotation")
        assert "title" in rules.writable("quotation")
        assert rules.readable("account") == frozenset()
        assert rules.field_right("account", "name") == "hidden"
        assert world.found(li, "read", "quotation") == set()


def test_one_role_by_itself_and_a_task_by_itself(home: Home) -> None:
    world = World(home, roles_for(quotation=grant("own")), a_role("other", {}))
    li = world.person("li", "seller", "other")
    mine = world.add("quotation", seller=li.user_id)

    with world.policy(li) as rules:
        found = {
            role: rules.holds("quotation", mine, lambda table, role=role: rules.role_predicate(role, "read", "quotation", table))
            for role in ("seller", "other")
        }
        assert found == {"seller": True, "other": False}
        assert not rules.holds("quotation", mine, lambda table: rules.task_predicate("quotation", table))


def test_designing_is_a_right_of_a_role(home: Home) -> None:
    world = World(home, a_role("designer", {}, design=True), a_role("seller", {}))

    for role, may in (("designer", True), ("seller", False)):
        with world.policy(world.person(role, role)) as rules:
            assert rules.may_design == may


@pytest.fixture
def tasks() -> Iterator[set[UUID]]:
    """Ids of quotations on which everybody has a task."""
    found: set[UUID] = set()

    def reason(app: str, entity: str, table: Any, actor: Actor) -> Any:
        return table.c.id.in_(found) if (app, entity) == (APP, "quotation") and found else None

    EXTRA_READ.append(reason)
    yield found
    EXTRA_READ.remove(reason)


def test_a_task_lets_its_holder_read_the_record_and_its_rows_and_no_more(home: Home, tasks: set[UUID]) -> None:
    world = World(home, roles_for(quotation=grant("own", "all")))
    seller, approver = world.person("li", "seller"), world.person("boss")
    asked, other = world.add("quotation"), world.add("quotation")
    line = world.add("line", parent=asked)
    world.add("line", parent=other)
    with world.policy(approver) as rules:
        assert not rules.may("read", "quotation")

    tasks.add(asked)

    for actor in (seller, approver):
        assert world.found(actor, "read", "quotation") == {asked}
        assert world.found(actor, "read", "line") == {line}
        assert world.found(actor, "remove", "quotation") == set()
        with world.policy(actor) as rules:
            assert rules.may("read", "quotation")
            assert rules.may("read", "line")
            assert not rules.may("read", "note")
            assert not rules.may("remove", "quotation")
    assert world.found(seller, "change", "quotation") == {asked}
    assert world.found(approver, "change", "quotation") == set()


def test_the_policy_is_the_same_throughout_a_work_and_another_for_somebody_else(home: Home) -> None:
    world = World(home, roles_for(quotation=grant("own")))
    li, boss = world.person("li", "seller"), world.person("boss", is_admin=True)

    with world.work(li, writes=False) as work:
        first = policy(work, APP)
        assert policy(work, APP) is first
        work.actor = boss
        assert policy(work, APP) is not first
        assert policy(work, APP).may("remove", "note")


def test_predicates_work_inside_updates_and_joins(home: Home) -> None:
    world = World(home, roles_for(quotation=grant({"rule": 'account.level = "a"'}, {"rule": 'account.level = "a"'})))
    li = world.person("li", "seller")
    account = world.add("account", level="a")
    fits, other = world.add("quotation", account=account), world.add("quotation")
    line = world.add("line", parent=fits)
    world.add("line", parent=other)

    with world.work(li) as work:
        rules, quotation, lines = policy(work, APP), world.tables["quotation"], world.tables["line"]
        changed = sa.update(quotation).where(
            rules.row_predicate("change", "quotation", quotation), quotation.c.id.in_(world.records)
        ).values(rev=2)
        assert work.connection.execute(changed).rowcount == 1
        removed = sa.delete(lines).where(rules.row_predicate("remove", "line", lines), lines.c.id.in_(world.records))
        joined = sa.select(lines.c.id).select_from(
            sa.join(lines, quotation, sa.and_(quotation.c.id == lines.c.parent_id, rules.row_predicate("read", "quotation", quotation)))
        ).where(lines.c.id.in_(world.records))
        assert list(work.connection.scalars(joined)) == [line]
        assert work.connection.execute(removed).rowcount == 1

