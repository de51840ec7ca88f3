"""Who takes part in a workflow may read its record: told to the permission room, which asks it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from engine.kernel.actor import Actor
from engine.permissions import EXTRA_READ
from engine.storage import Work
from engine.workflow.store import lists


def records_taken_part_in(app: str, entity: str, table: Any, actor: Actor) -> Any:
    """A condition over the entity's table: records with a task, a copy or a submission of the actor."""
    if actor.user_id is None:
        return None
    return lists.taking_part(app, entity, actor.user_id, table.c.id)


def takes_part(work: Work, instance_id: UUID) -> bool:
    """Has the actor a task (open or past) or a copy at this instance?"""
    user_id = work.actor.user_id
    return user_id is not None and lists.has_part(work.connection, instance_id, user_id)


if records_taken_part_in not in EXTRA_READ:
    EXTRA_READ.append(records_taken_part_in)
