"""Commands on tasks, and what follows in the same macro-step."""

from __future__ import annotations

import pytest

from engine.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from engine.workflow.decisions import add_comment, approve, reject, send_back, transfer
from engine.workflow.moves import fire, open_moves
from tests.factories.workflow_world import Case, World, a_case, a_flow, a_step, who


def submitted(steps: dict[str, object], world: World | None = None, **more: object) -> Case:
    case = a_case(a_flow(steps, **more), world)
    fire(case.machine("i"), "submit")
    return case


def test_one_approval_of_any_finishes_and_closes_the_other_tasks() -> None:
    case = submitted({"one": a_step("a", "b")})

    approve(case.machine("b"), case.slot("b").id)

    assert case.visited() == ["draft", "one", "yes"]
    assert case.run.outcome == "approved"
    assert [slot.status for slot in case.run.slots] == ["not_needed", "approved"]


def test_one_rejection_of_any_finishes_only_where_the_first_answer_decides() -> None:
    first = submitted({"one": a_step("a", "b")})
    patient = submitted({"one": a_step("a", "b", decide={"reject_at": "all"})})

    reject(first.machine("a"), first.slot("a").id)
    reject(patient.machine("a"), patient.slot("a").id)

    assert first.run.outcome == "rejected"
    assert patient.run.state == "one"
    reject(patient.machine("b"), patient.slot("b").id)
    assert patient.run.outcome == "rejected"


def test_all_must_approve() -> None:
    case = submitted({"one": a_step("a", "b", mode="all")})

    approve(case.machine("a"), case.slot("a").id)
    assert case.run.state == "one"
    approve(case.machine("b"), case.slot("b").id)

    assert case.run.state == "yes"


def test_sequential_opens_one_chair_after_the_other() -> None:
    case = submitted({"one": a_step("a", "b", "c", mode="sequential")})
    assert case.statuses() == {"a": "open", "b": "waiting", "c": "waiting"}
    assert case.world.told == [("workflow.task_waiting", ("a",))]

    with pytest.raises(Conflict):
        approve(case.machine("b"), case.slot("b").id)
    approve(case.machine("a"), case.slot("a").id)

    assert case.statuses() == {"a": "approved", "b": "open", "c": "waiting"}
    assert case.world.told[-1] == ("workflow.task_waiting", ("b",))
    reject(case.machine("b"), case.slot("b").id)
    assert case.run.state == "no"
    assert [slot.status for slot in case.run.slots] == ["approved", "rejected", "not_needed"]


def test_groups_free_those_whose_group_has_enough() -> None:
    world = World()
    world.people.roles = {"finance": ["f", "g"], "technics": ["t"]}
    rules = {"fin": {"kind": "role", "value": "finance"}, "tec": {"kind": "role", "value": "technics"}}
    step = a_step({"rule": "fin", "group": "money"}, {"rule": "tec", "group": "build"}, mode="groups")
    case = submitted({"one": step}, world, rules=rules)
    assert case.statuses() == {"f": "open", "g": "open", "t": "open"}

    approve(case.machine("g"), case.slot("g").id)

    assert case.statuses() == {"f": "not_needed", "g": "approved", "t": "open"}
    approve(case.machine("t"), case.slot("t").id)
    assert case.run.state == "yes"


def test_one_person_in_two_groups_has_one_task_that_counts_in_both() -> None:
    step = a_step({"rule": "a", "group": "one"}, {"rule": "a", "group": "two"}, mode="groups")
    case = submitted({"one": step})
    assert len(case.run.seats) == 1

    approve(case.machine("a"), case.slot("a").id)

    assert case.run.state == "yes"


def test_only_the_holder_decides() -> None:
    case = submitted({"one": a_step("a", "b")})

    for stranger in ("b", "i", "root", "z"):
        with pytest.raises(Forbidden):
            approve(case.machine(stranger), case.slot("a").id)


def test_a_second_answer_comes_too_late() -> None:
    case = submitted({"one": a_step("a", mode="all"), "two": a_step("b")}, world=None)
    first = case.slot("a").id
    approve(case.machine("a"), first)

    with pytest.raises(Conflict):
        reject(case.machine("a"), first)


def test_a_comment_and_fields_are_asked_for_where_the_form_says_so() -> None:
    step = a_step(
        {"rule": "a", "form": {"require": ["cost"], "edit": ["cost"]}}, form={"comment": "on_reject"}
    )
    case = submitted({"one": step})

    with pytest.raises(Invalid) as missing:
        approve(case.machine("a"), case.slot("a").id)
    assert [problem.code for problem in missing.value.problems] == ["workflow.field_required"]
    with pytest.raises(Invalid) as silent:
        reject(case.machine("a"), case.slot("a").id, " ")
    assert [problem.code for problem in silent.value.problems] == ["workflow.comment_required"]

    case.world.values["cost"] = 0
    approve(case.machine("a"), case.slot("a").id)
    assert case.run.state == "yes"


def test_a_transfer_moves_the_seat_for_good() -> None:
    case = submitted({"one": a_step("a", "b", mode="all")})

    transfer(case.machine("a"), case.slot("a").id, who("c"), "on leave")

    assert case.statuses() == {"a": "transferred", "c": "open", "b": "open"}
    with pytest.raises(Conflict):
        approve(case.machine("a"), case.slot("a").id)
    approve(case.machine("c"), case.slot("c").id)
    approve(case.machine("b"), case.slot("b").id)
    assert case.run.state == "yes"


def test_a_transfer_is_refused_to_participants_to_the_inactive_and_to_the_initiator() -> None:
    world = World()
    world.people.inactive = {"d"}
    case = submitted({"one": a_step("a", "b", mode="all")}, world)

    for target in ("b", "d", "i", "a"):
        with pytest.raises(Invalid):
            transfer(case.machine("a"), case.slot("a").id, who(target))


def test_what_the_step_does_not_allow_is_refused() -> None:
    case = submitted({"one": a_step("a", policy={"allow": ["comment"]})})

    with pytest.raises(Forbidden):
        transfer(case.machine("a"), case.slot("a").id, who("c"))
    with pytest.raises(Forbidden):
        send_back(case.machine("a"), case.slot("a").id)
    add_comment(case.machine("a"), case.slot("a").id, "Looks fine")
    assert case.run.events[-1].kind == "commented"


def choices(*cases: tuple[str, str], **more: object) -> dict[str, object]:
    return {"type": "choice", "cases": [{"when": when, "to": to} for when, to in cases], **more}


@pytest.mark.parametrize(("amount", "path"), [
    (50_000, ["draft", "route", "yes"]),
    (50_001, ["draft", "route", "one"]),
    (500_001, ["draft", "route", "two"]),
])
def test_a_choice_takes_the_one_case_that_holds(amount: int, path: list[str]) -> None:
    route = choices(("amount <= 50000", "yes"), ("50000 < amount <= 500000", "one"), ("amount > 500000", "two"))
    case = submitted(
        {"one": a_step("a"), "two": a_step("b"), "route": route}, World({"amount": amount}), first="route"
    )

    assert case.visited() == path


def test_a_choice_without_a_case_or_with_two_refuses_the_move() -> None:
    gap = {"one": a_step("a"), "route": choices(("amount > 5", "one"))}
    overlap = {"one": a_step("a"), "route": choices(("amount > 1", "one"), ("amount > 2", "yes"))}

    for steps, code in ((gap, "workflow.no_case"), (overlap, "workflow.two_cases")):
        with pytest.raises(Invalid) as refused:
            submitted(steps, World({"amount": 4}), first="route")
        assert refused.value.problems[0].code == code


def test_a_choice_under_first_goes_by_order_and_otherwise_catches_the_rest() -> None:
    route = choices(("amount > 1", "one"), ("amount > 2", "yes"), hit="first", otherwise={"to": "no"})
    steps = {"one": a_step("a"), "route": route}

    assert submitted(steps, World({"amount": 4}), first="route").run.state == "one"
    assert submitted(steps, World({"amount": 0}), first="route").run.state == "no"


def test_automatic_steps_are_bounded() -> None:
    loop = {"go": choices(("True", "back")), "back": choices(("True", "go"))}

    with pytest.raises(Invalid) as refused:
        submitted(loop, first="go", limits={"max_auto_steps": 16})
    assert refused.value.problems[0].code == "workflow.too_many_steps"


def test_moves_are_offered_to_whom_they_are_for() -> None:
    case = submitted({"one": a_step("a"), "two": a_step("b")})

    assert [move.name for move in open_moves(case.machine("i"))] == ["withdraw"]
    assert [move.name for move in open_moves(case.machine("root"))] == ["recall"]
    assert open_moves(case.machine("a")) == []


def test_a_move_that_is_not_here_is_a_conflict_and_one_that_is_nowhere_is_not_found() -> None:
    case = submitted({"one": a_step("a")})

    with pytest.raises(Conflict):
        fire(case.machine("i"), "submit")
    with pytest.raises(NotFound):
        fire(case.machine("i"), "fly")
    with pytest.raises(Forbidden):
        fire(case.machine("a"), "withdraw")


def test_actions_run_in_order_exit_edge_enter_and_later_ones_see_earlier_ones() -> None:
    first = a_step(
        "a", exit=[{"set": {"trace": "trace + 'x'"}}],
        outcomes={"approved": {"to": "yes", "do": [{"set": {"trace": "trace + 'e'"}}]}},
    )
    body = a_flow({"one": first})
    body["states"]["yes"]["enter"] = [{"set": {"trace": "trace + 'n'"}}]
    case = a_case(body, World({"trace": ""}))
    fire(case.machine("i"), "submit")

    approve(case.machine("a"), case.slot("a").id)

    assert case.world.values["trace"] == "xen"
