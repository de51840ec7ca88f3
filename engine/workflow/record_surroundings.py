"""The machine's surroundings in earnest: a record, the accounts, and effects in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from engine.definitions.model import Text, Workflow
from engine.expressions import Expression
from engine.kernel.actor import Actor
from engine.kernel.messages import LANGUAGES, translate
from engine.storage import Work
from engine.workflow.action import Phase
from engine.workflow.catalogue import action_of, run_action
from engine.workflow.definition import ActionBody, Definition
from engine.workflow.directory import AccountsDirectory
from engine.workflow.effects import Effects
from engine.workflow.people_rules import people_of
from engine.workflow.people_values import person_values
from engine.workflow.record_door import RecordDoor
from engine.workflow.run import Run
from engine.workflow.store import events
from engine.workflow.texts import moment

_CLOSING = ("decided", "returned", "transferred", "withdrawn", "fired", "timed", "ended", "changed", "cancelled")


class RecordSurroundings:
    """Surroundings of one instance for the length of one command."""

    def __init__(self, work: Work, workflow: Workflow, definition: Definition, door: RecordDoor) -> None:
        self.work = work
        self.workflow = workflow
        self.definition = definition
        self.door = door
        self.people = AccountsDirectory(work, door.app)
        self.initiator_id: UUID | None = None
        self.effects = Effects(work, door.pinned, workflow, door, self._answer)

    @property
    def now(self) -> datetime:
        return self.work.now

    @property
    def timezone(self) -> str:
        zone: str = self.workflow.body.get("timezone") or self.door.pinned.app.timezone
        return zone

    @property
    def actor(self) -> Actor:
        return self.work.actor

    @property
    def owner_id(self) -> UUID | None:
        return self.door.owner_id

    @property
    def creator_id(self) -> UUID | None:
        return self.door.creator_id

    @property
    def rev(self) -> int:
        return self.door.rev

    def value(self, field: str) -> Any:
        return self.door.value(field)

    def label(self, field: str) -> Text:
        return self.door.label(field)

    def snapshot(self, fields: Sequence[str]) -> Mapping[str, Any]:
        return {field: self.door.dumped(field) for field in fields}

    def evaluate(self, expression: str, *, person: UUID | None = None) -> Any:
        return self._answer(self.workflow.expressions[expression], person)

    def _answer(self, expression: Expression, person: UUID | None = None) -> Any:
        extra = person_values(self.work, "initiator", self.initiator_id, expression.names)
        if person is not None:
            extra.update(person_values(self.work, "person", person, expression.names))
        if "link" in expression.names:
            extra["link"] = self.effects.link
        return self.door.evaluate(expression, extra)

    def perform(self, run: Run, actions: Sequence[ActionBody]) -> None:
        self.initiator_id = run.initiator_id
        for body in actions:
            run_action(body, _Step(self, run, action_of(body).phase))

    def tell(self, run: Run, code: str, people: Sequence[UUID], **values: Any) -> None:
        state = self.definition.states[run.state].label
        self.effects.tell(code, people, state=state, **values)

    def last_word(self, run: Run) -> Mapping[str, Any]:
        return last_word(self.work, run.id)


def last_word(work: Work, instance_id: UUID, visit: int | None = None) -> dict[str, Any]:
    """Who last moved an instance on (in one visit, or at all), how and when; for a sentence."""
    row = events.last_event(work.connection, instance_id, _CLOSING, visit)
    if row is None:
        return {"name": "", "what": "", "at": ""}
    word = row.details.get("decision") or {
        "returned": "returned", "transferred": "transferred", "withdrawn": "withdrawn",
        "timed": "expired", "cancelled": "cancelled",
    }.get(row.kind, row.details.get("outcome") or "moved")
    what = {each: translate(f"workflow.word.{word}", None, each) for each in LANGUAGES}
    return {"name": _name(row), "what": what, "at": moment(row.at, work.actor.timezone)}


def _name(row: Any) -> Any:
    """A person's name; a part of the product by what it is called."""
    if row.actor_id is not None:
        return row.actor_name
    code = "workflow.sla" if row.via == "sla" else "workflow.automatic"
    return {each: translate(code, None, each) for each in LANGUAGES}


class _Step:
    """What an action is handed."""

    def __init__(self, around: RecordSurroundings, run: Run, phase: Phase) -> None:
        self._around = around
        self._run = run
        self._phase = phase

    @property
    def values(self) -> Mapping[str, Any]:
        return self._around.door.as_json()

    @property
    def _state(self) -> Text:
        return self._around.definition.states[self._run.state].label

    def evaluate(self, expression: str) -> Any:
        return self._around.evaluate(expression)

    def people(self, who: Sequence[str]) -> tuple[UUID, ...]:
        return tuple(people_of(who, self._around.definition, self._run, self._around))

    def change(self, values: Mapping[str, Any]) -> None:
        self._inside()
        self._around.door.write(values)

    def create(self, entity: str, values: Mapping[str, Any]) -> UUID:
        self._inside()
        return self._around.door.create(entity, values)

    def copy(self, people: Sequence[UUID]) -> None:
        self._inside()
        self._around.effects.copy(self._run, people, self._state)

    def notify(self, people: Sequence[UUID], template: str | None) -> None:
        self._inside()
        self._around.effects.notify(people, template, self._state)

    def mail(self, people: Sequence[UUID], template: str | None) -> None:
        self._around.effects.mail(people, template, self._state)

    def webhook(self, name: str, data: Mapping[str, Any]) -> None:
        self._around.effects.webhook(self._run, name, data)

    def _inside(self) -> None:
        if self._phase is not Phase.INSIDE:
            raise RuntimeError("an action of phase AFTER may only queue jobs")
