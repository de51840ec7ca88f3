"""Use case: make a move that a state offers (submit, win, withdraw, recall)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from engine.kernel.errors import Invalid, Problem
from engine.records import apply_change, require_record
from engine.storage import Work
from engine.workflow.commands import Command
from engine.workflow.instances import Answer, Instance, find_instance, known_id, workflows_of
from engine.workflow.moves import fire, moves_of


def fire_transition(  # noqa: PLR0913
    work: Work, app: str, entity: str, record_id: UUID | str, name: str, *, comment: str = "",
    values: Mapping[str, Any] | None = None, people: Mapping[str, Sequence[UUID]] | None = None,
    key: str | None = None,
) -> Answer:
    """Make a move, and everything automatic that follows, in the work's transaction.

    `values` are written to the record first, by the actor's own rights. `people` are those whom an
    initiator chooses, by person rule. `key` makes repeating the request safe.

    Raises NotFound for a record or a move that is not there (for this actor), Conflict when the
    record has moved on, Forbidden for somebody else's move, Invalid with all that is missing.
    """
    record_id = known_id(record_id)
    content = {"record": record_id, "move": name, "comment": comment, "values": values, "people": people}
    command = Command("fire", {"app": app, "entity": entity, **content}, key)
    require_record(work, app, entity, record_id)  # may the actor see it at all?
    with work.savepoint():
        # What this work has changed so far is followed up first: guards see sums as they now are, and
        # a change that precedes a submission never counts as one that upsets it.
        work.react()
        instance = _having(work, app, entity, record_id, name)
        seen = command.seen(work)
        if seen is not None:
            return seen
        _write(instance, name, values or {})
        machine = instance.begin()
        fire(machine, name, comment=comment, people=people)
        return command.keep(work, instance, instance.commit())


def _having(work: Work, app: str, entity: str, record_id: UUID, name: str) -> Instance:
    """The instance that has the move where it stands; else one that has it elsewhere; else any."""
    found = [
        find_instance(work, app, workflow, record_id, locks=True)
        for workflow in workflows_of(work, app, entity)
    ]
    for instance in found:
        if any(move.name == name for move in moves_of(instance.definition, instance.state)):
            return instance
    for instance in found:
        states = instance.definition.states.values()
        if any(move.name == name for state in states for move in moves_of(instance.definition, state)):
            return instance
    return found[0]


def _write(instance: Instance, name: str, values: Mapping[str, Any]) -> None:
    door = instance.door
    if not values or all(move.name != name for move in moves_of(instance.definition, instance.state)):
        return  # a move that is not here: the machine will say why
    if instance.state.type != "input":
        raise Invalid(
            *(Problem("workflow.field_not_editable", {"field": door.label(key)}, (key,)) for key in values)
        )
    apply_change(instance.work, door.app, door.entity, door.id, values)
    instance.work.react()
    door.reload()
