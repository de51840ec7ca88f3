"""From a person to the actor that permission asks about; kept until something changes.

Each process keeps actors and tokens together with the number of the stamp row under which they were
read. Every change to accounts raises that number in its own transaction, and each work reads it at
its start: so a change counts from the next request on, in every process.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from uuid import UUID
from weakref import WeakKeyDictionary

from engine.accounts import store
from engine.accounts.account import Token, User
from engine.accounts.own_work import has_touched
from engine.accounts.tree import with_all_below
from engine.kernel.actor import Actor
from engine.kernel.errors import NotFound, Problem
from engine.storage import Work

_LARGEST = 20_000


@dataclass
class Kept:
    """What a process knows about the accounts of one database at one stamp."""

    stamp: int
    actors: dict[UUID, Actor | None] = field(default_factory=dict)
    tokens: dict[str, Token | None] = field(default_factory=dict)
    parents: dict[UUID, UUID | None] | None = None


_kept: WeakKeyDictionary[object, Kept] = WeakKeyDictionary()
_lock = threading.Lock()


def find_actor(work: Work, user_id: UUID) -> Actor:
    """The actor for a person who may sign in; raises NotFound for everybody else."""
    kept = kept_for(work)
    if user_id not in kept.actors:
        person = store.find_user(work.connection, user_id)
        kept.actors[user_id] = _actor(work, kept, person) if person and person.is_active else None
    actor = kept.actors[user_id]
    if actor is None:
        raise NotFound(Problem("accounts.no_such_user"))
    return actor


def kept_for(work: Work) -> Kept:
    """What is known at the work's stamp.

    A work that has changed accounts itself gets a store of its own: what it reads may be rolled
    back, and must not be kept under a number that another change will take.
    """
    if has_touched(work):
        return Kept(-1)
    stamp = work.stamp.accounts
    with _lock:
        kept = _kept.get(work.database)
        if kept is None or kept.stamp < stamp or len(kept.actors) + len(kept.tokens) > _LARGEST:
            kept = _kept[work.database] = Kept(stamp)
        return kept if kept.stamp == stamp else Kept(stamp)


def _actor(work: Work, kept: Kept, person: User) -> Actor:
    if kept.parents is None:
        kept.parents = {item.id: item.parent_id for item in store.departments(work.connection)}
    own = person.department_id
    return Actor(
        user_id=person.id,
        name=person.name,
        language=person.language,
        timezone=person.timezone,
        is_admin=person.is_admin,
        roles=dict(person.roles),
        department_id=own,
        departments=with_all_below(own, kept.parents) if own is not None else (),
    )
