"""What the machine sees of the world, as two ports: people, and everything else.

The machine is pure because all it knows and does goes through these. `instances.py` has the real
ones; tests and previews bring their own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from engine.kernel.actor import Actor
from engine.workflow.definition import ActionBody, Text
from engine.workflow.run import Run


class Directory(Protocol):
    """People and their places. Ids of inactive people are answered too; `is_active` tells."""

    def find_user(self, login: str) -> UUID | None:
        """The person with this login."""
        ...

    def role_holders(self, role: str) -> Sequence[UUID]:
        """Holders of a role of the app, by name."""
        ...

    def department_members(self, key: str) -> Sequence[UUID]:
        """Members of a department, by name."""
        ...

    def manager(self, user_id: UUID) -> UUID | None:
        """The person's manager."""
        ...

    def department_heads(self, user_id: UUID) -> Sequence[UUID]:
        """The head of the person's department, then of the one above it, and so on."""
        ...

    def administrators(self) -> Sequence[UUID]:
        """Active administrators."""
        ...

    def is_active(self, user_id: UUID) -> bool:
        """May the person still sign in?"""
        ...

    def name(self, user_id: UUID) -> str:
        """The person's name."""
        ...


class Surroundings(Protocol):
    """The record, the people and the effects of one command."""

    @property
    def now(self) -> datetime: ...

    @property
    def timezone(self) -> str:
        """The IANA name of the zone in which dates begin."""
        ...

    @property
    def actor(self) -> Actor: ...

    @property
    def people(self) -> Directory: ...

    @property
    def owner_id(self) -> UUID | None:
        """The record's owner: its owner field, else who created it."""
        ...

    @property
    def creator_id(self) -> UUID | None:
        """Who created the record."""
        ...

    @property
    def rev(self) -> int:
        """The record's revision as it stands now."""
        ...

    def value(self, field: str) -> Any:
        """A field's value as it stands now; None where the field is no more."""
        ...

    def label(self, field: str) -> Text:
        """What people call a field."""
        ...

    def snapshot(self, fields: Sequence[str]) -> Mapping[str, Any]:
        """Values of fields in a form that JSON keeps, to compare later."""
        ...

    def evaluate(self, expression: str, *, person: UUID | None = None) -> Any:
        """An expression of the definition over the record as it stands now; `person` is who
        `person.` means."""
        ...

    def perform(self, run: Run, actions: Sequence[ActionBody]) -> None:
        """Carry out actions, in order."""
        ...

    def tell(self, run: Run, code: str, people: Sequence[UUID], **values: Any) -> None:
        """Let people know about something that concerns them."""
        ...

    def last_word(self, run: Run) -> Mapping[str, Any]:
        """Who last moved the instance on, how and when (name, what, at), to tell late comers."""
        ...
