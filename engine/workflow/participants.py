"""Who sits at a step: the fixed order of resolution, from person rules to seats.

resolve the rules → replace inactive people → the initiator rule → collapse duplicates → nobody? →
skip who has just approved. Pure: people come through the Directory port.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from engine.kernel.errors import Invalid, Problem
from engine.workflow.definition import Definition, Participant, State
from engine.workflow.people_rules import people_of_rule
from engine.workflow.run import Run, Step
from engine.workflow.surroundings import Surroundings

_POOLS = ("role", "department", "expr")


@dataclass(frozen=True)
class Seat:
    """A chair at a step before it becomes a slot. `user_id` None is the administrators' chair.

    `status` is "pending" until somebody has to act, "skipped" when the chair stays empty by rule,
    "auto_approved" when the answer is already known. `via` says which rule put the person there.
    """

    user_id: UUID | None
    groups: tuple[str, ...]
    via: str = "rule"
    status: str = "pending"
    on_behalf_of: UUID | None = None
    weight: int = 1


@dataclass(frozen=True)
class LineUp:
    """The seats of a visit, in order; `verdict` "rejected" when the step is over before it began."""

    seats: tuple[Seat, ...]
    verdict: str | None = None


def line_up(
    state: State, definition: Definition, run: Run, around: Surroundings, *,
    previous: Step | None, may_skip: bool = True,
) -> LineUp:
    """Who has to act at `state`.

    `previous` is the human step just before on the path taken; `may_skip` is off when this command
    has already passed the state by itself once. Raises Invalid `workflow.nobody` where the policy
    says that a step without people must not be entered.
    """
    resolver = _Resolver(state, definition, run, around)
    found = [seat for item in state.participants for seat in resolver.seats_of(item)]
    seats = _collapse(found)
    shortages = list(_shortages(state, found))
    verdict: str | None = None
    for group, missing in shortages:
        verdict = resolver.fill(seats, group, missing) or verdict
    seats = _collapse(seats)
    if may_skip:
        seats = [_deduped(seat, state, definition, run, around, previous) for seat in seats]
    return LineUp(tuple(seats), verdict)


class _Resolver:
    """Applies a state's policy to candidates, one participant line at a time."""

    def __init__(
        self, state: State, definition: Definition, run: Run, around: Surroundings
    ) -> None:
        self.state = state
        self.policy = state.policy
        self.definition = definition
        self.run = run
        self.around = around
        self.people = around.people

    def seats_of(self, participant: Participant) -> list[Seat]:
        """The chairs that one line of the step asks for."""
        return self._seats(participant.rule, participant.group)

    def fill(self, seats: list[Seat], group: str, missing: int) -> str | None:
        """Too few people in a group: do what the policy says; may answer a verdict."""
        policy = self.policy.on_empty
        if policy == "fallback" and self.policy.fallback:
            known = {seat.user_id for seat in seats}
            found = self._seats(self.policy.fallback, group)
            fresh = [replace(seat, via="fallback") for seat in found if seat.user_id not in known]
            seats.extend(fresh)
            missing -= len(fresh)
            if missing <= 0:
                return None
        if policy == "refuse":
            raise Invalid(Problem("workflow.nobody", {"state": self.state.label}))
        if policy == "reject":
            return "rejected"
        if policy == "skip":
            seats.append(Seat(None, (group,), "empty", "auto_approved", weight=missing))
        else:
            seats.append(Seat(None, (group,), "admin", weight=missing))
        return None

    def _seats(self, rule_key: str, group: str) -> list[Seat]:
        rule = self.definition.rules[rule_key]
        people = people_of_rule(rule_key, self.definition, self.run, self.around)
        is_pool = rule["kind"] in _POOLS
        found: list[Seat] = []
        for person in people:
            for seat in self._active(Seat(person, (group,)), is_pool=is_pool):
                found.extend(self._not_initiator(seat))
        return found

    def _active(self, seat: Seat, *, is_pool: bool) -> Iterator[Seat]:
        """People who left: a pool goes on without them, a named person is stood in for."""
        user_id = seat.user_id
        if user_id is None or self.people.is_active(user_id) or self.policy.on_inactive == "keep":
            yield seat
        elif is_pool or self.policy.on_inactive == "skip":
            return
        elif self.policy.on_inactive == "admin":
            yield replace(seat, user_id=None, via="admin", on_behalf_of=user_id)
        else:
            manager = self._active_manager(user_id)
            if manager is not None:
                yield replace(seat, user_id=manager, via="inactive", on_behalf_of=user_id)

    def _not_initiator(self, seat: Seat) -> Iterator[Seat]:
        initiator = self.run.initiator_id
        rule = self.policy.on_initiator
        if initiator is None or seat.user_id != initiator or rule == "allow":
            yield seat
        elif rule == "skip":
            yield replace(seat, via="initiator", status="skipped")
        elif rule == "manager":
            manager = self._active_manager(initiator)
            if manager is not None and manager != initiator:
                yield replace(seat, user_id=manager, via="initiator", on_behalf_of=initiator)
        elif rule == "department_head":
            heads = self.people.department_heads(initiator)
            head = next((one for one in heads if one != initiator and self.people.is_active(one)), None)
            if head is not None:
                yield replace(seat, user_id=head, via="initiator", on_behalf_of=initiator)

    def _active_manager(self, user_id: UUID) -> UUID | None:
        seen = {user_id}
        manager = self.people.manager(user_id)
        while manager is not None and manager not in seen:
            if self.people.is_active(manager):
                return manager
            seen.add(manager)
            manager = self.people.manager(manager)
        return None


def _collapse(seats: Iterable[Seat]) -> list[Seat]:
    """One person, one chair: it inherits every group, at the place of its first mention."""
    found: dict[tuple[object, str], Seat] = {}
    for seat in seats:
        # Chairs without a person differ by what they are: a known answer or the administrators'.
        key = (seat.user_id, "" if seat.user_id else seat.status)
        known = found.get(key)
        if known is None:
            found[key] = seat
        else:
            groups = tuple(dict.fromkeys((*known.groups, *seat.groups)))
            found[key] = replace(known, groups=groups, weight=max(known.weight, seat.weight))
    return list(found.values())


def _shortages(state: State, seats: Sequence[Seat]) -> Iterator[tuple[str, int]]:
    """Groups that lack people, and how many. Fewer people never lower the bar."""
    if state.decide.mode == "any":
        if not seats:
            yield state.participants[0].group, 1
        return
    for group, need in state.decide.needs.items():
        needed = need if state.decide.mode == "groups" else 1
        present = len({seat.user_id for seat in seats if group in seat.groups})
        if present < needed:
            yield group, needed - present


def _deduped(
    seat: Seat, state: State, definition: Definition, run: Run, around: Surroundings,
    previous: Step | None,
) -> Seat:
    """The seat, already approved if its person has approved what it would ask.

    Never where there is something to fill in, and never when a watched field has changed since.
    """
    mode = state.policy.dedupe
    if mode == "none" or seat.user_id is None or seat.status != "pending":
        return seat
    if state.form_for(seat.groups).asks_for_fields:
        return seat
    watched = around.snapshot(definition.record.watched)
    for approval in run.memory.approvals:
        if approval.user_id != seat.user_id or dict(approval.watched) != dict(watched):
            continue
        if mode == "round" or (previous is not None and approval.visit == previous.visit):
            return replace(seat, status="auto_approved", via="dedupe")
    return seat

