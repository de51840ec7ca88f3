"""Moving runs and records out of states that a new release hasn't any more.

A run under way is pinned to the release it began on. Moving it ends its visit as superseded and enters the
target by the new release's definition, as if it had come there by itself: people are found, timers armed,
actions carried out. What the run remembers of states that are no more is forgotten.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from engine.definitions.model import Workflow
from engine.storage import Work
from engine.workflow.definition import Definition
from engine.workflow.instances import Instance, find_instance, get_instance
from engine.workflow.record_door import RecordDoor
from engine.workflow.run import Memory, Step
from engine.workflow.store import runs
from engine.workflow.store.runs import Loaded

RESULT = "superseded"


def move_run(work: Work, instance_id: UUID, workflow: Workflow, states: Mapping[str, str]) -> bool:
    """Put a run that stands in one of `states` into the state it is mapped to, by the current release.

    False when it has ended or moved on meanwhile. Raises what entering the target raises (nobody found where
    the step then refuses, a rule of the record that its new status breaks).
    """
    old = get_instance(work, instance_id, locks=True)
    target = states.get(old.run.state)
    if target is None or old.run.is_ended:
        return False
    model = work.model(old.loaded.anchor.app)
    machine = old.machine()
    machine.note("migrated", "publish", to=target, to_label=_label(workflow, target), from_release=old.loaded.anchor.release, release=model.release)
    machine.close(RESULT)
    anchor = replace(old.loaded.anchor, release=model.release, workflow=workflow.key, entity=workflow.entity)
    runs.reanchor(work.connection, instance_id, anchor)
    door = RecordDoor(work, anchor.app, workflow.entity, old.run.record_id, model, locks=True)
    loaded = Loaded(anchor, old.run, old.loaded.visits, old.loaded.slots, old.loaded.timers)
    new = Instance(work, loaded, workflow, door, is_new=False)
    forget_states(new.run.memory, new.definition, states)
    machine = new.machine()
    machine.enter(target)
    machine.settle()
    new.commit()
    return True


def move_record(work: Work, app: str, workflow: Workflow, record_id: UUID, target: str) -> bool:
    """Put a record without a run, whose status stood for a state that is no more, into another state.

    Where people decide, a run begins there; elsewhere only its status changes. False where a run is under way.
    """
    instance = find_instance(work, app, workflow, record_id, locks=True)
    if not instance.is_new:
        return False
    state = instance.definition.states[target]
    if state.type in ("input", "final"):
        instance.door.write({workflow.status_field: state.status}, open_fields=None)
        return True
    machine = instance.begin()
    memory = instance.run.memory
    memory.is_submitted, memory.submitted_at = True, work.now
    machine.note("migrated", "publish", to=target, to_label=state.label)
    machine.close(RESULT)
    machine.enter(target)
    machine.settle()
    instance.commit()
    return True


def forget_states(memory: Memory, definition: Definition, states: Mapping[str, str]) -> None:
    """Let a run's memory speak of the states that there are: mapped ones under their new names, others not at all."""

    def now(key: str) -> str | None:
        found = states.get(key, key)
        return found if found in definition.states else None

    memory.path = [Step(key, step.visit) for step in memory.path if (key := now(step.state)) is not None]
    memory.approvals = [replace(item, state=key) for item in memory.approvals if (key := now(item.state)) is not None]
    memory.returns = {key: count for state, count in memory.returns.items() if (key := now(state)) is not None}
    memory.people = {rule: people for rule, people in memory.people.items() if rule in definition.rules}
    memory.frame = None
    if memory.submission is not None and now(memory.submission[0]) is None:
        memory.submission = (definition.initial, memory.submission[1])


def _label(workflow: Workflow, state: str) -> object:
    return workflow.body["states"][state].get("label", state)
