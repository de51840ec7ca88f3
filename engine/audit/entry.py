"""What an entry of the audit trail says, and how one looks for some."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class Entry:
    """Somebody did something: who, what, where, to what, when. `seq` gives the order."""

    seq: int
    at: datetime
    actor_id: UUID | None
    actor_name: str
    action: str
    app: str | None
    subject: str | None
    details: Mapping[str, Any]


@dataclass(frozen=True)
class Filter:
    """Which entries: all that is set must fit.

    `action` is a whole word ("user.changed") or its beginning ("user"); `since` is included, `until`
    is not.
    """

    app: str | None = None
    action: str | None = None
    actor_id: UUID | None = None
    subject: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Page:
    """Some entries, the newest first; `before` asks for the next page, None when there is none."""

    entries: tuple[Entry, ...]
    before: int | None
