"""What others get to see of people, departments, sessions and tokens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypedDict
from uuid import UUID

from engine.kernel.actor import Actor
from engine.kernel.messages import pick

THEMES = ("system", "light", "dark")


@dataclass(frozen=True)
class User:
    """A person with all that an administrator may see. `roles` maps an app to its roles."""

    id: UUID
    login: str
    name: str
    email: str | None
    language: str
    timezone: str
    theme: str
    is_admin: bool
    is_active: bool
    department_id: UUID | None
    manager_id: UUID | None
    title: str | None
    rev: int
    created_at: datetime
    roles: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Person:
    """A person as colleagues see them: enough to choose the right one."""

    id: UUID
    login: str
    name: str
    title: str | None
    department_id: UUID | None
    is_active: bool


@dataclass(frozen=True)
class Department:
    """A department and those below it, by name."""

    id: UUID
    key: str
    name: Mapping[str, str]
    parent_id: UUID | None
    head_id: UUID | None
    below: tuple[Department, ...] = ()

    def name_in(self, language: str) -> str:
        """The name in a language."""
        return pick(self.name, language)


@dataclass(frozen=True)
class Session:
    """A signed-in browser. `token_hash` names the session without being able to open it."""

    actor: Actor
    csrf: str
    token_hash: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    agent: str | None
    viewing: Mapping[str, str] | None = None
    """Through whose eyes the session looks: {"app", "role"} or {"user"}; None: through its own."""


@dataclass(frozen=True)
class SessionEntry:
    """A session in the list of a person's sessions."""

    token_hash: str
    user_id: UUID
    csrf: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    agent: str | None
    viewing: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Token:
    """An API token in the list of a person's tokens; the secret itself is never kept."""

    id: UUID
    user_id: UUID
    name: str
    created_at: datetime
    expires_at: datetime | None
    used_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True)
class Credentials:
    """What signing in has to compare."""

    user_id: UUID
    password: str | None
    is_active: bool
    failed_logins: int
    locked_until: datetime | None


class Details(TypedDict, total=False):
    """What may be said about a new person besides login, name and password."""

    email: str | None
    language: str
    timezone: str
    is_admin: bool
    department: UUID | None
    manager: UUID | None
    title: str | None
    roles: Mapping[str, list[str]]


class Changes(Details, total=False):
    """What may be changed about a person."""

    login: str
    name: str
    theme: str
    is_active: bool
