"""The machine's surroundings in a simulation: the truth is read, effects are noted instead of done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from engine.definitions.model import Model, Text, Workflow
from engine.kernel.actor import Actor
from engine.kernel.errors import Invalid
from engine.storage import Work
from engine.workflow.catalogue import action_of, run_action
from engine.workflow.definition import ActionBody, Definition
from engine.workflow.directory import AccountsDirectory
from engine.workflow.people_rules import people_of
from engine.workflow.people_values import person_values
from engine.workflow.run import Run
from engine.workflow.simulation.record import SimulatedRecord
from engine.workflow.texts import Template

FILLED = "…"
"""What a required field holds that is taken for filled in."""


@dataclass(frozen=True)
class Asked:
    """A condition that was evaluated during a visit, and what came out."""

    visit: int
    expression: str
    result: Any
    person: UUID | None = None


@dataclass(frozen=True)
class Effect:
    """Something that would be done: what, to whom, with which texts or values."""

    visit: int
    kind: str
    people: tuple[UUID, ...] = ()
    text: str = ""
    values: Mapping[str, Any] | None = None


class SimulatedSurroundings:
    """Surroundings of one simulated instance. `run` is told where the machine stands, so that notes fall into place."""

    def __init__(self, work: Work, model: Model, workflow: Workflow, definition: Definition, record: SimulatedRecord, *, fills: bool) -> None:
        self.work = work
        self.model = model
        self.workflow = workflow
        self.definition = definition
        self.record = record
        self.people = AccountsDirectory(work, model.app.key)
        self.actor: Actor = record.actor
        self.now: datetime = work.now
        self.fills = fills
        self.initiator_id: UUID | None = None
        self.asked: list[Asked] = []
        self.effects: list[Effect] = []
        self.filled: dict[str, int] = {}
        self.required: frozenset[str] = frozenset()
        self.run: Run | None = None
        self._is_quiet = False

    @property
    def timezone(self) -> str:
        zone: str = self.workflow.body.get("timezone") or self.model.app.timezone
        return zone

    @property
    def owner_id(self) -> UUID | None:
        return self.record.owner_id

    @property
    def creator_id(self) -> UUID | None:
        return self.record.creator_id

    @property
    def rev(self) -> int:
        return self.record.rev

    @property
    def visit(self) -> int:
        """The number of the visit under way."""
        return self.run.visit.number if self.run is not None and self.run.visits else 1

    def value(self, field: str) -> Any:
        """A field's value; one that the step under way requires, and that is empty, counts as filled in if so asked."""
        found = self.record.look(field)
        if self.fills and field in self.required and found in (None, "", (), []):
            self.filled.setdefault(field, self.visit)
            return FILLED
        return found

    def label(self, field: str) -> Text:
        item = self.record.entity.fields.get(field)
        return item.label if item else field

    def snapshot(self, fields: Sequence[str]) -> Mapping[str, Any]:
        return {field: self.record.dumped(field) for field in fields}

    def evaluate(self, expression: str, *, person: UUID | None = None) -> Any:
        compiled = self.workflow.expressions[expression]
        extra = person_values(self.work, "initiator", self.initiator_id, compiled.names)
        if person is not None:
            extra.update(person_values(self.work, "person", person, compiled.names))
        if "link" in compiled.names:
            extra["link"] = FILLED
        found = self.record.evaluate(compiled, extra)
        if not self._is_quiet:
            self.asked.append(Asked(self.visit, expression, found, person))
        return found

    def perform(self, run: Run, actions: Sequence[ActionBody]) -> None:
        self.run, self.initiator_id = run, run.initiator_id
        for body in actions:
            action_of(body)
            run_action(body, _Step(self, run))

    def tell(self, run: Run, code: str, people: Sequence[UUID], **values: Any) -> None:
        self.run = run
        if people:
            self.note("tell", tuple(people), text=code)

    def last_word(self, run: Run) -> Mapping[str, Any]:
        return {"name": "", "what": "", "at": ""}

    def note(self, kind: str, people: Sequence[UUID] = (), *, text: str = "", values: Mapping[str, Any] | None = None) -> None:
        """Write down what would be done."""
        self.effects.append(Effect(self.visit, kind, tuple(dict.fromkeys(people)), text, values))

    def act_as(self, actor: Actor, now: datetime) -> None:
        """Who acts from here on, and when."""
        self.actor = self.record.actor = actor
        self.now = self.record.now = now

    @contextmanager
    def quietly(self) -> Iterator[None]:
        """Ask conditions without noting it: a look ahead is no step."""
        before, self._is_quiet = self._is_quiet, True
        try:
            yield
        finally:
            self._is_quiet = before


@dataclass(frozen=True)
class _Step:
    """What an action is handed here."""

    around: SimulatedSurroundings
    run: Run

    @property
    def values(self) -> Mapping[str, Any]:
        return self.around.record.as_json()

    def evaluate(self, expression: str) -> Any:
        with self.around.quietly():
            return self.around.evaluate(expression)

    def people(self, who: Sequence[str]) -> tuple[UUID, ...]:
        return tuple(people_of(who, self.around.definition, self.run, self.around))

    def change(self, values: Mapping[str, Any]) -> None:
        self.around.note("set", values={key: self._shown(value) for key, value in values.items()})
        self.around.record.write(values)

    def create(self, entity: str, values: Mapping[str, Any]) -> UUID:
        self.around.note("create", text=entity, values={key: self._shown(value) for key, value in values.items()})
        return self.around.record.id

    def copy(self, people: Sequence[UUID]) -> None:
        self.around.note("cc", people)

    def notify(self, people: Sequence[UUID], template: str | None) -> None:
        self.around.note("notify", people, text=self._subject(template))

    def mail(self, people: Sequence[UUID], template: str | None) -> None:
        self.around.note("mail", people, text=self._subject(template))

    def webhook(self, name: str, data: Mapping[str, Any]) -> None:
        self.around.note("webhook", text=name)

    def _subject(self, template: str | None) -> str:
        if not template:
            return ""
        around = self.around

        def answer(expression: Any) -> Any:
            extra = person_values(around.work, "initiator", around.initiator_id, expression.names)
            return around.record.evaluate(expression, {**extra, "link": FILLED})

        made = Template(around.model, around.definition.entity, template)
        try:
            return made.subject(around.work.language, answer, around.timezone)
        except Invalid:
            return template

    @staticmethod
    def _shown(value: Any) -> Any:
        return value


def as_person(actor: Actor, language: str) -> Actor:
    """The same person, told things in the reader's language."""
    return replace(actor, language=language)
