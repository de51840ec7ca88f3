"""From seats to slots: the chairs of a new visit, with the answers that are already known."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from engine.kernel.ids import new_id
from engine.workflow.definition import State
from engine.workflow.participants import Seat
from engine.workflow.run import Frame, Slot

_SETTLED = ("skipped", "auto_approved")


def make_slots(
    seats: tuple[Seat, ...], visit_id: UUID, state: State, now: datetime, arriving: Frame | None
) -> list[Slot]:
    """Slots for the seats of a visit; those that somebody must fill are waiting.

    `arriving` is set when the step comes straight back after a return: to the returner alone, the
    approvals that others gave are carried over.
    """
    if arriving is not None and arriving.direct_to == "returner":
        seats = _carry(seats, state, arriving)
    return [_slot(seat, position, visit_id, now) for position, seat in enumerate(seats)]


def describe_slot(slot: Slot) -> Mapping[str, Any]:
    """A slot as the timeline keeps it: who was found, by which rule."""
    return {
        "user": str(slot.user_id) if slot.user_id else None, "groups": list(slot.groups),
        "via": slot.via, "status": slot.status,
    }


def _carry(seats: tuple[Seat, ...], state: State, arriving: Frame) -> tuple[Seat, ...]:
    if state.decide.mode == "any":
        alone = tuple(seat for seat in seats if seat.user_id == arriving.returner)
        return alone or seats
    approved = {item.user_id for item in arriving.approvals if item.state == state.key}
    return tuple(
        Seat(seat.user_id, seat.groups, "carried", "auto_approved", seat.on_behalf_of, seat.weight)
        if seat.user_id in approved and seat.user_id != arriving.returner and seat.status == "pending"
        else seat
        for seat in seats
    )


def _slot(seat: Seat, position: int, visit_id: UUID, now: datetime) -> Slot:
    is_settled = seat.status in _SETTLED
    return Slot(
        id=new_id(), visit_id=visit_id, user_id=seat.user_id, groups=seat.groups, position=position,
        status=seat.status if is_settled else "waiting", weight=seat.weight, via=seat.via,
        on_behalf_of=seat.on_behalf_of, decided_at=now if is_settled else None,
    )
