"""Catalogue A1–A3, A5–A8: what a step's result is, from slots alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from engine.kernel.ids import new_id
from engine.workflow.definition import Decide
from engine.workflow.run import Slot
from engine.workflow.step_result import step_result

VISIT = new_id()
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
SHORT = {
    "A": "approved", "a": "auto_approved", "R": "rejected", "o": "open", "w": "waiting",
    "s": "skipped", "x": "removed", "t": "transferred", "n": "not_needed",
}


def slots(letters: str, groups: str = "") -> list[Slot]:
    """Slots by letter, decided one minute after another; `groups` gives each its groups (`1+2`)."""
    named = groups.split() if groups else ["g"] * len(letters)
    return [
        Slot(
            new_id(), VISIT, new_id(), tuple(named[position].split("+")), position, SHORT[letter],
            decided_at=NOON + timedelta(minutes=position),
        )
        for position, letter in enumerate(letters)
    ]


def decide(mode: str, reject_at: str = "first", *, wait: bool = False, **needs: int) -> Decide:
    return Decide(mode, reject_at, wait, needs or {"g": 1})


@pytest.mark.parametrize(
    ("letters", "result"), [("ooo", "open"), ("Aoo", "approved"), ("Roo", "rejected"), ("oaR", "approved")]
)
def test_any_with_first_takes_the_first_answer(letters: str, result: str) -> None:
    assert step_result(slots(letters), decide("any")) == result


@pytest.mark.parametrize(
    ("letters", "result"), [("Roo", "open"), ("RRo", "open"), ("RRA", "approved"), ("RRR", "rejected"), ("RRs", "rejected")]
)
@pytest.mark.parametrize("reject_at", ["all", "impossible"])
def test_any_with_all_needs_every_no(reject_at: str, letters: str, result: str) -> None:
    assert step_result(slots(letters), decide("any", reject_at)) == result


@pytest.mark.parametrize(
    ("letters", "result"),
    [("ooo", "open"), ("AAo", "open"), ("AAA", "approved"), ("AaA", "approved"), ("ARo", "rejected"), ("AsA", "approved")],
)
@pytest.mark.parametrize("reject_at", ["first", "impossible"])
@pytest.mark.parametrize("mode", ["all", "sequential"])
def test_all_and_sequential_need_everybody_and_one_no_is_a_veto(
    mode: str, reject_at: str, letters: str, result: str
) -> None:
    assert step_result(slots(letters), decide(mode, reject_at)) == result


def test_all_with_reject_at_all_never_stays_open_on_mixed_answers() -> None:
    rule = decide("all", "all")

    assert step_result(slots("ARo"), rule) == "open"
    assert step_result(slots("ARA"), rule) == "rejected"
    assert step_result(slots("RRR"), rule) == "rejected"


def test_waiting_for_all_delays_the_result_and_keeps_it() -> None:
    assert step_result(slots("Ro"), decide("all", wait=True)) == "open"
    assert step_result(slots("RA"), decide("all", wait=True)) == "rejected"
    assert step_result(slots("Ao"), decide("any", "all", wait=True)) == "open"
    assert step_result(slots("AR"), decide("any", "all", wait=True)) == "approved"
    assert step_result(slots("AR"), decide("any", wait=True)) == "approved"
    assert step_result(slots("RA"), decide("any", wait=True)) == "rejected"


def test_groups_need_enough_of_each() -> None:
    rule = decide("groups", one=2, two=1)
    groups = "one one one two"

    assert step_result(slots("Aooo", groups), rule) == "open"
    assert step_result(slots("AAoo", groups), rule) == "open"
    assert step_result(slots("AAoA", groups), rule) == "approved"
    assert step_result(slots("AARA", groups), rule) == "rejected"


def test_groups_with_impossible_go_on_while_a_group_can_still_be_filled() -> None:
    rule = decide("groups", "impossible", one=2, two=1)
    groups = "one one one two"

    assert step_result(slots("Rooo", groups), rule) == "open"
    assert step_result(slots("RRoo", groups), rule) == "rejected"
    assert step_result(slots("RAAA", groups), rule) == "approved"


def test_a_person_in_two_groups_counts_in_both() -> None:
    rule = decide("groups", one=1, two=1)

    assert step_result(slots("Aoo", "one+two one two"), rule) == "approved"


def test_skipped_seats_count_neither_for_nor_against() -> None:
    assert step_result(slots("s"), decide("any")) == "approved"
    assert step_result(slots("so"), decide("any")) == "open"
    assert step_result(slots("sR"), decide("any")) == "rejected"
    assert step_result(slots("sA", "one one"), decide("groups", one=2)) == "approved"
    assert step_result(slots("sAo", "one one one"), decide("groups", one=2)) == "open"


def test_no_seat_at_all_is_never_an_approval() -> None:
    for mode in ("any", "all", "sequential"):
        assert step_result([], decide(mode)) == "rejected"
        assert step_result(slots("x"), decide(mode)) == "rejected"


def test_removing_the_last_undecided_completes_the_step() -> None:
    left = slots("AAo")
    assert step_result(left, decide("all")) == "open"

    left[2].status = "removed"

    assert step_result(left, decide("all")) == "approved"


def test_removal_does_not_lower_what_a_group_needs() -> None:
    left = slots("Ao", "one one")
    left[1].status = "removed"

    assert step_result(left, decide("groups", one=2)) == "rejected"


def test_alternates_share_a_seat_and_either_answer_fills_it() -> None:
    for answer, result in (("approved", "approved"), ("rejected", "rejected")):
        pair = slots("oo")
        pair[1].position = 0
        assert step_result(pair, decide("all")) == "open"
        pair[1].status, pair[0].status = answer, "not_needed"
        assert step_result(pair, decide("all")) == result


def test_a_handed_on_slot_leaves_its_seat_to_the_successor() -> None:
    pair = slots("to")
    pair[1].position = 0

    assert step_result(pair, decide("all")) == "open"


@pytest.mark.parametrize("mode", ["any", "all", "sequential"])
@pytest.mark.parametrize("reject_at", ["first", "all", "impossible"])
@pytest.mark.parametrize("wait", [False, True])
def test_a_step_without_undecided_seats_always_has_a_result(mode: str, reject_at: str, wait: bool) -> None:
    for letters in product("ARs", repeat=3):
        found = step_result(slots("".join(letters)), decide(mode, reject_at, wait=wait))
        assert found in ("approved", "rejected"), letters
