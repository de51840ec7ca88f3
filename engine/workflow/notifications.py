"""Notifications in the app: tell people, list what one was told, mark it as read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from engine.kernel.ids import find_id, new_id
from engine.kernel.messages import pick, translate
from engine.storage import Work
from engine.workflow.store import notices


@dataclass(frozen=True)
class Notification:
    """Something a person was told."""

    id: UUID
    code: str
    values: Mapping[str, Any]
    app: str | None
    entity: str | None
    record_id: UUID | None
    at: datetime
    read_at: datetime | None

    @property
    def is_new(self) -> bool:
        """Has it not been read yet?"""
        return self.read_at is None

    def text(self, language: str) -> str:
        """What it says, as a sentence."""
        if self.code == "text":
            return pick(self.values.get("text"), language)
        return translate(self.code, self.values, language)


def notify(
    work: Work, user_ids: Sequence[UUID], code: str, values: Mapping[str, Any] | None = None, *,
    app: str | None = None, entity: str | None = None, record_id: UUID | None = None,
) -> None:
    """Tell people something, in the work's transaction.

    `code` is a message code whose placeholders `values` fill, or "text" with values
    {"text": {language: sentence}}. Values must be JSON.
    """
    rows = [
        {
            "id": new_id(), "user_id": person, "code": code, "values": dict(values or {}),
            "app": app, "entity": entity, "record_id": record_id, "at": work.now,
        }
        for person in dict.fromkeys(user_ids)
    ]
    if rows:
        notices.insert(work.connection, rows)


def list_notifications(
    work: Work, *, unread_only: bool = False, limit: int = 50, before: UUID | None = None
) -> list[Notification]:
    """The actor's notifications, the newest first; `before` continues a list."""
    if work.actor.user_id is None:
        return []
    rows = notices.list_for(
        work.connection, work.actor.user_id, unread_only=unread_only, limit=limit, before=before
    )
    return [
        Notification(
            row.id, row.code, row.values, row.app, row.entity, row.record_id, row.at, row.read_at
        )
        for row in rows
    ]


def count_unread(work: Work) -> int:
    """How many notifications the actor has not read."""
    return notices.count_unread(work.connection, work.actor.user_id) if work.actor.user_id else 0


def mark_read(work: Work, ids: Sequence[UUID | str] | None = None) -> None:
    """Mark some (None: all) of the actor's notifications as read; those of others stay as they are."""
    if work.actor.user_id is not None:
        known = None if ids is None else [found for one in ids if (found := find_id(one))]
        notices.mark_read(work.connection, work.actor.user_id, known, work.now)
