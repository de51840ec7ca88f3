"""Carry a script out: the real machine, moves and decisions, on a run that is never stored."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from engine import accounts
from engine.definitions.model import Model, Workflow
from engine.kernel.actor import Actor, system_actor
from engine.kernel.errors import EngineError, Invalid, NotFound, Problem
from engine.kernel.ids import find_id, new_id
from engine.storage import Work
from engine.workflow.approvals import approve_changed
from engine.workflow.changes import apply_effect, effect_of
from engine.workflow.decisions import reject, send_back, transfer
from engine.workflow.definition import Definition, StepForm
from engine.workflow.fire_timer import fire_timer
from engine.workflow.machine import Machine
from engine.workflow.moves import fire, moves_of
from engine.workflow.read_definition import definition_of
from engine.workflow.run import Memory, Run, Slot, Step, Visit
from engine.workflow.simulation.record import SimulatedRecord
from engine.workflow.simulation.script import Script, Turn
from engine.workflow.simulation.surroundings import FILLED, SimulatedSurroundings

SLA = system_actor("sla")


@dataclass
class Simulation:
    """Where a script has led. `refused` is why its last turn was not taken, `failed_at` its number; the run then
    stands where it stood, and `attempt` shows how far the refused turn had come."""

    model: Model
    workflow: Workflow
    definition: Definition
    around: SimulatedSurroundings
    run: Run
    starter: Actor
    turns: list[tuple[Turn, int]] = field(default_factory=list)
    refused: EngineError | None = None
    failed_at: int | None = None
    attempt: Run | None = None

    @property
    def machine(self) -> Machine:
        """The machine where the run stands."""
        return Machine(self.definition, self.run, self.around)

    def take(self, turn: Turn) -> None:
        """Take one turn; raises what the real command would be refused with, and leaves everything as it was."""
        record, around = self.around.record, self.around
        kept = copy.deepcopy(self.run), dict(record.values), record.rev, dict(record.old), around.now
        marks = len(around.asked), len(around.effects), dict(around.filled)
        visit = self.run.visit.number
        around.run = self.run
        try:
            self._carry_out(turn)
            self._show_status()
        except EngineError:
            self.attempt = self.run
            self.run, record.values, record.rev, record.old = kept[0], kept[1], kept[2], kept[3]
            around.now = record.now = kept[4]
            around.run = self.run
            del around.effects[marks[1] :]
            around.filled = marks[2]
            raise
        self.turns.append((turn, visit))

    def actor(self, user_id: UUID) -> Actor:
        """A person who may act; raises NotFound for one who may not sign in."""
        return accounts.find_actor(self.around.work, user_id)

    def seated(self, seat: int) -> Slot:
        """A slot of the current visit by its place; raises Invalid."""
        seats = self.run.seats
        if not 0 <= seat < len(seats):
            raise Invalid(Problem("simulation.no_seat"))
        return seats[seat]

    # ---------------------------------------------------------------------------------------------
    def _carry_out(self, turn: Turn) -> None:
        if turn.do == "fire":
            self._fire(turn)
        elif turn.do == "decide":
            self._decide(turn)
        else:
            self._timer(turn)

    def _fire(self, turn: Turn) -> None:
        around = self.around
        around.act_as(self.actor(turn.by) if turn.by else self.starter, around.now)
        found = next((move for move in moves_of(self.definition, self.machine.state) if move.name == turn.name), None)
        form = getattr(found, "form", None) or StepForm()
        self._requiring(form, lambda: fire(self.machine, turn.name, comment=FILLED, people=turn.people or None))

    def _decide(self, turn: Turn) -> None:
        around, slot = self.around, self.seated(turn.seat)
        around.act_as(self._sitting(slot, turn.by), around.now)
        machine = self.machine
        form = machine.state.form_for(slot.groups)
        changed = self._fill_in(form, turn)
        if turn.name == "approve":
            self._requiring(form, lambda: approve_changed(machine, slot, FILLED, changed))
        elif turn.name == "reject":
            reject(machine, slot.id, FILLED)
        elif turn.name == "return":
            send_back(machine, slot.id, turn.to, comment=FILLED)
        else:
            person = find_id(turn.to)
            if person is None:
                raise Invalid(Problem("workflow.transfer_to_whom", {}, ("to",)))
            transfer(machine, slot.id, person, FILLED)
            effect = effect_of(machine, changed)
            if effect is not None:
                apply_effect(machine, effect, changed)

    def _fill_in(self, form: StepForm, turn: Turn) -> frozenset[str]:
        """Values that somebody writes while deciding: those that the form opens to them."""
        opened = {*form.edit, *form.require} - {self.definition.status_field}
        closed = [key for key in turn.values if key not in opened]
        if closed:
            raise Invalid(*(Problem("workflow.field_not_editable", {"field": self.around.label(key)}, (key,)) for key in closed))
        return self.around.record.write(turn.values) if turn.values else frozenset()

    def _timer(self, turn: Turn) -> None:
        """Let the time pass until a timer is due, with every one that is due before it."""
        wanted = next((timer for timer in self.run.armed if timer.key == turn.name), None)
        if wanted is None:
            raise Invalid(Problem("simulation.no_timer"))
        until: datetime = wanted.fire_at
        while True:
            due = sorted((timer for timer in self.run.armed if timer.fire_at <= until), key=lambda timer: (timer.fire_at, timer.key != turn.name))
            if not due:
                return
            self.around.act_as(SLA, max(due[0].fire_at, self.around.now))
            if not fire_timer(self.machine, due[0].id) or due[0].id == wanted.id:
                return

    def _requiring(self, form: StepForm, act: Callable[[], None]) -> None:
        self.around.required = frozenset(form.require)
        try:
            act()
        finally:
            self.around.required = frozenset()

    def _sitting(self, slot: Slot, by: UUID | None) -> Actor:
        """Who answers from a slot: its holder; from a vacant one an administrator."""
        if by is not None:
            return self.actor(by)
        if slot.user_id is not None:
            return self.actor(slot.user_id)
        admins = self.around.people.administrators()
        if not admins:
            raise Invalid(Problem("simulation.no_administrator"))
        return self.actor(admins[0])

    def _show_status(self) -> None:
        """The record shows the status of the state in which the command has left it."""
        state = self.machine.state
        if state.status is not None and self.around.record.look(self.definition.status_field) != state.status:
            self.around.record.write({self.definition.status_field: state.status})


def simulate(work: Work, model: Model, script: Script) -> Simulation:
    """Run a draft's workflow over a record, or typed values, as a person.

    Raises NotFound for a workflow, a record or a person that is not there (for this actor), Invalid for values
    that their fields refuse. A turn that the workflow refuses ends the simulation: it is told in the answer.
    """
    found = begin(work, model, script)
    for number, turn in enumerate(script.turns):
        try:
            found.take(turn)
        except EngineError as error:
            found.refused, found.failed_at = error, number
            break
    return found


def begin(work: Work, model: Model, script: Script) -> Simulation:
    """The simulation before its first turn: at the start of the workflow."""
    workflow = model.workflows.get(script.workflow)
    if workflow is None:
        raise NotFound(Problem("simulation.no_workflow"))
    definition = definition_of(workflow)
    record = SimulatedRecord(work, model, workflow.entity, work.actor)
    if script.record is not None:
        record.take(script.record)
    starter = _starter(work, record, script.person)
    record.actor = starter
    if not record.exists:
        record.creator_id = starter.user_id
        record.values.update({"created_by": starter.user_id, "created_on": work.now})
    record.lay_over(script.values)
    if not record.exists:
        record.fill_defaults()
    initial = definition.states[definition.initial]
    if initial.status is not None:
        record.values[definition.status_field] = initial.status
    is_own = starter.user_id in (record.creator_id, record.owner_id)
    run = Run(
        new_id(), record.id, initial.key, starter.user_id if is_own else record.creator_id, work.now,
        memory=Memory(visits=1, path=[Step(initial.key, 1)]), visits=[Visit(new_id(), initial.key, 1, 1, work.now)],
    )
    around = SimulatedSurroundings(work, model, workflow, definition, record, fills=script.fills)
    around.actor, around.run, around.initiator_id = starter, run, run.initiator_id
    return Simulation(model, workflow, definition, around, run, starter)


def _starter(work: Work, record: SimulatedRecord, person: UUID | None) -> Actor:
    """Who begins: the person asked for, the record's owner, or whoever simulates."""
    if person is not None:
        return accounts.find_actor(work, person)
    owner = record.owner_id
    if record.exists and owner is not None and accounts.is_active(work, owner):
        return accounts.find_actor(work, owner)
    return work.actor
