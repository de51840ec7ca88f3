"""Which way the records of the last weeks would take by a draft, against the way they took."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from engine.definitions.model import Model
from engine.kernel.errors import EngineError, NotFound
from engine.kernel.messages import translate
from engine.records import get_record
from engine.storage import Work
from engine.workflow.read_definition import definition_of
from engine.workflow.run import OPEN
from engine.workflow.simulation.script import Script, Turn
from engine.workflow.simulation.simulate import Simulation, begin
from engine.workflow.store import replays

MOST_RUNS = 500
PERIOD = timedelta(days=30)
_MOST_STEPS = 60


@dataclass(frozen=True)
class Real:
    """A run as it was: the record, who began it, the stops it made, the moves people made at input states."""

    record_id: UUID
    initiator_id: UUID | None
    states: tuple[str, ...]
    outcome: str | None
    moves: Mapping[str, str]


@dataclass(frozen=True)
class Compared:
    """One record's way by the draft beside its real one. `problem` is why the draft's way could not be told."""

    record_id: UUID
    title: str
    drafted: tuple[str, ...]
    real: tuple[str, ...]
    differs: bool
    problem: str = ""


def runs_to_compare(work: Work, workflow_uid: str) -> list[Real]:
    """Runs begun in the last 30 days, the newest 500 of them."""
    rows = replays.begun_since(work.connection, workflow_uid, work.now - PERIOD, MOST_RUNS)
    moves = replays.moves_fired(work.connection, [row.id for row in rows])
    return [Real(row.record_id, row.initiator_id, tuple(step[0] for step in row.data.get("path", ())), row.outcome, moves.get(row.id, {})) for row in rows]


def compare_run(work: Work, model: Model, workflow: str, real: Real) -> Compared | None:
    """A record's way by the draft if everybody approves; None where its reader may not see the record."""
    definition = definition_of(model.workflows[workflow])
    try:
        simulation = begin(work, model, Script(workflow, record=real.record_id, person=real.initiator_id))
    except NotFound:
        return None
    title = _title(work, model, definition.entity, real.record_id)
    problem = ""
    try:
        drafted = path_of(simulation, real.moves)
    except EngineError as error:
        drafted = _stops(simulation)
        problem = next((translate(each.code, each.values, work.language) for each in error.problems), "")
    states = definition.states
    took = tuple(key for key in real.states if key not in states or states[key].type != "choice")
    return Compared(real.record_id, title, drafted, took, bool(problem) or _differs(drafted, took, real.outcome), problem)


def path_of(simulation: Simulation, moves: Mapping[str, str]) -> tuple[str, ...]:
    """The stops on the way if everybody approves, and makes at input states the moves that were made (once each).

    Raises what the workflow would refuse.
    """
    left = dict(moves)
    for _ in range(_MOST_STEPS):
        turn = _next(simulation, left)
        if turn is None:
            break
        simulation.take(turn)
    return _stops(simulation)


def _next(simulation: Simulation, moves: dict[str, str]) -> Turn | None:
    run, state = simulation.run, simulation.machine.state
    if run.is_ended or state.type == "final":
        return None
    if state.type == "approval":
        seat = next((place for place, slot in enumerate(run.seats) if slot.status in OPEN and slot.status == "open"), None)
        return None if seat is None else Turn("decide", "approve", seat)
    made = moves.pop(state.key, None)
    found = next((move for move in state.transitions if move.name == made), None)
    if found is None and made is not None and state.key == simulation.definition.initial:
        found = next(iter(state.transitions), None)  # the draft calls it something else
    if found is None:
        return None
    return Turn("fire", found.name, by=simulation.run.initiator_id)


def _stops(simulation: Simulation) -> tuple[str, ...]:
    states = simulation.definition.states
    return tuple(visit.state for visit in simulation.run.visits if states[visit.state].type != "choice")


def _differs(drafted: Sequence[str], real: Sequence[str], outcome: str | None) -> bool:
    """Has the record taken another way? One that has not ended, or was turned down, has taken only a part of it."""
    if outcome == "approved":
        return tuple(drafted) != tuple(real)
    part = real[:-1] if outcome is not None else real
    return tuple(drafted[: len(part)]) != tuple(part)


def _title(work: Work, model: Model, entity: str, record_id: UUID) -> str:
    current = next((one for one in work.model(model.app.key).entities.values() if one.uid == model.entities[entity].uid), None)
    if current is None:
        return ""
    found = get_record(work, model.app.key, current.key, record_id, fields=(current.title,))
    return str(found.titles.get(current.title) or found.values.get(current.title) or "")


def grouped(compared: Sequence[Compared]) -> Iterator[dict[str, Any]]:
    """Records by the way the draft would send them, the most travelled first."""
    groups: dict[tuple[str, ...], list[Compared]] = {}
    for each in compared:
        groups.setdefault(each.drafted, []).append(each)
    for path, members in sorted(groups.items(), key=lambda item: -len(item[1])):
        yield {"path": list(path), "count": len(members), "differing": sum(1 for each in members if each.differs)}
