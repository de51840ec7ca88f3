"""Answers kept by the client's key, so that a repeated request has one effect (RFC draft Idempotency-Key)."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from engine.kernel.errors import Conflict, Problem
from engine.storage.system_tables import idempotency
from engine.storage.unit_of_work import Work


@dataclass(frozen=True)
class Answer:
    """What was answered the first time."""

    status: int
    body: bytes


def claim(work: Work, key: str, digest: str) -> Answer | None:
    """Take a key for this unit of work; the stored answer when it was used before.

    On PostgreSQL a second request with the key waits here until the first has ended. Raises Conflict
    (`request.key_reused`) when the key came with another content.
    """
    insert = postgresql.insert if work.dialect == "postgresql" else sqlite.insert
    statement = (
        insert(idempotency)
        .values(key=key, digest=digest, status=0, answer=b"", at=work.now)
        .on_conflict_do_nothing()
        .returning(idempotency.c.key)
    )
    if work.connection.execute(statement).first() is not None:
        return None
    row = work.connection.execute(sa.select(idempotency).where(idempotency.c.key == key)).one()
    if row.digest != digest:
        raise Conflict(Problem("request.key_reused"))
    return Answer(row.status, bytes(row.answer))


def keep(work: Work, key: str, answer: Answer) -> None:
    """Store the answer under a key that this unit of work has claimed."""
    work.connection.execute(
        idempotency.update().where(idempotency.c.key == key).values(status=answer.status, answer=answer.body)
    )
