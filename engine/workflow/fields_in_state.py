"""What a state of a workflow does to the fields of a record, without a record that stands there."""

from __future__ import annotations

from dataclasses import dataclass

from engine.definitions.model import Model, Text, Workflow
from engine.records.change_record import REMOVAL
from engine.workflow.instances import lock_in
from engine.workflow.read_definition import definition_of


@dataclass(frozen=True)
class StateFields:
    """`open` is None where nothing is locked, else what may still be changed; `asked` is what the step's own
    form lets its people fill in, `required` what it demands of them, `hidden` what it leaves off the page."""

    workflow: str
    state: str
    label: Text
    status_field: str
    status: str | None
    open: frozenset[str] | None
    asked: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    hidden: frozenset[str] = frozenset()


def fields_in_state(model: Model, entity: str, state: str) -> StateFields | None:
    """The fields of an entity's records in a state, "workflow/state" or the name of a state in any of its
    workflows; None where there is no such state."""
    named, _, key = state.rpartition("/")
    for workflow in model.workflows_of.get(entity, ()):
        if named in ("", workflow.key) and key in workflow.body["states"]:
            return _fields(workflow, key)
    return None


def _fields(workflow: Workflow, key: str) -> StateFields:
    definition = definition_of(workflow)
    state, lock = definition.states[key], lock_in(definition, key)
    return StateFields(
        workflow.key, key, state.label, definition.status_field, state.status,
        None if lock is None else frozenset(lock) - {REMOVAL},
        asked=state.form.edit, required=state.form.require, hidden=frozenset(state.form.hide),
    )
