"""A step's result from its slots: approved, rejected or open, and nothing else to look at.

Every path that touches slots computes the result here, under the instance's lock; there is no
second place and no counter to keep right. Shares and needs are whole numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from engine.workflow.definition import Decide
from engine.workflow.run import APPROVED, LEFT, OPEN, Slot

Result = Literal["approved", "rejected", "open"]

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def step_result(slots: Iterable[Slot], decide: Decide) -> Result:
    """Approved, rejected or open.

    Slots that share a position are one seat. Seats that were handed on, removed or not needed do
    not count; a skipped seat counts neither for nor against. When nobody is left to answer, a step
    that is not approved is rejected: it never stays open on mixed answers.
    """
    seats = _seats(slots)
    is_undecided = any(seat.answer == "open" for seat in seats)
    if is_undecided and decide.wait_for_all:
        return "open"
    if _is_rejected(seats, decide):
        return "rejected"
    if _is_approved(seats, decide):
        return "approved"
    return "open" if is_undecided else "rejected"


def satisfied_groups(slots: Iterable[Slot], decide: Decide) -> frozenset[str]:
    """Groups of a `groups` step that have all the approvals they need."""
    seats = _seats(slots)
    return frozenset(group for group in decide.needs if _lacks(seats, group, decide, ("approved",)) <= 0)


@dataclass(frozen=True)
class _Seat:
    answer: Literal["approved", "rejected", "open", "skipped"]
    groups: frozenset[str]
    weight: int
    at: tuple[datetime, int]


def _seats(slots: Iterable[Slot]) -> list[_Seat]:
    by_position: dict[int, list[Slot]] = {}
    for slot in slots:
        if slot.status not in LEFT:
            by_position.setdefault(slot.position, []).append(slot)
    return [_seat(position, sharing) for position, sharing in by_position.items()]


def _seat(position: int, sharing: Sequence[Slot]) -> _Seat:
    """One seat of the slots that share it: an answer by either fills it."""
    groups = frozenset(group for slot in sharing for group in slot.groups)
    weight = max(slot.weight for slot in sharing)
    for answer, statuses in (("approved", APPROVED), ("rejected", ("rejected", "returned"))):
        given = [slot for slot in sharing if slot.status in statuses]
        if given:
            at = min(slot.decided_at or _LONG_AGO for slot in given)
            return _Seat(answer, groups, weight, (at, position))  # type: ignore[arg-type]
    is_open = any(slot.status in OPEN for slot in sharing)
    return _Seat("open" if is_open else "skipped", groups, weight, (_LONG_AGO, position))


def _is_approved(seats: Sequence[_Seat], decide: Decide) -> bool:
    counted = [seat for seat in seats if seat.answer != "skipped"]
    if not counted:  # only skipped seats: the step passes; no seats at all: it does not
        return bool(seats)
    if decide.mode == "any":
        return any(seat.answer == "approved" for seat in counted)
    if decide.mode == "groups":
        return all(_lacks(seats, group, decide, ("approved",)) <= 0 for group in decide.needs)
    return all(seat.answer == "approved" for seat in counted)


def _is_rejected(seats: Sequence[_Seat], decide: Decide) -> bool:
    answers = [seat for seat in seats if seat.answer in ("approved", "rejected")]
    rejections = [seat for seat in answers if seat.answer == "rejected"]
    if not rejections:
        return False
    if decide.reject_at == "all":
        return len(rejections) == sum(seat.answer != "skipped" for seat in seats)
    if decide.mode == "any":
        if decide.reject_at == "first":  # the first answer, yes or no, decides
            return min(answers, key=lambda seat: seat.at).answer == "rejected"
        return len(rejections) == sum(seat.answer != "skipped" for seat in seats)
    if decide.mode == "groups" and decide.reject_at == "impossible":
        hopes = ("approved", "open")
        return any(_lacks(seats, group, decide, hopes) > 0 for group in decide.needs)
    return True


def _lacks(seats: Sequence[_Seat], group: str, decide: Decide, answers: tuple[str, ...]) -> int:
    """How many of the needed approvals of a group are not covered by seats with these answers.

    A skipped seat lowers the need only as far as too few others are left; too few people from the
    start, or after a removal, never do.
    """
    inside = [seat for seat in seats if group in seat.groups]
    left = sum(seat.weight for seat in inside if seat.answer != "skipped")
    need = decide.needs[group]
    if any(seat.answer == "skipped" for seat in inside):
        need = min(need, left)
    return need - sum(seat.weight for seat in inside if seat.answer in answers)
