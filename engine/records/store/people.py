"""People and departments that may be chosen."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

import sqlalchemy as sa

from engine.definitions.paths import USER
from engine.records.access import Access
from engine.records.query.statements import chunks
from engine.storage.system_tables import department, user

_IDS = sa.bindparam("ids", expanding=True, type_=user.c.id.type)
_USERS = sa.select(user.c.id).where(user.c.id.in_(_IDS), user.c.is_active.is_(True))
_DEPARTMENTS = sa.select(department.c.id).where(department.c.id.in_(_IDS), department.c.removed_at.is_(None))


def active(access: Access, target: str, ids: Iterable[UUID]) -> set[UUID]:
    """Those of the users who have not left, or of the departments that are not closed."""
    statement = _USERS if target == USER else _DEPARTMENTS
    rows = (access.work.connection.execute(statement, {"ids": some}) for some in chunks(list(ids)))
    return {row[0] for some in rows for row in some}
