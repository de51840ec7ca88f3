"""The table of people's own views."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.storage import Work
from engine.storage.system_tables import saved_view


def find(work: Work, user_id: UUID, app: str, entity: str) -> list[Sequence[Any]]:
    """A person's views of an entity."""
    statement = (
        sa.select(saved_view.c.id, saved_view.c.name, saved_view.c.settings)
        .where(saved_view.c.user_id == user_id, saved_view.c.app == app, saved_view.c.entity == entity)
        .order_by(saved_view.c.name, saved_view.c.id)
    )
    return list(work.connection.execute(statement).all())


def put(work: Work, values: Mapping[str, Any]) -> None:
    """Keep a view, over the one with the same id."""
    changed = saved_view.update().where(saved_view.c.id == values["id"]).values(name=values["name"], settings=values["settings"])
    if work.connection.execute(changed).rowcount == 0:
        work.connection.execute(saved_view.insert(), dict(values))


def delete(work: Work, user_id: UUID, id_: UUID) -> bool:
    """Delete one of a person's views; was it there?"""
    gone = saved_view.delete().where(saved_view.c.id == id_, saved_view.c.user_id == user_id)
    return bool(work.connection.execute(gone).rowcount)
