"""What a due timer does to its visit; and what happens to tasks of people who have left. Pure."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from engine.kernel.ids import new_id
from engine.workflow.clocks import arm_next
from engine.workflow.decisions import hand_over, participates
from engine.workflow.definition import Edge, TimerRule
from engine.workflow.machine import Machine
from engine.workflow.moves import is_blank
from engine.workflow.people_rules import people_of, people_of_rule
from engine.workflow.run import OPEN, Slot, Timer
from engine.workflow.step_result import step_result


def fire_timer(machine: Machine, timer_id: UUID) -> bool:
    """Fire a timer if it is armed, due, and its visit still open; answers whether it did.

    A timer that lost a race with a person finds its visit closed and does nothing.
    """
    run, now = machine.run, machine.around.now
    timer = next((one for one in run.armed if one.id == timer_id), None)
    if timer is None or timer.fire_at > now or run.is_ended:
        return False
    if timer.visit_id != run.visit.id or run.visit.closed_at is not None:
        return False
    rule = next((one for one in machine.state.timers if one.key == timer.key), None)
    if rule is None:  # the state lost the timer while the instance was under way
        timer.status = "cancelled"
        return False
    timer.status = "fired"
    following = arm_next(rule, timer, now)
    if following is not None:
        run.timers.append(following)
    _ACTS[rule.do](machine, rule, timer)
    machine.settle()
    machine.set_due()
    return True


def replace_inactive(machine: Machine) -> bool:
    """Open tasks of people who can't sign in any more: the step's policy runs again."""
    policy = machine.state.policy.on_inactive
    people = machine.around.people
    found = [
        slot for slot in machine.run.open_slots
        if slot.user_id is not None and not people.is_active(slot.user_id)
    ]
    if policy == "keep" or not found:
        return False
    for slot in found:
        _replace(machine, slot, policy)
    machine.open_next()
    machine.settle()
    return True


def _remind(machine: Machine, rule: TimerRule, timer: Timer) -> None:
    people = people_of(rule.target, machine.definition, machine.run, machine.around)
    machine.note("reminded", timer=timer.key, people=[str(person) for person in people])
    machine.around.tell(machine.run, "workflow.reminder", people)


def _add(machine: Machine, rule: TimerRule, timer: Timer) -> None:
    """Each open seat gets alternates: whoever answers first fills the seat."""
    added = []
    people = _newcomers(machine, rule.target)
    for slot in machine.run.open_slots if people else ():
        for person in people:
            alternate = _sharing(machine, slot, person)
            machine.run.slots.append(alternate)
            added.append(alternate)
    machine.note("escalated", timer=timer.key, people=[str(person) for person in people])
    machine.announce(added)


def _transfer(machine: Machine, rule: TimerRule, timer: Timer) -> None:
    people = _newcomers(machine, rule.target)
    machine.note("handed_over", timer=timer.key, people=[str(person) for person in people])
    for slot in machine.run.open_slots if people else ():
        successor = hand_over(machine, slot, people[0], via="timer")
        others = [_sharing(machine, successor, person) for person in people[1:]]
        machine.run.slots.extend(others)
        machine.announce(others)


def _approve(machine: Machine, _rule: TimerRule, timer: Timer) -> None:
    """Approve for all who have not answered, unless a field they had to fill is still empty."""
    required = {
        name
        for slot in machine.run.seats if slot.status in OPEN
        for name in machine.state.form_for(slot.groups).require
    }
    empty = sorted(name for name in required if is_blank(machine.around.value(name)))
    if empty:
        machine.note("timer_blocked", timer=timer.key, fields=empty)
        machine.around.tell(
            machine.run, "workflow.timer_blocked", machine.around.people.administrators(), fields=empty
        )
        return
    machine.note("timed", timer=timer.key, do="approve")
    _answer_all(machine, "auto_approved")


def _reject(machine: Machine, _rule: TimerRule, timer: Timer) -> None:
    """No answer is a no; the way out is `expired` where the definition has one."""
    if machine.state.type != "approval":
        return
    machine.note("timed", timer=timer.key, do="reject")
    _answer_all(machine, "rejected")
    result = step_result(machine.run.seats, machine.state.decide)
    is_expired = result == "rejected" and "expired" in machine.state.outcomes
    machine.finish("expired" if is_expired else result)


def _to(machine: Machine, rule: TimerRule, timer: Timer) -> None:
    machine.note("timed", timer=timer.key, do="to", to=rule.target)
    machine.run.memory.frame = None
    machine.leave(Edge(rule.target), "expired")


_ACTS: dict[str, Callable[[Machine, TimerRule, Timer], None]] = {
    "remind": _remind, "add": _add, "transfer": _transfer,
    "approve": _approve, "reject": _reject, "to": _to,
}


def _answer_all(machine: Machine, status: str) -> None:
    for slot in machine.run.seats:
        if slot.status in OPEN:
            slot.status, slot.decided_at, slot.via = status, machine.around.now, "timer"


def _newcomers(machine: Machine, rule_key: str) -> list[UUID]:
    """People of a rule who are active, have no chair here, and may approve for the initiator."""
    run, people = machine.run, machine.around.people
    allows_initiator = machine.state.policy.on_initiator == "allow"
    return [
        person
        for person in people_of_rule(rule_key, machine.definition, run, machine.around)
        if people.is_active(person) and not participates(machine, person)
        and (allows_initiator or person != run.initiator_id)
    ]


def _sharing(machine: Machine, slot: Slot, person: UUID) -> Slot:
    return Slot(
        id=new_id(), visit_id=slot.visit_id, user_id=person, groups=slot.groups,
        position=slot.position, status="open", weight=slot.weight, via="timer",
        opened_at=machine.around.now,
    )


def _replace(machine: Machine, slot: Slot, policy: str) -> None:
    user_id = slot.user_id
    stand_in = _active_manager(machine, user_id) if policy == "manager" and user_id else None
    machine.note(
        "reassigned", "rule", user=str(user_id), to=str(stand_in) if stand_in else None, policy=policy
    )
    others = [one for one in machine.run.seats if one is not slot and one.status in (*OPEN, "approved")]
    if policy == "skip" and any(one.position != slot.position for one in others):
        slot.status, slot.decided_at = "removed", machine.around.now
        return
    hand_over(machine, slot, stand_in, via="inactive" if stand_in else "admin")


def _active_manager(machine: Machine, user_id: UUID) -> UUID | None:
    people, seen = machine.around.people, {user_id}
    manager = people.manager(user_id)
    while manager is not None and manager not in seen:
        is_fit = people.is_active(manager) and manager != machine.run.initiator_id
        if is_fit and not participates(machine, manager):
            return manager
        seen.add(manager)
        manager = people.manager(manager)
    return None
