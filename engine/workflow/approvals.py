"""Use cases of a task: decide, remind, send a copy, fill in fields while the record is locked."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from engine.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Problem
from engine.kernel.ids import find_id
from engine.records import require_record
from engine.storage import Work
from engine.workflow.changes import apply_effect, effect_of
from engine.workflow.commands import Command
from engine.workflow.decisions import add_comment, approve, reject, send_back, take, transfer
from engine.workflow.instances import Answer, Instance, instance_at, known_id
from engine.workflow.machine import Machine
from engine.workflow.people_rules import includes
from engine.workflow.record_surroundings import last_word
from engine.workflow.run import DECIDED, Slot
from engine.workflow.store import runs

DECISIONS = ("approve", "reject", "return", "transfer", "comment")


def decide(  # noqa: PLR0913
    work: Work, task_id: UUID | str, decision: str, *, comment: str = "", values: Mapping[str, Any] | None = None,
    to: str | UUID | None = None, resume: str | None = None, key: str | None = None,
    record_rev: int | None = None,
) -> Answer:
    """Answer a task, and everything automatic that follows, in the work's transaction.

    `decision` is approve, reject, return, transfer or comment. `values` are fields that the step's
    form opens to whoever holds the task; they are written first. `to` is the step to return to
    ("initiator", "previous" or a state) or the person who takes the task over. `record_rev` is the
    revision that the person has seen: where the step binds its decisions to that, a watched field
    that has changed since is a Conflict, with the values as they stand. `key` makes repeating the
    request safe.

    Raises NotFound for a task that is not there (for this actor), Conflict for one that is closed,
    saying who decided what and when, Forbidden for somebody else's, Invalid for what is missing.
    """
    task_id = known_id(task_id, "workflow.no_such_task")
    content = {
        "task": task_id, "decision": decision, "comment": comment, "values": values, "to": to,
        "resume": resume, "rev": record_rev,
    }
    command = Command("decide", content, key)
    place = runs.place_of_slot(work.connection, task_id)
    if place is None:
        raise NotFound(Problem("workflow.no_such_task"))
    if decision not in DECISIONS:
        raise Invalid(Problem("workflow.unknown_decision", {"decision": decision[:40]}, ("decision",)))
    require_record(work, place.anchor.app, place.anchor.entity, place.record_id)
    with work.savepoint():
        work.react()
        instance = instance_at(work, place, locks=True)
        seen = command.seen(work)
        if seen is not None:
            return seen
        slot = _open_task(instance, task_id)
        _check_seen(instance, record_rev)
        _carry_out(instance, slot, decision, comment, values or {}, to=to, resume=resume)
        return command.keep(work, instance, instance.commit())


def edit(
    work: Work, app: str, entity: str, record_id: UUID | str, values: Mapping[str, Any], *, rev: int | None = None
) -> int:
    """Fill in fields of a record that is on its way, without deciding; answers its new revision.

    Open to the editors that the workflow names, for every field, and to holders of a task, for those
    of the step's form. Raises NotFound, Forbidden, Invalid, and Conflict when the record has changed
    since revision `rev`.
    """
    record_id = known_id(record_id)
    require_record(work, app, entity, record_id)
    with work.savepoint():
        work.react()
        found = runs.open_on(work.connection, record_id)
        for instance in [instance_at(work, one, locks=True) for one in found]:
            if rev is not None and rev != instance.door.rev:
                raise Conflict(Problem("record.stale"), current=instance.door.as_json())
            opened = editable(instance)
            if opened is None or opened:
                machine = instance.begin()
                _upset(machine, _write(instance, values, opened))
                instance.commit()
                return instance.door.rev
    raise Forbidden(Problem("workflow.not_your_task"))


def editable(instance: Instance) -> frozenset[str] | None:
    """Fields that the actor may fill in where the instance stands; None for all of them (editors)."""
    machine = instance.machine()
    editors = instance.definition.record.editors
    if editors and includes(editors, instance.definition, instance.run, instance.around):
        return None
    forms = [
        machine.state.form_for(slot.groups) for slot in instance.run.open_slots
        if is_holder(work=instance.work, user_id=slot.user_id)
    ]
    return frozenset(field for form in forms for field in (*form.edit, *form.require))


def is_holder(work: Work, user_id: UUID | None) -> bool:
    """Does the actor sit on this chair? Vacant ones belong to the administrators."""
    actor = work.actor
    return actor.is_admin if user_id is None else user_id == actor.user_id


def _open_task(instance: Instance, task_id: UUID) -> Slot:
    """The task, open and the actor's; else what became of it."""
    run = instance.run
    if any(slot.id == task_id and slot.status == "open" for slot in run.seats):
        return take(instance.machine(), task_id)
    found = runs.slot_and_visit(instance.work.connection, task_id)
    word = last_word(instance.work, run.id, found.number if found else None)
    is_own = found is not None and found.status in DECIDED and found.user_id == instance.work.actor.user_id
    raise Conflict(
        Problem("workflow.you_decided" if is_own else "workflow.task_closed", {"state": instance.state.label, **word}),
        current=instance.answer().dump(),
    )


def _check_seen(instance: Instance, rev: int | None) -> None:
    """Has anything that matters changed since the person looked?"""
    door = instance.door
    if rev is None or rev >= door.rev or not instance.state.policy.binds_to_rev:
        return
    record = instance.definition.record
    changed = door.changed_since(rev) - {instance.definition.status_field}
    matters = changed & set(record.watched) if record.watched else changed - set(record.open_fields)
    if matters:
        fields = sorted(matters)
        raise Conflict(
            Problem("workflow.record_changed", {"fields": [door.label(field) for field in fields]}),
            current={"rev": door.rev, "values": {field: door.dumped(field) for field in fields}},
        )


def _carry_out(
    instance: Instance, slot: Slot, decision: str, comment: str, values: Mapping[str, Any], *,
    to: str | UUID | None, resume: str | None,
) -> None:
    machine = instance.begin()
    form = machine.state.form_for(slot.groups)
    changed = _write(instance, values, frozenset((*form.edit, *form.require)))
    if decision == "approve":
        approve_changed(machine, slot, comment, changed)
    elif decision == "comment":
        add_comment(machine, slot.id, comment)
        _upset(machine, changed)
    elif decision == "transfer":
        person = find_id(to)
        if person is None:
            raise Invalid(Problem("workflow.transfer_to_whom", {}, ("to",)))
        transfer(machine, slot.id, person, comment)
        _upset(machine, changed)
    elif decision == "return":
        send_back(machine, slot.id, None if to is None else str(to), resume=resume, comment=comment)
    else:
        reject(machine, slot.id, comment)


def approve_changed(machine: Machine, slot: Slot, comment: str, changed: Collection[str]) -> None:
    """Approve with what was filled in; the approver's own edit counts like anybody's change of the record.

    Voided are the others' approvals: this one is given on the new values. A reroute takes it along,
    where it counts as far as dedupe lets it. A restart leaves nothing to approve.
    """
    effect = effect_of(machine, changed)
    if effect in (None, "note"):
        approve(machine, slot.id, comment)
    elif effect == "void_approvals":
        apply_effect(machine, effect, changed)
        again = [one for one in machine.run.open_slots if one.user_id == slot.user_id]
        if again:
            approve(machine, again[0].id, comment)
        return
    else:
        approve(machine, slot.id, comment, goes_on=False)
    if effect is not None:
        apply_effect(machine, effect, changed)


def _write(instance: Instance, values: Mapping[str, Any], opened: frozenset[str] | None) -> frozenset[str]:
    """Write fields that the form opens (None: all); answers those that differ now."""
    if not values:
        return frozenset()
    door = instance.door
    status = instance.definition.status_field
    closed = [field for field in values if field == status or (opened is not None and field not in opened)]
    if closed:
        raise Invalid(
            *(Problem("workflow.field_not_editable", {"field": door.label(field)}, (field,)) for field in closed)
        )
    changed = door.write(values)
    if changed:
        instance.machine().note("edited", fields=sorted(changed & set(values)), rev=door.rev)
    return changed


def _upset(machine: Machine, changed: Collection[str]) -> None:
    effect = effect_of(machine, changed)
    if effect is not None:
        apply_effect(machine, effect, changed)

