"""Sessions of browsers: kept here, so that they can be ended here.

A session is named by a token of 256 random bits, of which only the SHA-256 is stored. It ends when
it has not been used for half an hour and in any case after twelve, when its person signs out, gets
another password or other rights, or may no longer sign in.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from engine.accounts import store
from engine.accounts.account import Session, SessionEntry
from engine.accounts.actors import find_actor
from engine.accounts.own_work import note_now
from engine.accounts.rights import require_admin, require_self_or_admin
from engine.kernel.errors import NotFound, Problem
from engine.storage import Work

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
_SEEN_STEP = timedelta(minutes=5)
"""How exactly "last used" is kept: a write for every request would serve nobody."""
_LONGEST_AGENT = 300


def open_session(work: Work, user_id: UUID, agent: str | None = None) -> tuple[str, str]:
    """Begin a session for somebody who has proved who they are: (cookie token, csrf token).

    Raises NotFound for people who may not sign in.
    """
    actor = find_actor(work, user_id)
    token, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(24)
    values = {
        "token_hash": hash_of(token), "user_id": user_id, "csrf": csrf, "agent": _plain(agent),
        "created_at": work.now, "seen_at": work.now, "expires_at": work.now + LONGEST,
    }
    store.insert_session(work.connection, values)
    work.log("session.opened", subject=str(user_id), details={"name": actor.name})
    return token, csrf


def find_session(work: Work, token: str) -> Session | None:
    """The session that a cookie's token opens; None when there is none or its time is over."""
    entry = store.find_session(work.connection, hash_of(token))
    if entry is None or work.now >= entry.expires_at or work.now - entry.seen_at >= IDLE:
        return None
    try:
        actor = find_actor(work, entry.user_id)
    except NotFound:
        return None
    if work.now - entry.seen_at >= _SEEN_STEP:
        note_now(work, lambda own: store.see_session(own.connection, entry.token_hash, own.now))
    return Session(
        actor, entry.csrf, entry.token_hash, entry.created_at, entry.seen_at, entry.expires_at, entry.agent,
        entry.viewing,
    )


def close_session(work: Work, session: Session | str) -> None:
    """End a session, given as such or by its cookie's token; no matter if it has ended before."""
    token_hash = session.token_hash if isinstance(session, Session) else hash_of(session)
    if store.delete_session(work.connection, token_hash):
        work.log("session.closed", subject=None, details={})


def set_viewing(work: Work, session: Session, viewing: Mapping[str, str] | None) -> None:
    """Keep through whose eyes a session looks; whoever calls has made sure that it may."""
    store.update_session(work.connection, session.token_hash, {"viewing": viewing})


def list_sessions(work: Work, user_id: UUID) -> list[SessionEntry]:
    """A person's sessions; raises Forbidden unless it is oneself or an administrator asks."""
    require_self_or_admin(work, user_id)
    return store.list_sessions(work.connection, user_id)


def close_sessions(work: Work, user_id: UUID, *, keep: str | None = None) -> int:
    """End a person's sessions, except the one with the hash `keep`; raises Forbidden."""
    require_self_or_admin(work, user_id)
    count = store.delete_sessions(work.connection, user_id, keep)
    if count:
        work.log("session.all_closed", subject=str(user_id), details={"count": count})
    return count


def end_stale_sessions(work: Work) -> int:
    """Delete the sessions whose time is over; returns how many. Raises Forbidden."""
    require_admin(work)
    return store.delete_stale_sessions(work.connection, work.now, work.now - IDLE)


def close_one_session(work: Work, user_id: UUID, token_hash: str) -> None:
    """End one of a person's sessions out of their list; raises Forbidden, NotFound."""
    require_self_or_admin(work, user_id)
    entry = store.find_session(work.connection, token_hash)
    if entry is None or entry.user_id != user_id:
        raise NotFound(Problem("accounts.no_such_session"))
    store.delete_session(work.connection, token_hash)
    work.log("session.closed", subject=str(user_id), details={})


def hash_of(token: str) -> str:
    """SHA-256, in hex; enough for 256 random bits."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def _plain(agent: str | None) -> str | None:
    if agent is None:
        return None
    return "".join(sign for sign in agent if sign.isprintable())[:_LONGEST_AGENT]
