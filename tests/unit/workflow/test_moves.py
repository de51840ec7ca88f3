"""Who may move what: `by` lists, conditions, the first move; people rules that need no step."""

from __future__ import annotations

import pytest

from engine.kernel.actor import system_actor
from engine.kernel.errors import Forbidden, Invalid
from engine.workflow.decisions import add_comment, approve, send_back
from engine.workflow.fire_timer import fire_timer, replace_inactive
from engine.workflow.machine import Machine
from engine.workflow.moves import fire, open_moves
from engine.workflow.people_rules import people_of
from engine.workflow.preview import look_ahead
from engine.workflow.read_definition import read_duration
from engine.workflow.run import Memory
from tests.factories.workflow_world import Case, World, a_case, a_flow, a_step, who


def draft(by: list[str], **more: object) -> Case:
    body = a_flow({"one": a_step("a")}, **more)
    body["states"]["draft"]["transitions"][0]["by"] = by
    body["states"]["draft"]["owner"] = ["owner", "assignee"]
    world = World({"amount": 5})
    world.owner = "o"
    world.people.roles = {"sales": ["s"]}
    return a_case(body, world)


@pytest.mark.parametrize(("by", "person"), [
    ("initiator", "i"), ("owner", "o"), ("role:sales", "s"), ("user:u", "u"), ("rule:a", "a"), ("admin", "root"),
    ("any", "z"), ("assignee", "o"),
])
def test_by_names_people_in_every_way(by: str, person: str) -> None:
    case = draft([by])

    assert "submit" in [move.name for move in open_moves(case.machine(person))]
    if by != "any":
        assert "submit" not in [move.name for move in open_moves(case.machine("stranger"))]


def test_parts_of_the_product_may_make_every_move() -> None:
    case = draft(["role:sales"])
    case.world.actor = system_actor("install")

    fire(Machine(case.definition, case.run, case.world), "submit")

    assert case.run.initiator_id == who("i")


def test_a_condition_keeps_a_move_closed() -> None:
    body = a_flow({"one": a_step("a")})
    body["states"]["draft"]["transitions"][0]["when"] = "amount > 10"
    case = a_case(body, World({"amount": 5}))

    assert "submit" not in [move.name for move in open_moves(case.machine("i"))]
    with pytest.raises(Invalid):
        fire(case.machine("i"), "submit")
    case.world.values["amount"] = 11
    fire(case.machine("i"), "submit")


def test_the_first_move_also_meets_what_the_start_asks_for() -> None:
    case = draft(["any"], start={"by": ["role:sales"], "when": "amount > 10"})

    with pytest.raises(Forbidden):
        fire(case.machine("z"), "submit")
    with pytest.raises(Invalid):
        fire(case.machine("s"), "submit")
    case.world.values["amount"] = 11
    fire(case.machine("s"), "submit")
    assert case.run.initiator_id == who("s")


def test_going_round_without_asking_anybody_makes_no_rounds() -> None:
    states = {"work": {"type": "input", "owner": ["initiator"],
                       "transitions": [{"on": "pause", "to": "draft", "by": ["any"]}]}}
    case = a_case(a_flow(states, limits={"max_rounds": 2}))

    for _ in range(5):
        fire(case.machine("i"), "submit")
        fire(case.machine("i"), "pause")

    assert case.run.round == 1


def test_assignees_are_those_who_have_to_act_now() -> None:
    case = draft(["initiator"], rules={"nobody": {"kind": "role", "value": "vacant"}})
    fire(case.machine("i"), "submit")
    machine = case.machine("i")
    assert people_of(["assignee"], machine.definition, machine.run, machine.around) == [who("a")]
    case.slot("a").user_id = None
    assert people_of(["assignee"], machine.definition, machine.run, machine.around) == [who("root")]


def test_a_rule_may_name_the_initiator_and_sort_by_name() -> None:
    world = World()
    world.people.roles = {"crew": ["c", "b"]}
    rules = {
        "self": {"kind": "initiator"}, "crew": {"kind": "role", "value": "crew", "order": "name"},
    }
    case = a_case(a_flow({"one": a_step("self", "crew", mode="sequential", policy={"on_initiator": "allow"})}, rules=rules), world)
    fire(case.machine("i"), "submit")

    assert list(case.statuses()) == ["i", "b", "c"]


def test_people_who_acted_at_this_step_before_can_be_excluded() -> None:
    world = World()
    world.people.roles = {"crew": ["b", "c"]}
    rules = {"crew": {"kind": "role", "value": "crew", "exclude": ["step_actors"]}}
    steps = {
        "one": a_step("crew", outcomes={"approved": {"to": "again"}}),
        "again": {"type": "choice", "cases": [{"when": "True", "to": "one"}]},
    }
    case = a_case(a_flow(steps, rules=rules), world)
    fire(case.machine("i"), "submit")

    approve(case.machine("b"), case.slot("b").id)

    assert case.statuses() == {"c": "open"}


def test_an_empty_comment_is_none() -> None:
    case = draft(["initiator"])
    fire(case.machine("i"), "submit")

    with pytest.raises(Invalid):
        add_comment(case.machine("a"), case.slot("a").id, " ")


def test_straight_back_to_the_returner_of_a_pool_asks_only_them() -> None:
    world = World()
    world.people.roles = {"crew": ["b", "c"]}
    step = a_step("crew", **{"return": {"to": ["initiator"], "resume": "direct", "direct_to": "returner"}})
    case = a_case(a_flow({"one": step}, rules={"crew": {"kind": "role", "value": "crew"}}), world)
    fire(case.machine("i"), "submit")
    send_back(case.machine("c"), case.slot("c").id)

    fire(case.machine("i"), "submit")

    assert case.statuses() == {"c": "open"}


def test_timers_that_no_longer_fit_do_nothing() -> None:
    timers = [{"id": "late", "after": "PT1H", "do": "reject"}]
    hold = {"type": "input", "transitions": [], "timers": timers}
    waiting = a_case(a_flow({"hold": hold}))
    fire(waiting.machine("i"), "submit")
    waiting.pass_time(1)
    assert fire_timer(waiting.machine(), waiting.run.armed[0].id)
    assert waiting.run.state == "hold"

    gone = a_case(a_flow({"one": a_step("a", timers=timers)}))
    fire(gone.machine("i"), "submit")
    gone.pass_time(1)
    gone.run.armed[0].key = "removed"
    timer = gone.run.armed[0]
    assert not fire_timer(gone.machine(), timer.id)
    assert timer.status == "cancelled"


def test_who_leaves_without_a_manager_that_fits_leaves_the_task_to_the_administrators() -> None:
    world = World()
    world.people.managers = {"a": "b", "b": "i"}
    case = a_case(a_flow({"one": a_step("a", "b", mode="all")}), world)
    fire(case.machine("i"), "submit")
    world.people.inactive = {"a"}

    replace_inactive(case.machine())

    assert case.statuses() == {"a": "transferred", "admin": "open", "b": "open"}


def test_the_path_ahead_of_a_loop_ends_where_it_closes() -> None:
    states = {
        "work": {"type": "input", "transitions": [{"on": "test", "to": "check", "by": ["any"]}]},
        "check": {"type": "input", "transitions": [{"on": "back", "to": "work", "by": ["any"]}]},
    }
    case = a_case(a_flow(states))

    assert [step.state.key for step in look_ahead(case.definition, case.run, case.world)] == ["work", "check"]
    states["check"]["transitions"][0]["to"] = "draft"
    again = a_case(a_flow(states))
    fire(again.machine("i"), "submit")
    assert [step.state.key for step in look_ahead(again.definition, again.run, again.world)] == ["check"]
    stuck = a_case(a_flow({"hold": {"type": "input", "transitions": []}}))
    assert [step.state.key for step in look_ahead(stuck.definition, stuck.run, stuck.world)] == ["hold"]


def test_the_memory_survives_being_stored() -> None:
    step = a_step("a", "b", mode="all", **{"return": {"to": ["initiator"], "resume": "direct", "rerun_if_changed": ["amount"]}})
    case = a_case(a_flow({"one": step}), World({"amount": 1}))
    fire(case.machine("i"), "submit")
    approve(case.machine("a"), case.slot("a").id)
    send_back(case.machine("b"), case.slot("b").id)
    case.run.memory.reminded_at = case.world.now
    case.run.memory.people["pick"] = [str(who("p"))]

    assert Memory.load(case.run.memory.dump()) == case.run.memory
    assert Memory.load(Memory().dump()) == Memory()


def test_durations_are_days_hours_and_minutes() -> None:
    assert read_duration("P1DT2H3M").total_seconds() == 26 * 3600 + 180
    with pytest.raises(ValueError, match="1 hour"):
        read_duration("1 hour")
