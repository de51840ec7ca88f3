"""What `initiator.…` and `person.…` stand for in an expression."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from engine import accounts
from engine.kernel.errors import NotFound
from engine.storage import Work


def person_values(work: Work, root: str, user_id: UUID | None, names: Collection[str]) -> dict[str, Any]:
    """The names under `root` that an expression uses, with their values; null without a person."""
    wanted = [name for name in names if name.startswith(f"{root}.")]
    if not wanted:
        return {}
    try:
        person = accounts.get_user(work, user_id) if user_id else None
    except NotFound:
        person = None
    known = {
        "id": user_id,
        "name": person.name if person else None,
        "login": person.login if person else None,
        "email": person.email if person else None,
        "title": person.title if person else None,
        "department": person.department_id if person else None,
        "manager": person.manager_id if person else None,
    }
    return {name: known.get(name.partition(".")[2]) for name in wanted}
