"""A record's place in a workflow: found or begun, locked, and written back.

Locks are taken in one order everywhere: the record's row, then the instance's. Records change before
anybody asks what that means for their instance, so the record has to come first; since everybody
keeps to it, nobody can wait for somebody who waits for them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from engine.definitions.model import Model, Text, Workflow
from engine.kernel.errors import NotFound, Problem
from engine.kernel.ids import find_id, new_id
from engine.records.change_record import REMOVAL
from engine.storage import Work
from engine.workflow.definition import Definition, State
from engine.workflow.machine import Machine
from engine.workflow.read_definition import definition_of
from engine.workflow.record_door import RecordDoor, no_workflow
from engine.workflow.record_surroundings import RecordSurroundings
from engine.workflow.run import Memory, Run, Step, Visit
from engine.workflow.store import runs
from engine.workflow.store.runs import Anchor, Loaded, Place, as_loaded


@dataclass(frozen=True)
class Answer:
    """Where an instance stands after a command."""

    instance_id: UUID
    workflow: str
    state: str
    label: Text
    status: str | None
    is_final: bool
    round: int
    version: int

    def dump(self) -> dict[str, Any]:
        """The answer as JSON."""
        return {**self.__dict__, "instance_id": str(self.instance_id)}

    @classmethod
    def load(cls, stored: Mapping[str, Any]) -> Answer:
        """The answer out of its JSON."""
        return cls(**{**stored, "instance_id": UUID(stored["instance_id"])})


class Instance:
    """One record's run through one version of a workflow, ready for a command.

    `is_new` says that it has not been stored yet: the record merely stands in the state that its
    status says.
    """

    def __init__(
        self, work: Work, loaded: Loaded, workflow: Workflow, door: RecordDoor, *, is_new: bool
    ) -> None:
        self.work = work
        self.loaded = loaded
        self.workflow = workflow
        self.door = door
        self.definition: Definition = definition_of(workflow)
        self.around = RecordSurroundings(work, workflow, self.definition, door)
        self.around.initiator_id = loaded.run.initiator_id
        self.is_new = is_new

    @property
    def run(self) -> Run:
        return self.loaded.run

    @property
    def state(self) -> State:
        return self.definition.states[self.run.state]

    def machine(self) -> Machine:
        """The machine for one command."""
        return Machine(self.definition, self.run, self.around)

    def begin(self) -> Machine:
        """The machine, with the instance stored, so that copies and jobs can refer to it.

        Raises Conflict when somebody else has just begun one.
        """
        machine = self.machine()
        if self.is_new:
            runs.insert(self.work.connection, self.loaded.anchor, self.run)
            machine.note("started", round=self.run.round)
            self.loaded = as_loaded_new(self.loaded)
            self.is_new = False
            machine = self.machine()
        return machine

    def commit(self) -> Answer:
        """Write the status, the lock and all that changed; nothing is committed yet.

        Raises Invalid when the record's own rules refuse its new status, Conflict when somebody else
        has written the instance since it was read.
        """
        state = self.state
        values: dict[str, Any] = {}
        if state.status is not None and self.door.value(self.definition.status_field) != state.status:
            values[self.definition.status_field] = state.status
        lock = self._lock()
        if values or lock != self.door.open_fields:
            self.door.write(values, open_fields=lock)
        self.store()
        return self.answer()

    def store(self) -> None:
        """Write the instance alone, for a record that is no more."""
        runs.save(self.work.connection, self.loaded, self.work.now)

    def answer(self) -> Answer:
        """Where the instance stands."""
        run, state = self.run, self.state
        return Answer(
            run.id, self.workflow.key, run.state, state.label, state.status,
            state.type == "final", run.round, run.version,
        )

    def _lock(self) -> tuple[str, ...] | None:
        """The fields that stay open, all workflows on the record taken together; None: no lock."""
        locks = [own_lock(self.definition, self.run)]
        if len(self.door.access.model.workflows_of.get(self.door.entity, ())) > 1:
            for other in runs.open_on(self.work.connection, self.door.id):
                if other.instance_id != self.run.id:
                    found = instance_at(self.work, other, door=self.door)
                    locks.append(own_lock(found.definition, found.run))
        held = [
            frozenset(now for field in lock if (now := self.door.key_now(field)))
            for lock in locks if lock is not None
        ]
        return tuple(sorted(frozenset.intersection(*held))) if held else None


def own_lock(definition: Definition, run: Run) -> tuple[str, ...] | None:
    """What an instance leaves open of its record; None where it does not lock it.

    Locked is what waits for an approval. At an input state somebody works on the record; only a list
    of editable fields, at another than the initial state, keeps the rest closed.
    """
    return None if run.is_ended else lock_in(definition, run.state)


def lock_in(definition: Definition, key: str) -> tuple[str, ...] | None:
    """What an instance in a state leaves open of its record; None where it does not lock it."""
    state, rule = definition.states[key], definition.record
    if rule.lock == "none" or state.type == "final":
        return None
    always = (*rule.open_fields, *((REMOVAL,) if rule.on_delete == "cancel" else ()))
    if state.type == "input":
        if state.key == definition.initial or not state.form.edit:
            return None
        moves = [field for move in state.transitions for field in (*move.form.edit, *move.form.require)]
        return (*state.form.edit, *moves, *always)
    return always


def find_instance(
    work: Work, app: str, workflow: Workflow, record_id: UUID, *, locks: bool, door: RecordDoor | None = None
) -> Instance:
    """The open instance of a workflow on a record, or the one that would begin now.

    Raises NotFound for a record that is not there.
    """
    model = work.model(app)
    door = door or RecordDoor(work, app, workflow.entity, record_id, model, locks=locks)
    loaded = runs.load_open(work.connection, workflow.uid, record_id, locks=locks)
    return _virtual(work, app, workflow, door, model) if loaded is None else _stored(work, loaded, door)


def get_instance(work: Work, instance_id: UUID, *, locks: bool = False, with_removed: bool = False) -> Instance:
    """A stored instance with the definitions it is pinned to; raises NotFound."""
    place = runs.place_of(work.connection, instance_id)
    if place is None:
        raise NotFound(Problem("workflow.no_such_task"))
    return instance_at(work, place, locks=locks, with_removed=with_removed)


def instance_at(
    work: Work, place: Place, *, locks: bool = False, door: RecordDoor | None = None, with_removed: bool = False
) -> Instance:
    """The same for an instance whose place is known."""
    anchor = place.anchor
    if door is None:
        pinned = work.model_of(anchor.app, anchor.release)
        entity = _entity_now(work.model(anchor.app), pinned, anchor.entity)
        door = RecordDoor(work, anchor.app, entity, place.record_id, pinned, locks=locks, with_removed=with_removed)
    loaded = runs.load(work.connection, place.instance_id, locks=locks)
    if loaded is None:
        raise NotFound(Problem("workflow.no_such_task"))
    return _stored(work, loaded, door)


def _stored(work: Work, loaded: Loaded, door: RecordDoor) -> Instance:
    """A loaded instance at its record, which is read by the release that the instance is pinned to."""
    anchor = loaded.anchor
    pinned = work.model_of(anchor.app, anchor.release)
    if door.pinned is not pinned:
        _entity_now(work.model(anchor.app), pinned, anchor.entity)
        door = door.pinned_to(pinned)
    return Instance(work, loaded, pinned.workflows[anchor.workflow], door, is_new=False)


def known_id(raw: UUID | str, code: str = "record.not_found") -> UUID:
    """The id in an address; raises NotFound for text that is none."""
    found = find_id(raw)
    if found is None:
        raise NotFound(Problem(code))
    return found


def workflows_of(work: Work, app: str, entity: str) -> tuple[Workflow, ...]:
    """The workflows that drive an entity's records; raises NotFound when there is none."""
    found = work.model(app).workflows_of.get(entity, ())
    if not found:
        raise no_workflow(entity)
    return found


def as_loaded_new(loaded: Loaded) -> Loaded:
    """A run that has just been inserted: nothing of it but its own row is stored."""
    empty = as_loaded(loaded.anchor, loaded.run)
    return Loaded(empty.anchor, empty.run, {}, {}, {})


def _virtual(work: Work, app: str, workflow: Workflow, door: RecordDoor, model: Model) -> Instance:
    """Where a record without an open instance stands: in the state that its status says."""
    definition = definition_of(workflow)
    state = definition.state_of_status(door.value(workflow.status_field))
    actor = work.actor.user_id
    is_own = actor is not None and actor in (door.creator_id, door.owner_id)
    run = Run(
        new_id(), door.id, state.key, actor if is_own else door.creator_id, work.now,
        memory=Memory(visits=1, path=[Step(state.key, 1)]),
        visits=[Visit(new_id(), state.key, 1, 1, work.now)],
    )
    anchor = Anchor(app, workflow.key, workflow.uid, model.release, workflow.entity)
    return Instance(work, as_loaded_new(as_loaded(anchor, run)), workflow, door, is_new=True)


def _entity_now(current: Model, pinned: Model, entity: str) -> str:
    """What the entity is called in the current release; raises NotFound when it has gone."""
    if entity in current.entities and current.release == pinned.release:
        return entity
    uid = pinned.entities[entity].uid
    key = next((one.key for one in current.entities.values() if one.uid == uid), None)
    if key is None:
        raise no_workflow(entity)
    return key
