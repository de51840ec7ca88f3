"""The path ahead as a dry run: the same machine, on a copy, in surroundings that do nothing. Pure."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from engine.kernel.errors import EngineError
from engine.workflow.definition import ActionBody, Definition, Edge, State, Text
from engine.workflow.machine import Machine
from engine.workflow.run import OPEN, Run
from engine.workflow.surroundings import Directory, Surroundings

_MOST_STEPS = 40


@dataclass(frozen=True)
class Ahead:
    """A step that would follow if everybody said yes: the state and who would have to act."""

    state: State
    people: tuple[UUID | None, ...] = ()


def look_ahead(
    definition: Definition, run: Run, around: Surroundings, *, first: Edge | None = None
) -> list[Ahead]:
    """The states that follow from here if everybody approves and nothing changes.

    At an input state the first move is taken (from here: `first`, if it is given). Where the way cannot be told (a guard
    without a case, a step that must not be entered without people), the path ends.
    """
    machine = Machine(definition, copy.deepcopy(run), _Imagined(around))
    found: list[Ahead] = []
    seen = {run.state, definition.initial}  # back at the beginning is a new round, not the way ahead
    try:
        if first is not None:
            machine.run.memory.is_submitted = True
            machine.leave(first, "imagined")
            found.append(Ahead(machine.state, tuple(slot.user_id for slot in machine.run.seats)))
        while len(found) < _MOST_STEPS and _go_on(machine):
            state = machine.state
            if state.type != "choice":
                if state.key in seen and state.type != "final":
                    break
                found.append(Ahead(state, tuple(slot.user_id for slot in machine.run.seats)))
            seen.add(state.key)
    except EngineError:  # what the command itself would be refused for ends the preview here
        pass
    return found


def _go_on(machine: Machine) -> bool:
    """One automatic or imagined step; False at the end."""
    state = machine.state
    if state.type == "final":
        return False
    if state.type == "input":
        if not state.transitions:
            return False
        machine.run.memory.is_submitted = True
        machine.leave(state.transitions[0].edge, "imagined")
    elif state.type == "choice":
        machine.take_choice()
    else:
        for slot in machine.run.seats:
            if slot.status in OPEN:
                slot.status, slot.decided_at = "approved", machine.around.now
                machine.remember(slot)
        machine.verdict = None
        machine.finish("approved")
    return True


class _Imagined:
    """Surroundings that read the truth and change nothing."""

    def __init__(self, around: Surroundings) -> None:
        self._around = around
        self.now, self.timezone, self.actor = around.now, around.timezone, around.actor
        self.owner_id, self.creator_id, self.rev = around.owner_id, around.creator_id, around.rev

    @property
    def people(self) -> Directory:
        return self._around.people

    def value(self, field: str) -> Any:
        return self._around.value(field)

    def label(self, field: str) -> Text:
        return self._around.label(field)

    def snapshot(self, fields: Sequence[str]) -> Mapping[str, Any]:
        return self._around.snapshot(fields)

    def evaluate(self, expression: str, *, person: UUID | None = None) -> Any:
        return self._around.evaluate(expression, person=person)

    def perform(self, run: Run, actions: Sequence[ActionBody]) -> None:
        """Nothing is done: guards see the record as it stands."""

    def tell(self, run: Run, code: str, people: Sequence[UUID], **values: Any) -> None:
        """Nobody is told."""

    def last_word(self, run: Run) -> Mapping[str, Any]:
        return self._around.last_word(run)
