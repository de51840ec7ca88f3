"""The table of stored files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.storage import Work
from engine.storage.system_tables import stored_file

_IDS = sa.bindparam("ids", expanding=True, type_=stored_file.c.id.type)
_MANY = sa.select(stored_file).where(stored_file.c.id.in_(_IDS))


def insert(work: Work, values: Mapping[str, Any]) -> None:
    """Note an upload."""
    work.connection.execute(stored_file.insert(), dict(values))


def find(work: Work, id_: UUID) -> dict[str, Any] | None:
    """A file's row."""
    return next(iter(find_many(work, [id_])), None)


def find_many(work: Work, ids: Iterable[UUID]) -> list[dict[str, Any]]:
    """The rows of several files."""
    wanted = list(ids)
    return [dict(row) for row in work.connection.execute(_MANY, {"ids": wanted}).mappings()] if wanted else []


def attach(work: Work, ids: Iterable[UUID], values: Mapping[str, Any]) -> None:
    """Note which record's which field lists these files."""
    work.connection.execute(stored_file.update().where(stored_file.c.id.in_(list(ids))).values(**values))


def delete_unattached(work: Work, before: datetime) -> list[UUID]:
    """Delete the rows of uploads that no record has taken; their ids."""
    gone = stored_file.delete().where(stored_file.c.record_id.is_(None), stored_file.c.uploaded_at < before)
    return list(work.connection.execute(gone.returning(stored_file.c.id)).scalars())
