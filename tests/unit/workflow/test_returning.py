"""Catalogue D2–D5: return, resume, reject against return, withdraw."""

from __future__ import annotations

import pytest

from engine.kernel.errors import Conflict, Forbidden, Invalid
from engine.workflow.decisions import approve, reject, return_targets, send_back, transfer
from engine.workflow.moves import fire
from tests.factories.workflow_world import Case, World, a_case, a_flow, a_step


def three(**returns: object) -> dict[str, object]:
    """one(a) → two(b and c) → three(d), which may be returned."""
    return {
        "one": a_step("a", outcomes={"approved": {"to": "two"}}, **{"return": {"to": ["initiator", "previous"]}}),
        "two": a_step("b", "c", mode="all", outcomes={"approved": {"to": "three"}},
                      **{"return": {"to": ["initiator", "one"], "resume": "direct", "rerun_if_changed": ["amount"]}}),
        "three": a_step("d", **{"return": {"to": ["two", "one", "previous", "initiator"], **returns}}),
    }


def submitted(steps: dict[str, object] | None = None, world: World | None = None, **more: object) -> Case:
    case = a_case(a_flow(steps or three(), **more), world or World({"amount": 1}))
    fire(case.machine("i"), "submit")
    return case


def say_yes(case: Case, *people: str) -> None:
    for name in people:
        approve(case.machine(name), case.slot(name).id)


def test_a_return_to_the_initiator_ends_the_round_and_the_next_submission_begins_another() -> None:
    case = submitted()

    send_back(case.machine("a"), case.slot("a").id, "initiator", comment="why?")

    assert case.run.state == "draft"
    assert case.run.round == 1
    fire(case.machine("i"), "submit")
    assert (case.run.state, case.run.round) == ("one", 2)


def test_one_person_returns_whatever_the_tally_and_the_others_are_freed() -> None:
    case = submitted()
    say_yes(case, "a", "b")

    send_back(case.machine("c"), case.slot("c").id, "one")

    assert case.run.state == "one"
    returned = [slot.status for slot in case.run.slots]
    assert returned == ["approved", "approved", "returned", "open"]


def test_previous_is_the_step_before_on_the_path_taken() -> None:
    case = submitted()
    say_yes(case, "a", "b", "c")
    assert return_targets(case.machine("d"))["previous"].state == "two"

    send_back(case.machine("d"), case.slot("d").id, "two")
    send_back(case.machine("b"), case.slot("b").id, "one")

    assert return_targets(case.machine("a"))["previous"].state == "draft"


def test_a_step_that_was_not_visited_cannot_be_returned_to() -> None:
    steps = three()
    steps["two"]["return"]["to"] = ["three", "initiator"]
    case = submitted(steps)
    say_yes(case, "a")

    assert list(return_targets(case.machine("b"))) == ["initiator"]
    with pytest.raises(Invalid):
        send_back(case.machine("b"), case.slot("b").id, "three")


def test_rerun_asks_everybody_from_the_target_on_again() -> None:
    case = submitted()
    say_yes(case, "a", "b", "c")

    send_back(case.machine("d"), case.slot("d").id, "one")
    say_yes(case, "a")

    assert case.run.state == "two"
    assert case.statuses() == {"b": "open", "c": "open"}


def test_rerun_voids_earlier_decisions_for_dedupe() -> None:
    case = submitted(defaults={"dedupe": "round"})
    say_yes(case, "a", "b", "c")
    send_back(case.machine("d"), case.slot("d").id, "one")

    assert case.run.state == "one"
    assert case.statuses() == {"a": "open"}
    say_yes(case, "a")
    assert case.statuses() == {"b": "open", "c": "open"}


def test_direct_to_the_step_asks_that_whole_step_again() -> None:
    case = submitted()
    say_yes(case, "a", "b")
    send_back(case.machine("c"), case.slot("c").id, "initiator")
    assert case.run.state == "draft"

    fire(case.machine("i"), "submit")

    assert case.run.state == "two"
    assert case.statuses() == {"b": "open", "c": "open"}
    say_yes(case, "b", "c")
    assert case.run.state == "three"


def test_direct_through_an_approval_comes_back_when_that_approves() -> None:
    case = submitted(three(resume="direct"))
    say_yes(case, "a", "b", "c")
    send_back(case.machine("d"), case.slot("d").id, "one")

    say_yes(case, "a")

    assert case.run.state == "three"
    assert case.visited()[-3:] == ["three", "one", "three"]


def test_direct_to_the_returner_carries_the_others_approvals() -> None:
    steps = three()
    steps["two"]["return"]["direct_to"] = "returner"
    case = submitted(steps)
    say_yes(case, "a", "b")
    send_back(case.machine("c"), case.slot("c").id, "initiator")

    fire(case.machine("i"), "submit")

    assert case.statuses() == {"b": "auto_approved", "c": "open"}
    say_yes(case, "c")
    assert case.run.state == "three"


def test_direct_falls_back_to_rerun_when_a_named_field_changed() -> None:
    case = submitted()
    say_yes(case, "a", "b")
    send_back(case.machine("c"), case.slot("c").id, "initiator")
    case.world.values["amount"] = 2

    fire(case.machine("i"), "submit")

    assert case.run.state == "one"


def test_after_coming_straight_back_earlier_steps_count_as_visited() -> None:
    case = submitted(three(resume="direct"))
    say_yes(case, "a", "b", "c")
    send_back(case.machine("d"), case.slot("d").id, "initiator")
    fire(case.machine("i"), "submit")
    assert case.run.state == "three"

    send_back(case.machine("d"), case.slot("d").id, "two")

    assert case.run.state == "two"


def test_a_second_return_replaces_the_first() -> None:
    case = submitted(three(resume="direct"))
    say_yes(case, "a", "b", "c")
    send_back(case.machine("d"), case.slot("d").id, "one")
    send_back(case.machine("a"), case.slot("a").id, "initiator")

    fire(case.machine("i"), "submit")

    assert case.run.state == "one"
    say_yes(case, "a")
    assert case.run.state == "two"


def test_a_target_that_rejects_does_not_come_back() -> None:
    case = submitted(three(resume="direct"))
    say_yes(case, "a", "b", "c")
    send_back(case.machine("d"), case.slot("d").id, "one")

    reject(case.machine("a"), case.slot("a").id)

    assert case.run.outcome == "rejected"


def test_resume_is_asked_for_only_where_the_definition_leaves_it_open() -> None:
    asked = submitted(three(resume="ask"))
    say_yes(asked, "a", "b", "c")
    send_back(asked.machine("d"), asked.slot("d").id, "one", resume="direct")
    say_yes(asked, "a")
    assert asked.run.state == "three"

    fixed = submitted()
    say_yes(fixed, "a")
    with pytest.raises(Invalid):
        send_back(fixed.machine("b"), fixed.slot("b").id, "one", resume="rerun")


@pytest.mark.parametrize(("on_max", "state"), [("reject", "no"), ("admin", "three")])
def test_too_many_returns_reject_or_go_to_the_administrators(on_max: str, state: str) -> None:
    case = submitted(three(max=1, on_max=on_max))
    say_yes(case, "a", "b", "c")
    send_back(case.machine("d"), case.slot("d").id, "one")
    say_yes(case, "a", "b", "c")

    send_back(case.machine("d"), case.slot("d").id, "one")

    assert case.run.state == state
    if on_max == "admin":
        assert case.statuses() == {"d": "transferred", "admin": "open"}


def test_rounds_are_limited() -> None:
    case = submitted(limits={"max_rounds": 2})
    for _ in range(2):
        send_back(case.machine("a"), case.slot("a").id, "initiator")
        if case.run.round == 2:
            break
        fire(case.machine("i"), "submit")

    with pytest.raises(Conflict) as refused:
        fire(case.machine("i"), "submit")
    assert refused.value.problems[0].code == "workflow.too_many_rounds"


def test_withdrawing_is_open_until_the_first_decision_of_a_person() -> None:
    case = submitted()
    transfer(case.machine("a"), case.slot("a").id, case.world.people._id("x"))
    fire(case.machine("i"), "withdraw")
    assert case.run.state == "draft"
    assert {slot.status for slot in case.run.slots} == {"transferred", "not_needed"}

    fire(case.machine("i"), "submit")
    say_yes(case, "a")
    with pytest.raises(Conflict):
        fire(case.machine("i"), "withdraw")


def test_an_automatic_approval_does_not_close_the_way_back() -> None:
    steps = {
        "one": a_step("nobody", policy={"on_empty": "skip"}, outcomes={"approved": {"to": "two"}}),
        "two": a_step("b"),
    }
    case = submitted(steps, rules={"nobody": {"kind": "role", "value": "vacant"}})
    assert case.run.state == "two"

    fire(case.machine("i"), "withdraw")

    assert case.run.state == "draft"


def test_recall_by_the_administrator_stays_open_until_the_end() -> None:
    case = submitted()
    say_yes(case, "a", "b")

    with pytest.raises(Forbidden):
        fire(case.machine("i"), "recall")
    fire(case.machine("root"), "recall", comment="wrong price")

    assert case.run.state == "draft"
    fire(case.machine("i"), "submit")
    assert (case.run.state, case.run.round) == ("one", 2)


def test_rejecting_goes_to_the_outcome_and_ends() -> None:
    case = submitted()

    reject(case.machine("a"), case.slot("a").id)

    assert case.run.outcome == "rejected"
    with pytest.raises(Conflict):
        fire(case.machine("i"), "submit")
    with pytest.raises(Conflict):
        fire(case.machine("i"), "withdraw")
