"""What a change or the removal of a record does to the instances under way on it.

Called with the changes of a unit of work, in the transaction that made them.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.kernel.changes import Change
from engine.kernel.errors import Conflict, Problem
from engine.storage import Work
from engine.workflow.changes import apply_effect, effect_of
from engine.workflow.instances import Instance, find_instance, instance_at
from engine.workflow.record_door import CAUSE
from engine.workflow.store import runs


def react(work: Work, changes: Sequence[Change]) -> None:
    """Follow changes up: note, void, reroute or restart; cancel with a removed record.

    Raises Conflict when a record that is on its way was removed and the workflow forbids that.
    """
    ours = [change for change in changes if _concerns(work, change)]
    under_way = runs.open_among(work.connection, {change.record_id for change in ours})
    for change in ours:
        for place in under_way.get(change.record_id, ()):
            _follow(change, instance_at(work, place, locks=True, with_removed=change.verb == "removed"))
        if change.verb == "restored":
            _restored(work, change)


def _concerns(work: Work, change: Change) -> bool:
    """Can this change concern an instance at all? What workflows write themselves does not."""
    if change.cause == CAUSE or change.verb == "created":
        return False
    return change.verb == "removed" or change.entity in work.model(change.app).workflows_of


def _follow(change: Change, instance: Instance) -> None:
    if instance.run.is_ended:
        return
    if change.verb == "removed":
        _removed(instance)
        return
    instance.door.old = change.before
    changed = instance.door.keys_then(frozenset(change.after) | frozenset(change.before))
    effect = effect_of(instance.machine(), changed)
    if effect is not None:
        apply_effect(instance.machine(), effect, changed)
        instance.commit()


def _removed(instance: Instance) -> None:
    """A record at its start again may go; one that is on its way only where that cancels it."""
    is_at_start = instance.run.state == instance.definition.initial
    if instance.definition.record.on_delete == "forbid" and not is_at_start:
        raise Conflict(
            Problem("workflow.record_in_progress", {"workflow": instance.definition.label})
        )
    machine = instance.machine()
    machine.close("cancelled")
    instance.run.outcome, instance.run.ended_at = "cancelled", instance.work.now
    machine.note("cancelled", outcome="cancelled")
    instance.store()


def _restored(work: Work, change: Change) -> None:
    """A record that comes back after its instance was cancelled stands at the start, unlocked."""
    for workflow in work.model(change.app).workflows_of.get(change.entity, ()):
        instance = find_instance(work, change.app, workflow, change.record_id, locks=True)
        door, field = instance.door, workflow.status_field
        is_astray = instance.is_new and instance.state.status != door.value(field)
        if is_astray or (instance.is_new and door.open_fields is not None):
            values = {field: instance.state.status} if is_astray and instance.state.status else {}
            door.write(values, open_fields=None)
