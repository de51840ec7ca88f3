"""What a person can do with a task: approve, reject, return, transfer, comment. Pure."""

from __future__ import annotations

from uuid import UUID

from engine.kernel.errors import Conflict, Forbidden, Invalid, Problem, raise_invalid
from engine.kernel.ids import new_id
from engine.workflow.clocks import rearm_assigned
from engine.workflow.definition import ReturnRule
from engine.workflow.machine import Machine
from engine.workflow.moves import missing
from engine.workflow.run import DECIDED, OPEN, Frame, Slot, Step


def approve(machine: Machine, slot_id: UUID, comment: str = "", *, goes_on: bool = True) -> None:
    """Say yes. `goes_on` is off when a change of the record sends the instance elsewhere anyway.

    Raises Conflict for a task that is closed by now, Forbidden for somebody else's, Invalid for what
    the form still asks for.
    """
    slot = take(machine, slot_id)
    form = machine.state.form_for(slot.groups)
    raise_invalid(missing(machine, form, comment, is_refusal=False))
    _answer(machine, slot, "approved", comment)
    machine.remember(slot)
    if goes_on:
        _after(machine)


def reject(machine: Machine, slot_id: UUID, comment: str = "") -> None:
    """Say no; what that means for the step is the business of its `reject_at`."""
    slot = take(machine, slot_id)
    form = machine.state.form_for(slot.groups)
    raise_invalid(missing(machine, form, comment, is_refusal=True))
    _answer(machine, slot, "rejected", comment)
    _after(machine)


def send_back(
    machine: Machine, slot_id: UUID, to: str | None = None, *, resume: str | None = None, comment: str = ""
) -> None:
    """Return the instance to an earlier step, at once, whatever the others say.

    `to` is "initiator", "previous" or a state (None: the first that is allowed); `resume` is asked
    for where the definition leaves it open. Over the limit of returns the step is rejected, or
    handed to the administrators.
    """
    slot = take(machine, slot_id)
    rule = machine.state.returns
    _must_allow(machine, slot, "return")
    form = machine.state.form_for(slot.groups)
    raise_invalid(missing(machine, form, comment, is_refusal=True))
    targets = return_targets(machine)
    name = to or next(iter(targets), None)
    if rule is None or name is None or name not in targets:
        raise Invalid(Problem("workflow.cannot_return_there", {"state": machine.state.label}, ("to",)))
    memory, state = machine.run.memory, machine.state
    count = memory.returns.get(state.key, 0)
    if rule.limit is not None and count >= rule.limit:
        _over_limit(machine, slot, rule, comment)
        return
    memory.returns[state.key] = count + 1
    _go_back(machine, slot, targets[name], _resume(rule, resume), comment)
    machine.settle()


def return_targets(machine: Machine) -> dict[str, Step]:
    """Where the current step may be returned to, by the name the definition uses.

    Only stops on the path of this round: nothing can be returned to where it has not been.
    """
    rule = machine.state.returns
    if rule is None or machine.state.type != "approval":
        return {}
    found: dict[str, Step] = {}
    for name in rule.to:
        step = _target(machine, name)
        if step is not None:
            found[name] = step
    return found


def transfer(machine: Machine, slot_id: UUID, user_id: UUID, comment: str = "") -> None:
    """Hand a task to somebody else for good. The clock keeps running unless the timer says so."""
    slot = take(machine, slot_id)
    _must_allow(machine, slot, "transfer")
    problem = _unfit(machine, user_id)
    if problem is not None:
        raise Invalid(Problem(problem, {"name": machine.around.people.name(user_id)}, ("to",)))
    machine.note(
        "transferred", slot=str(slot.id), user=_text(slot.user_id), to=str(user_id), comment=comment,
        to_name=machine.around.people.name(user_id),
    )
    hand_over(machine, slot, user_id, via="transfer", comment=comment)
    rearm_assigned(machine.state, machine.run, machine.around)
    machine.set_due()
    machine.settle()


def add_comment(machine: Machine, slot_id: UUID, comment: str) -> None:
    """Say something at a task without deciding."""
    slot = take(machine, slot_id)
    _must_allow(machine, slot, "comment")
    if not comment.strip():
        raise Invalid(Problem("workflow.comment_required", {}, ("comment",)))
    machine.note("commented", slot=str(slot.id), comment=comment)


def take(machine: Machine, slot_id: UUID) -> Slot:
    """The open task, for its holder. Raises Conflict (closed, saying by whom) or Forbidden."""
    run, actor = machine.run, machine.around.actor
    slot = next((one for one in run.seats if one.id == slot_id), None)
    if slot is None or slot.status != "open" or run.visit.closed_at is not None:
        own = slot is not None and slot.status in DECIDED and slot.user_id == actor.user_id
        code = "workflow.you_decided" if own else "workflow.task_closed"
        raise Conflict(
            Problem(code, {"state": machine.state.label, **machine.around.last_word(run)})
        )
    is_holder = slot.user_id == actor.user_id if slot.user_id else actor.is_admin
    if not is_holder or actor.user_id is None:
        raise Forbidden(Problem("workflow.not_your_task"))
    return slot


def hand_over(machine: Machine, slot: Slot, user_id: UUID | None, *, via: str, comment: str = "") -> Slot:
    """Give a seat to somebody else (None: the administrators); the old slot stays as a trace."""
    now = machine.around.now
    slot.status, slot.decided_at, slot.comment = "transferred", now, comment or None
    successor = Slot(
        id=new_id(), visit_id=slot.visit_id, user_id=user_id, groups=slot.groups,
        position=slot.position, status="open", weight=slot.weight, via=via, opened_at=now,
        on_behalf_of=slot.user_id if via == "inactive" else None,
    )
    machine.run.slots.append(successor)
    machine.set_due()
    machine.announce([successor])
    return successor


def participates(machine: Machine, user_id: UUID) -> bool:
    """Has this person a chair at the current visit that they hold or have answered from?"""
    return any(
        slot.user_id == user_id and slot.status not in ("transferred", "removed", "not_needed")
        for slot in machine.run.seats
    )


def _answer(machine: Machine, slot: Slot, status: str, comment: str) -> None:
    """Write an answer into a slot; a chair of the administrators shows who took it."""
    around, memory = machine.around, machine.run.memory
    slot.status, slot.decided_at, slot.comment = status, around.now, comment or None
    slot.user_id, slot.record_rev = around.actor.user_id, around.rev
    for other in machine.run.seats:
        if other.position == slot.position and other.status in OPEN:
            other.status, other.decided_at = "not_needed", around.now
    memory.has_decision = True
    if status == "returned":
        return
    machine.note(
        "decided", decision=status, slot=str(slot.id), comment=comment, rev=around.rev,
        groups=list(slot.groups), visit=machine.run.visit.number,
    )


def _after(machine: Machine) -> None:
    before = {slot.id for slot in machine.run.open_slots}
    machine.open_next()
    machine.relieve()
    machine.announce([slot for slot in machine.run.open_slots if slot.id not in before])
    machine.settle()


def _target(machine: Machine, name: str) -> Step | None:
    memory, states = machine.run.memory, machine.definition.states
    earlier = memory.path[:-1]
    if name == "previous":
        return next((step for step in reversed(earlier) if states[step.state].is_human), None)
    if name == "initiator":
        start = memory.submission[0] if memory.submission else machine.definition.initial
        return Step(start, 0)
    return next((step for step in reversed(earlier) if step.state == name), None)


def _resume(rule: ReturnRule, asked: str | None) -> str:
    if rule.resume == "ask":
        return asked or "rerun"
    if asked is not None and asked != rule.resume:
        raise Invalid(Problem("workflow.resume_is_fixed", {}, ("resume",)))
    return rule.resume


def _go_back(machine: Machine, slot: Slot, target: Step, resume: str, comment: str) -> None:
    run, memory, state = machine.run, machine.run.memory, machine.state
    rule = state.returns
    _answer(machine, slot, "returned", comment)
    machine.note(
        "returned", to=target.state, resume=resume, slot=str(slot.id), comment=comment,
        rev=machine.around.rev, visit=run.visit.number,
    )
    frame = None
    if rule is not None and resume == "direct":
        watched = machine.around.snapshot(rule.rerun_if_changed)
        frame = Frame(
            state.key, target.state, slot.user_id, rule.direct_to, watched,
            tuple(memory.path), tuple(memory.approvals),
        )
    memory.approvals = [item for item in memory.approvals if item.visit < target.visit]
    machine.close("returned")
    machine.around.perform(run, state.exit)
    machine.enter(target.state)
    memory.frame = frame
    if machine.state.type == "input" and run.initiator_id is not None:
        machine.around.tell(
            run, "workflow.returned_to_you", [run.initiator_id], name=machine.around.actor.name
        )


def _over_limit(machine: Machine, slot: Slot, rule: ReturnRule, comment: str) -> None:
    machine.note("return_limit", "rule", limit=rule.limit, then=rule.on_limit)
    if rule.on_limit == "admin":
        machine.run.memory.has_decision = True
        hand_over(machine, slot, None, via="limit", comment=comment)
        return
    _answer(machine, slot, "rejected", comment)
    machine.verdict = "rejected"
    machine.settle()


def _must_allow(machine: Machine, slot: Slot, verb: str) -> None:
    """Administrators may always hand a vacant chair on."""
    is_vacant = slot.user_id is None and verb == "transfer"
    if verb not in machine.state.policy.allow and not is_vacant:
        raise Forbidden(Problem(f"workflow.{verb}_not_allowed", {"state": machine.state.label}))


def _unfit(machine: Machine, user_id: UUID) -> str | None:
    """Why somebody can't take a task over: a problem code, or None."""
    if not machine.around.people.is_active(user_id):
        return "workflow.person_inactive"
    if participates(machine, user_id):
        return "workflow.person_participates"
    is_initiator = user_id == machine.run.initiator_id
    return "workflow.person_is_initiator" if is_initiator and machine.state.policy.on_initiator != "allow" else None


def _text(user_id: UUID | None) -> str | None:
    return str(user_id) if user_id else None
