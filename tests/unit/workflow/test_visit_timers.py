"""Catalogue F: timers of a visit, pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from engine.kernel.actor import system_actor
from engine.kernel.errors import Conflict
from engine.workflow.decisions import approve, reject, send_back, transfer
from engine.workflow.fire_timer import fire_timer
from engine.workflow.machine import Machine
from engine.workflow.moves import fire
from tests.factories.workflow_world import Case, World, a_case, a_flow, a_step, who


def submitted(steps: dict[str, object], world: World | None = None, **more: object) -> Case:
    case = a_case(a_flow(steps, **more), world)
    fire(case.machine("i"), "submit")
    return case


def timed(do: object, *people: str, after: object = "PT4H", mode: str = "any", **more: object) -> dict[str, object]:
    timer = {"id": "late", "after": after, "do": do, **more.pop("timer", {})}
    return a_step(*(people or ("a",)), mode=mode, timers=[timer], **more)


def run_due(case: Case) -> int:
    """Fire what is due, as the clock's own actor; answers how many timers fired."""
    case.world.actor = system_actor("sla")
    due = sorted((timer for timer in case.run.armed if timer.fire_at <= case.world.now), key=lambda one: one.fire_at)
    return sum(fire_timer(Machine(case.definition, case.run, case.world), timer.id) for timer in due)


def test_a_timer_never_fires_early_and_fires_once() -> None:
    case = submitted({"one": timed({"remind": ["assignee"]})})
    timer = case.run.armed[0].id
    case.pass_time(3.99)
    assert not fire_timer(case.machine(), timer)

    case.pass_time(0.01)

    assert run_due(case) == 1
    assert not fire_timer(case.machine(), timer)
    assert case.world.told[-1] == ("workflow.reminder", ("a",))
    assert case.run.events[-1].via == "sla"


def test_leaving_the_state_cancels_its_timers_and_entering_again_arms_new_ones() -> None:
    case = submitted({"one": timed("reject", **{"return": {"to": ["initiator"]}})})
    first = case.run.armed[0]
    case.pass_time(3)
    send_back(case.machine("a"), case.slot("a").id)
    assert first.status == "cancelled"
    assert case.run.armed == []

    fire(case.machine("i"), "submit")

    assert case.run.armed[0].fire_at == case.world.now + timedelta(hours=4)
    case.pass_time(2)
    assert run_due(case) == 0


def test_repeats_are_bounded_and_do_not_burst_after_a_pause() -> None:
    case = submitted({"one": timed({"remind": ["assignee"]}, timer={"repeat": {"every": "PT2H", "max": 3}})})

    case.pass_time(9)
    assert run_due(case) == 1
    assert case.run.armed[0].fire_at - case.world.now == timedelta(hours=1)

    for _ in range(10):
        case.pass_time(2)
        run_due(case)
    assert [timer.occurrence for timer in case.run.timers if timer.status == "fired"] == [1, 2, 3, 4]


def test_escalation_gives_the_seat_an_alternate_and_either_answer_fills_it() -> None:
    for answering in ("a", "n"):
        case = submitted({"one": timed({"add": "n"}, "a", "b", mode="all")})
        case.pass_time(4)
        run_due(case)
        assert case.statuses() == {"a": "open", "n": "open", "b": "open"}
        assert len([slot for slot in case.run.seats if slot.user_id == who("n")]) == 2

        for slot in [slot for slot in case.run.seats if slot.user_id == who(answering)]:
            if slot.status == "open":
                approve(case.machine(answering), slot.id)
        if case.run.state == "one":
            approve(case.machine("b"), case.slot("b").id)

        assert case.run.outcome == "approved", answering


def test_escalation_to_somebody_who_sits_there_already_changes_nothing() -> None:
    case = submitted({"one": timed({"add": "b"}, "a", "b", mode="all")})
    case.pass_time(4)

    run_due(case)

    assert case.statuses() == {"a": "open", "b": "open"}


def test_a_timer_can_hand_the_task_over() -> None:
    case = submitted({"one": timed({"transfer": "n"})})
    case.pass_time(4)

    run_due(case)

    assert case.statuses() == {"a": "transferred", "n": "open"}
    with pytest.raises(Conflict):
        approve(case.machine("a"), case.slot("a").id)


def test_a_timer_can_answer_for_those_who_have_not() -> None:
    yes = submitted({"one": timed("approve", "a", "b", mode="all")})
    approve(yes.machine("a"), yes.slot("a").id)
    no = submitted({"one": timed("reject", "a", "b", mode="all")})
    for case in (yes, no):
        case.pass_time(4)
        run_due(case)

    assert yes.run.outcome == "approved"
    assert yes.run.slots[1].via == "timer"
    assert no.run.outcome == "rejected"


def test_a_veto_stands_against_an_automatic_approval() -> None:
    case = submitted({"one": timed("approve", "a", "b", mode="all", decide={"wait_for_all": True})})
    reject(case.machine("a"), case.slot("a").id)
    case.pass_time(4)

    run_due(case)

    assert case.run.outcome == "rejected"


def test_an_automatic_approval_never_leaves_a_required_field_empty() -> None:
    case = submitted({"one": timed("approve", form={"edit": ["cost"], "require": ["cost"]})})
    case.pass_time(4)

    run_due(case)

    assert case.run.state == "one"
    assert case.world.told[-1] == ("workflow.timer_blocked", ("root",))


def test_running_out_of_time_has_its_own_way_where_the_definition_has_one() -> None:
    case = submitted({"one": timed("reject", outcomes={"expired": {"to": "gone"}})})
    case.pass_time(4)

    run_due(case)

    assert case.run.outcome == "cancelled"


def test_a_timer_can_move_an_approval_or_an_input_state_on() -> None:
    moved = submitted({"one": timed({"to": "no"})})
    moved.pass_time(4)
    run_due(moved)
    assert moved.run.outcome == "rejected"

    hold = {"type": "input", "transitions": [], "timers": [{"id": "late", "after": "P1D", "do": {"to": "gone"}}]}
    waiting = submitted({"hold": hold})
    waiting.pass_time(24)
    run_due(waiting)
    assert waiting.run.state == "gone"


@pytest.mark.parametrize(("since", "hours"), [("entered", 4), ("assigned", 7)])
def test_a_transfer_keeps_the_clock_unless_the_timer_counts_from_the_assignment(since: str, hours: int) -> None:
    case = submitted({"one": timed("reject", timer={"since": since})})
    began = case.world.now
    case.pass_time(3)

    transfer(case.machine("a"), case.slot("a").id, who("b"))

    assert case.run.armed[0].fire_at == began + timedelta(hours=hours)
    assert case.slot("b").due_at == began + timedelta(hours=hours)


def test_a_timer_can_count_from_the_submission_or_from_a_date() -> None:
    steps = {
        "one": a_step("a", outcomes={"approved": {"to": "two"}}),
        "two": a_step("b", timers=[
            {"id": "total", "after": "P2D", "since": "submitted", "do": "reject"},
            {"id": "day", "after": {"field": "due_on", "minus": "P1D"}, "do": {"remind": ["assignee"]}},
            {"id": "never", "after": {"field": "other_on"}, "do": "reject"},
        ]),
    }
    case = submitted(steps, World({"due_on": date(2026, 12, 1)}))
    began = case.world.now
    case.pass_time(5)

    approve(case.machine("a"), case.slot("a").id)

    at = {timer.key: timer.fire_at for timer in case.run.armed}
    assert at == {"total": began + timedelta(days=2), "day": datetime(2026, 11, 29, 16, tzinfo=UTC)}


def test_due_is_the_next_thing_that_happens_without_an_answer() -> None:
    step = a_step("a", timers=[
        {"id": "nudge", "after": "PT1H", "do": {"remind": ["assignee"]}},
        {"id": "up", "after": "PT4H", "do": {"add": "n"}},
        {"id": "end", "after": "P3D", "do": "reject"},
    ])
    case = submitted({"one": step})
    began = case.world.now
    assert case.slot("a").due_at == began + timedelta(hours=4)

    case.pass_time(5)
    run_due(case)

    assert case.slot("a").due_at == began + timedelta(days=3)


def test_after_a_pause_overdue_timers_fire_in_order_and_the_losers_do_nothing() -> None:
    step = a_step("a", timers=[
        {"id": "end", "after": "P3D", "do": "reject"},
        {"id": "up", "after": "PT4H", "do": {"add": "n"}},
    ])
    case = submitted({"one": step})
    late = case.run.armed[0].id
    case.pass_time(100)

    assert run_due(case) == 2
    assert case.run.outcome == "rejected"
    assert not fire_timer(case.machine(), late)
