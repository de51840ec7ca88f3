"""API tokens: what programs use instead of a password.

A token acts as its person, with the rights that person has at that moment. Its text is shown once;
only the SHA-256 is stored. The prefix `fw_` lets secret scanners recognise it.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from engine.accounts import logins, store
from engine.accounts.account import Token
from engine.accounts.actors import find_actor, kept_for
from engine.accounts.own_work import note_now, touch
from engine.accounts.people import get_user
from engine.accounts.rights import require_person, require_self_or_admin
from engine.accounts.sessions import hash_of
from engine.kernel.actor import Actor
from engine.kernel.errors import Invalid, NotFound, Problem
from engine.kernel.ids import find_id, new_id
from engine.storage import Work

PREFIX = "fw_"
DAYS = 90
MOST_DAYS = 731
_LONGEST_NAME = 120
_USED_STEP = timedelta(minutes=10)


def create_token(
    work: Work, user_id: UUID, name: str, expires: datetime | None = None, *, days: int = DAYS
) -> tuple[UUID, str]:
    """A new token for a person: (id, text). It expires at `expires`, or after so many days.

    Raises Forbidden unless it is for oneself or an administrator asks (and always for programs that
    use a token themselves), NotFound, and Invalid.
    """
    require_self_or_admin(work, user_id)
    require_person(work)
    get_user(work, user_id)
    name = logins.normal_name(name)
    if not 0 < len(name) <= _LONGEST_NAME:
        raise Invalid(Problem("accounts.token_name", {"count": _LONGEST_NAME}, ("name",)))
    if expires is None:
        expires = work.now + timedelta(days=max(-1, min(days, MOST_DAYS + 1)))
    if not work.now < expires <= work.now + timedelta(days=MOST_DAYS):
        raise Invalid(Problem("accounts.token_expiry", {"count": MOST_DAYS}, ("expires",)))
    token_id, text = new_id(), PREFIX + secrets.token_urlsafe(32)
    values = {
        "id": token_id, "token_hash": hash_of(text), "name": name, "user_id": user_id,
        "created_at": work.now, "expires_at": expires,
    }
    touch(work)
    store.insert_token(work.connection, values)
    details = {"token": str(token_id), "name": name, "expires": expires.isoformat()}
    work.log("token.created", subject=str(user_id), details=details)
    return token_id, text


def find_token(work: Work, text: str) -> Actor | None:
    """The actor for whom a program acts; None when the token is unknown, revoked or expired."""
    if not text.startswith(PREFIX):
        return None
    kept, token_hash = kept_for(work), hash_of(text)
    token = kept.tokens.get(token_hash) or store.find_token(work.connection, token_hash)
    if token is None:  # not kept: strangers must not be able to fill the memory
        return None
    kept.tokens[token_hash] = token
    if token.revoked_at is not None or (token.expires_at and work.now >= token.expires_at):
        return None
    try:
        actor = find_actor(work, token.user_id)
    except NotFound:
        return None
    if token.used_at is None or work.now - token.used_at >= _USED_STEP:
        kept.tokens[token_hash] = replace(token, used_at=work.now)
        note_now(work, lambda own: store.update_token(own.connection, token.id, {"used_at": own.now}))
    return replace(actor, token_id=token.id)


def list_tokens(work: Work, user_id: UUID) -> list[Token]:
    """A person's tokens, revoked ones included; raises Forbidden."""
    require_self_or_admin(work, user_id)
    return store.list_tokens(work.connection, user_id)


def revoke_token(work: Work, token_id: UUID | str) -> None:
    """Make a token useless from now on; raises NotFound, also for other people's tokens."""
    found = find_id(token_id)
    token = store.get_token(work.connection, found) if found else None
    if token is None or not (
        token.user_id == work.actor.user_id or work.actor.is_admin or work.actor.is_system
    ):
        raise NotFound(Problem("accounts.no_such_token"))
    if token.revoked_at is None:
        touch(work)
        store.update_token(work.connection, token.id, {"revoked_at": work.now})
        work.log("token.revoked", subject=str(token.user_id), details={"token": str(token_id)})
