"""Notifications in the app."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.storage.system_tables import notification, setting, user

_INSERT = sa.insert(notification)
_ADDRESSEES = sa.select(user.c.id, user.c.email, user.c.language, user.c.timezone, user.c.name).where(
    user.c.id.in_(sa.bindparam("ids", expanding=True, type_=user.c.id.type)), user.c.is_active
)


def insert(connection: sa.Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add notifications."""
    connection.execute(_INSERT, [dict(row) for row in rows])


def list_for(
    connection: sa.Connection, user_id: UUID, *, unread_only: bool, limit: int, before: UUID | None
) -> Sequence[Any]:
    """A person's notifications, the newest first."""
    found = sa.select(notification).where(notification.c.user_id == user_id)
    if unread_only:
        found = found.where(notification.c.read_at.is_(None))
    if before is not None:
        found = found.where(notification.c.id < before)
    return connection.execute(found.order_by(notification.c.id.desc()).limit(limit)).all()


def count_unread(connection: sa.Connection, user_id: UUID) -> int:
    """How many notifications a person has not read."""
    found = sa.select(sa.func.count()).select_from(notification)
    return connection.scalar(found.where(notification.c.user_id == user_id, notification.c.read_at.is_(None))) or 0


def mark_read(connection: sa.Connection, user_id: UUID, ids: Sequence[UUID] | None, now: datetime) -> None:
    """Mark some (None: all) of a person's notifications as read."""
    done = sa.update(notification).where(
        notification.c.user_id == user_id, notification.c.read_at.is_(None)
    )
    if ids is not None:
        done = done.where(notification.c.id.in_(list(ids)))
    connection.execute(done.values(read_at=now))


def addressees(connection: sa.Connection, people: Sequence[UUID]) -> Sequence[Any]:
    """Mail address, language, time zone and name of active people."""
    return connection.execute(_ADDRESSEES, {"ids": list(people)}).all()


def read_setting(connection: sa.Connection, key: str) -> Any:
    """A setting of the installation, or None."""
    return connection.scalar(sa.select(setting.c.value).where(setting.c.key == key))


def write_setting(connection: sa.Connection, key: str, value: Any) -> None:
    """Set a setting of the installation."""
    done = connection.execute(sa.update(setting).where(setting.c.key == key).values(value=value))
    if done.rowcount == 0:
        connection.execute(sa.insert(setting).values(key=key, value=value))
