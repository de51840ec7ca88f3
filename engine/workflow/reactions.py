"""What a change or the removal of a record does to the instances under way on it.

Called with the changes of a unit of work, in the transaction that made them.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.kernel.changes import Change
from engine.kernel.errors import Conflict, Problem
from engine.storage import Work
from engine.workflow.changes import apply_effect, effect_of
from engine.workflow.instances import Instance, get_instance
from engine.workflow.record_door import CAUSE
from engine.workflow.store import runs


def react(work: Work, changes: Sequence[Change]) -> None:
    """Follow changes up: note, void, reroute or restart; cancel with a removed record.

    Raises Conflict when a record that is on its way was removed and the workflow forbids that.
    """
    for change in changes:
        workflows = work.model(change.app).workflows_of.get(change.entity, ())
        if not workflows or change.cause == CAUSE or change.verb in ("created", "restored"):
            continue
        for instance_id in runs.open_on(work.connection, change.record_id):
            instance = get_instance(work, instance_id, locks=True, with_removed=change.verb == "removed")
            if change.verb == "removed":
                _removed(instance)
            else:
                _changed(instance, change)


def _changed(instance: Instance, change: Change) -> None:
    door = instance.door
    door.old = change.before
    changed = door.keys_then(frozenset(change.after) | frozenset(change.before))
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
