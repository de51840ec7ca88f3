"""Commands that were carried out, by the key that their sender gave them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.kernel.errors import Conflict, Problem
from engine.storage.system_tables import wf_command


def find_command(connection: sa.Connection, key: str) -> Any:
    """The stored digest and answer of a command."""
    return connection.execute(
        sa.select(wf_command.c.digest, wf_command.c.answer).where(wf_command.c.key == key)
    ).one_or_none()


def insert_command(
    connection: sa.Connection, key: str, instance_id: UUID, digest: str, answer: Mapping[str, Any], now: datetime
) -> None:
    """Keep a command's answer; raises Conflict when another transaction has just used the key."""
    try:
        with connection.begin_nested():
            connection.execute(
                sa.insert(wf_command).values(
                    key=key, instance_id=instance_id, digest=digest, answer=answer, at=now
                )
            )
    except sa.exc.IntegrityError:
        raise Conflict(Problem("workflow.key_taken")) from None


def forget_commands(connection: sa.Connection, before: datetime) -> int:
    """Delete the keys of commands that are older; how many?"""
    return connection.execute(sa.delete(wf_command).where(wf_command.c.at < before)).rowcount
