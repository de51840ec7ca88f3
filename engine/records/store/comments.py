"""The table of comments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.storage import Work
from engine.storage.system_tables import comment, user

_FIND = (
    sa.select(comment.c.id, comment.c.text, comment.c.author_id, user.c.name, comment.c.at)
    .join(user, user.c.id == comment.c.author_id)
    .where(comment.c.app == sa.bindparam("app"), comment.c.record_id == sa.bindparam("record_id"))
    .order_by(comment.c.id.desc())
    .limit(sa.bindparam("limit", type_=sa.Integer()))
)


def insert(work: Work, values: Mapping[str, Any]) -> None:
    """Keep a comment."""
    work.connection.execute(comment.insert(), dict(values))


def find(work: Work, app: str, record_id: UUID, limit: int) -> list[Sequence[Any]]:
    """The last comments on a record, the oldest first."""
    rows = work.connection.execute(_FIND, {"app": app, "record_id": record_id, "limit": limit}).all()
    return list(rows[::-1])
