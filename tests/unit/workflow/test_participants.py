"""Catalogue B1, B3–B5, B7, B9: who sits at a step, and what happens with nobody."""

from __future__ import annotations

import pytest

from engine.kernel.errors import Invalid
from engine.workflow.decisions import approve, reject, send_back, transfer
from engine.workflow.fire_timer import replace_inactive
from engine.workflow.moves import fire
from tests.factories.workflow_world import Case, World, a_case, a_flow, a_step, who


def submitted(steps: dict[str, object], world: World | None = None, **more: object) -> Case:
    case = a_case(a_flow(steps, **more), world)
    fire(case.machine("i"), "submit")
    return case


def with_people(**settings: object) -> World:
    world = World()
    for key, value in settings.items():
        setattr(world.people, key, value)
    return world


CHAIN = {"i": "m", "m": "n", "n": "o"}


@pytest.mark.parametrize(("rule", "people"), [
    ({"kind": "user", "value": "a"}, ["a"]),
    ({"kind": "role", "value": "finance"}, ["f", "g"]),
    ({"kind": "role", "value": "finance", "exclude": ["initiator"]}, ["f", "g"]),
    ({"kind": "department", "value": "works"}, ["w"]),
    ({"kind": "manager"}, ["m"]),
    ({"kind": "manager", "levels": 2}, ["n"]),
    ({"kind": "manager", "of": "owner"}, ["n"]),
    ({"kind": "manager", "of": "engineer"}, ["o"]),
    ({"kind": "manager_chain"}, ["m", "n", "o"]),
    ({"kind": "manager_chain", "levels": 2}, ["m", "n"]),
    ({"kind": "manager_chain", "until": "person.name == 'n'"}, ["m", "n"]),
    ({"kind": "department_head"}, ["h"]),
    ({"kind": "field", "value": "engineer"}, ["n"]),
    ({"kind": "field", "value": "reviewers"}, ["r", "s"]),
    ({"kind": "expr", "value": "engineer if big else reviewers"}, ["n"]),
])
def test_every_kind_of_rule_finds_its_people(rule: dict[str, object], people: list[str]) -> None:
    world = with_people(
        roles={"finance": ["f", "g"]}, managers=CHAIN, heads={"i": ["h"]}, departments={"works": ["w"]}
    )
    world.owner = "m"
    world.values = {"engineer": who("n"), "reviewers": [who("r"), who("s")], "big": True}
    for name in ("n", "r", "s"):
        world.people._id(name)

    case = submitted({"one": a_step("wanted", mode="all")}, world, rules={"wanted": rule})

    assert [world.people.name(slot.user_id) for slot in case.run.seats] == people


def test_a_manager_cycle_ends_the_chain() -> None:
    world = with_people(managers={"i": "m", "m": "n", "n": "m"})

    case = submitted({"one": a_step("up", mode="all")}, world, rules={"up": {"kind": "manager_chain"}})

    assert list(case.statuses()) == ["m", "n"]


def test_people_chosen_by_the_initiator_and_the_previous_actor() -> None:
    rules = {"pick": {"kind": "initiator_choice"}, "last": {"kind": "previous_actor"}}
    case = a_case(a_flow({"one": a_step("pick", outcomes={"approved": {"to": "two"}}), "two": a_step("last")}, rules=rules))
    fire(case.machine("i"), "submit", people={"pick": [who("p")]})
    assert [slot.user_id for slot in case.run.seats] == [who("p")]

    approve(case.machine("p"), case.slot_of(who("p")).id)

    assert case.run.state == "two"
    assert [slot.user_id for slot in case.run.seats] == [who("p")]


def test_the_initiator_must_choose_people_for_steps_on_the_way() -> None:
    world = with_people(inactive={"x"})
    rules = {"pick": {"kind": "initiator_choice", "max": 1}}
    steps = {"one": a_step("a", outcomes={"approved": {"to": "two"}}), "two": a_step("pick")}
    case = a_case(a_flow(steps, rules=rules), world)

    for people in ({}, {"pick": [who("x")]}, {"pick": [who("p"), who("q")]}, {"other": [who("p")]}):
        with pytest.raises(Invalid):
            fire(case.machine("i"), "submit", people=people)
        case.run.memory.people.clear()
    fire(case.machine("i"), "submit", people={"pick": [who("p")]})

    approve(case.machine("a"), case.slot("a").id)
    assert case.statuses() == {"p": "open"}


EMPTY = {"nobody": {"kind": "role", "value": "vacant"}}


def test_nobody_found_can_refuse_the_move() -> None:
    with pytest.raises(Invalid) as refused:
        submitted({"one": a_step("nobody", policy={"on_empty": "refuse"})}, rules=EMPTY)

    assert refused.value.problems[0].code == "workflow.nobody"


def test_nobody_found_goes_to_the_administrators_who_may_decide_or_reassign() -> None:
    case = submitted({"one": a_step("nobody")}, rules=EMPTY)
    assert case.statuses() == {"admin": "open"}
    assert case.world.told == [("workflow.task_waiting", ("root",))]

    transfer(case.machine("root"), case.slot(None).id, who("c"))
    approve(case.machine("c"), case.slot_of(who("c")).id)

    assert case.run.state == "yes"


def test_nobody_found_can_skip_reject_or_fall_back() -> None:
    skipped = submitted({"one": a_step("nobody", policy={"on_empty": "skip"})}, rules=EMPTY)
    rejected = submitted({"one": a_step("nobody", policy={"on_empty": "reject"})}, rules=EMPTY)
    fallen = submitted({"one": a_step("nobody", policy={"on_empty": {"fallback": "c"}})}, rules=EMPTY)
    lost = submitted({"one": a_step("nobody", policy={"on_empty": {"fallback": "nobody"}})}, rules=EMPTY)

    assert skipped.run.outcome == "approved"
    assert skipped.run.slots[0].via == "empty"
    assert rejected.run.outcome == "rejected"
    assert fallen.statuses() == {"c": "open"}
    assert lost.statuses() == {"admin": "open"}


def test_one_empty_line_of_all_is_not_passed_over() -> None:
    case = submitted({"one": a_step("a", "nobody", mode="all")}, rules=EMPTY)

    approve(case.machine("a"), case.slot("a").id)

    assert case.run.state == "one"
    approve(case.machine("root"), case.slot(None).id)
    assert case.run.state == "yes"


def test_too_few_people_never_lower_the_bar() -> None:
    world = with_people(roles={"directors": ["d"]})
    rules = {"directors": {"kind": "role", "value": "directors"}}
    step = a_step({"rule": "directors", "need": 3}, mode="groups")
    case = submitted({"one": step}, world, rules=rules)

    approve(case.machine("d"), case.slot("d").id)

    assert case.run.state == "one"
    approve(case.machine("root"), case.slot(None).id)
    assert case.run.state == "yes"


@pytest.mark.parametrize(("policy", "statuses"), [
    ("allow", {"i": "open", "b": "open"}),
    ("skip", {"i": "skipped", "b": "open"}),
    ("manager", {"m": "open", "b": "open"}),
    ("department_head", {"h": "open", "b": "open"}),
    ("forbid", {"b": "open", "admin": "open"}),
])
def test_the_initiator_as_approver(policy: str, statuses: dict[str, str]) -> None:
    world = with_people(managers=CHAIN, heads={"i": ["i", "h"]})

    case = submitted({"one": a_step("i", "b", mode="all", policy={"on_initiator": policy})}, world)

    assert case.statuses() == statuses


def test_a_step_whose_only_chair_is_the_skipped_initiator_passes() -> None:
    case = submitted({"one": a_step("i", policy={"on_initiator": "skip", "on_empty": "refuse"})})

    assert case.run.outcome == "approved"
    assert (case.run.slots[0].status, case.run.slots[0].via) == ("skipped", "initiator")


def test_the_initiators_manager_collapses_with_a_chair_of_their_own() -> None:
    world = with_people(managers=CHAIN)

    case = submitted({"one": a_step("i", "m", mode="all", policy={"on_initiator": "manager"})}, world)

    assert case.statuses() == {"m": "open"}


def test_an_initiator_without_manager_is_the_case_of_nobody() -> None:
    case = submitted({"one": a_step("i", policy={"on_initiator": "manager"})})

    assert case.statuses() == {"admin": "open"}


@pytest.mark.parametrize(("policy", "statuses"), [
    ("manager", {"m": "open"}),
    ("admin", {"admin": "open"}),
    ("skip", {"admin": "open"}),
    ("keep", {"a": "open"}),
])
def test_people_who_left_are_not_asked(policy: str, statuses: dict[str, str]) -> None:
    world = with_people(managers={"a": "x", "x": "m"}, inactive={"a", "x"})

    case = submitted({"one": a_step("a", policy={"on_inactive": policy})}, world)

    assert case.statuses() == statuses


def test_a_role_goes_on_without_those_who_left() -> None:
    world = with_people(roles={"finance": ["f", "g"]}, managers={"f": "m"}, inactive={"f"})

    case = submitted({"one": a_step("fin")}, world, rules={"fin": {"kind": "role", "value": "finance"}})

    assert case.statuses() == {"g": "open"}


def test_a_stand_in_who_is_the_initiator_counts_as_the_initiator() -> None:
    world = with_people(managers={"a": "i", "i": "m"}, inactive={"a"})

    case = submitted({"one": a_step("a", policy={"on_initiator": "manager"})}, world)

    assert case.statuses() == {"m": "open"}


def test_an_open_task_of_somebody_who_leaves_is_replaced() -> None:
    world = with_people(managers={"a": "m"})
    case = submitted({"one": a_step("a", "b", mode="all")}, world)
    world.people.inactive = {"a"}

    assert replace_inactive(case.machine())

    assert case.statuses() == {"a": "transferred", "m": "open", "b": "open"}
    assert not replace_inactive(case.machine())


def test_skipping_somebody_who_leaves_counts_anew_at_once() -> None:
    case = submitted({"one": a_step("a", "b", mode="all", policy={"on_inactive": "skip"})})
    approve(case.machine("b"), case.slot("b").id)
    case.world.people.inactive = {"a"}

    replace_inactive(case.machine())

    assert case.run.state == "yes"


def two_steps(first: str, second: str, **policy: object) -> dict[str, object]:
    return {
        "one": a_step(first, outcomes={"approved": {"to": "two"}}),
        "two": a_step(second, mode="all", policy=policy),
    }


def test_who_approved_the_step_before_is_not_asked_again() -> None:
    for mode, expected in (("none", "two"), ("adjacent", "yes"), ("round", "yes")):
        case = submitted(two_steps("a", "a", dedupe=mode))

        approve(case.machine("a"), case.slot("a").id)

        assert case.run.state == expected, mode


def test_adjacent_looks_one_step_back_and_round_at_all_of_them() -> None:
    for mode, expected in (("adjacent", "four"), ("round", "yes")):
        steps = {
            "one": a_step("a", outcomes={"approved": {"to": "two"}}),
            "two": a_step("a", outcomes={"approved": {"to": "three"}}),
            "three": a_step("b", outcomes={"approved": {"to": "four"}}),
            "four": a_step("a"),
        }
        case = submitted(steps, defaults={"dedupe": mode})
        approve(case.machine("a"), case.slot("a").id)
        assert case.run.state == "three"

        approve(case.machine("b"), case.slot("b").id)

        assert case.run.state == expected, mode


def test_nobody_is_skipped_who_has_something_to_fill_in_or_when_a_watched_field_changed() -> None:
    watched = {"record": {"on_change": [{"fields": ["amount"], "do": "reroute"}]}}
    form = two_steps("a", "a", dedupe="adjacent")
    form["two"]["form"] = {"edit": ["note"]}
    filled = submitted(form)
    approve(filled.machine("a"), filled.slot("a").id)
    assert filled.run.state == "two"

    steps = two_steps("a", "a", dedupe="adjacent")
    steps["one"]["outcomes"]["approved"]["do"] = [{"set": {"amount": "amount + 1"}}]
    changed = submitted(steps, World({"amount": 1}), **watched)
    approve(changed.machine("a"), changed.slot("a").id)
    assert changed.run.state == "two"


def test_only_that_persons_chair_is_skipped() -> None:
    steps = two_steps("a", "a", dedupe="adjacent")
    steps["two"]["participants"].append({"rule": "b"})
    case = submitted(steps)

    approve(case.machine("a"), case.slot("a").id)

    assert case.statuses() == {"a": "auto_approved", "b": "open"}


def test_a_returned_or_rejected_answer_does_not_count_as_an_approval() -> None:
    steps = two_steps("a", "b", dedupe="round")
    steps["one"]["participants"].append({"rule": "c"})
    steps["one"]["decide"] = {"mode": "any", "reject_at": "all"}
    steps["two"]["participants"].append({"rule": "c"})
    case = submitted(steps)
    reject(case.machine("c"), case.slot("c").id)

    approve(case.machine("a"), case.slot("a").id)

    assert case.statuses() == {"b": "open", "c": "open"}


def test_a_loop_is_passed_by_itself_at_most_once() -> None:
    steps = {
        "one": a_step("a", outcomes={"approved": {"to": "again"}}, policy={"dedupe": "round"}),
        "again": {"type": "choice", "cases": [{"when": "True", "to": "one"}]},
    }
    case = submitted(steps)

    approve(case.machine("a"), case.slot("a").id)

    assert case.visited() == ["draft", "one", "again", "one", "again", "one"]
    assert case.statuses() == {"a": "open"}


def test_excluded_earlier_actors_are_as_if_not_found() -> None:
    world = with_people(roles={"finance": ["f", "g"]})
    rules = {
        "fin": {"kind": "role", "value": "finance"},
        "other": {"kind": "role", "value": "finance", "exclude": ["previous_actors"]},
    }
    case = submitted(two_steps("fin", "other"), world, rules=rules)

    approve(case.machine("f"), case.slot("f").id)

    assert case.statuses() == {"g": "open"}


def test_send_back_needs_a_policy() -> None:
    case = submitted({"one": a_step("a")})

    with pytest.raises(Invalid):
        send_back(case.machine("a"), case.slot("a").id)
