"""How many records stand in each state of a workflow: what its designer shows on the cards."""

from __future__ import annotations

from engine.definitions.model import Model, Workflow
from engine.kernel.errors import NotFound, Problem
from engine.storage import Work
from engine.storage.counting import Counter
from engine.workflow.definition import Definition
from engine.workflow.read_definition import definition_of
from engine.workflow.store import lists


def count_by_state(work: Work, app: str, workflow_uid: str) -> dict[str, int]:
    """Records by state of the released workflow, all of them whoever asks; states without records are left out.

    Where people decide, the runs under way count; elsewhere the status that records show, for a record
    that was imported or never submitted has no run. Raises NotFound where no release has the workflow.
    """
    model = work.model(app)
    workflow = next((one for one in model.workflows.values() if one.uid == workflow_uid), None)
    if workflow is None:
        raise NotFound(Problem("workflow.not_released"))
    under_way = lists.under_way(work.connection, workflow_uid)
    found = {state: count for state, count in under_way.items() if count}
    for state, count in _at_rest(work, model, workflow).items():
        # A run that waits for its owner (a returned one, say) shows the state's status like any other record.
        found[state] = max(count, found.get(state, 0))
    return found


def _at_rest(work: Work, model: Model, workflow: Workflow) -> dict[str, int]:
    """Records by the input or final state that their status stands for."""
    definition: Definition = definition_of(workflow)
    entity = model.entities[definition.entity]
    field = entity.fields.get(definition.status_field)
    if field is None:
        return {}
    waiting = {state.status for state in definition.states.values() if state.type == "approval"}
    found: dict[str, int] = {}
    for status, count in Counter(work, model).by_option(entity, field).items():
        if status in waiting:
            continue
        state = definition.state_of_status(status)
        found[state.key] = found.get(state.key, 0) + count
    return found
