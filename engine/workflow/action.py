"""The contract of an action: five members and no more."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, ClassVar, Protocol
from uuid import UUID

from engine.definitions.model import Model, Workflow
from engine.fields import Option
from engine.kernel.errors import Problem

Body = Mapping[str, Any]
"""An action as it stands in the definition: {"set": {"approved_on": "today()"}}."""


class Phase(Enum):
    """When an action takes effect.

    INSIDE changes what the transaction stores. AFTER only queues jobs, which the same transaction
    stores and a worker runs once it is committed.
    """

    INSIDE = "inside"
    AFTER = "after"


@dataclass(frozen=True)
class Scope:
    """What lint knows: the app's definitions and the workflow that the action stands in."""

    model: Model
    workflow: Workflow


class Step(Protocol):
    """All that an action is handed. It cannot reach the transaction, so it can neither commit nor
    pass by permission, history or audit."""

    @property
    def values(self) -> Mapping[str, Any]:
        """The record as JSON, as it stands now."""
        ...

    def evaluate(self, expression: str) -> Any:
        """An expression over the record as it stands now."""
        ...

    def people(self, who: Sequence[str]) -> tuple[UUID, ...]:
        """The active people in a `who` list."""
        ...

    def change(self, values: Mapping[str, Any]) -> None:
        """Write fields of the record (INSIDE only)."""
        ...

    def create(self, entity: str, values: Mapping[str, Any]) -> UUID:
        """Create another record (INSIDE only)."""
        ...

    def copy(self, people: Sequence[UUID]) -> None:
        """Give people a copy: the right to read, and a read mark (INSIDE only)."""
        ...

    def notify(self, people: Sequence[UUID], template: str | None) -> None:
        """Tell people in the app (INSIDE only)."""
        ...

    def mail(self, people: Sequence[UUID], template: str | None) -> None:
        """Queue a mail to people, each in their language."""
        ...

    def webhook(self, name: str, data: Mapping[str, Any]) -> None:
        """Queue a message to one of the app's webhooks."""
        ...


class Action(ABC):
    """An effect of a transition or of entering or leaving a state.

    `options` describes the keys of the action's JSON for the property panel and the documentation;
    where a key holds a list or a map, its type is that of the entries.
    """

    key: ClassVar[str]
    phase: ClassVar[Phase]
    options: ClassVar[tuple[Option, ...]] = ()

    def lint(self, body: Body, scope: Scope) -> Iterable[Problem]:
        """What is wrong with an action beyond what its schema and the names say."""
        return ()

    @abstractmethod
    def run(self, body: Body, step: Step) -> None:
        """Do it."""
