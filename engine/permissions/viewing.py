"""Looking at an app through somebody else's eyes: as a role, or as a person; reading only.

The actor of such a session is the target, with the viewer noted in it. What it may read is worked out as
for anybody; that it writes nothing is seen to by the unit of work, so no page has to think of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from engine import accounts
from engine.accounts import Session
from engine.definitions.model import Text
from engine.kernel.actor import Actor
from engine.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Problem
from engine.kernel.ids import find_id
from engine.permissions.policy import policy_of
from engine.storage import Work


@dataclass(frozen=True)
class Sight:
    """What a banner says: as which role (with its app) or person one looks. `is_over`: it may not go on."""

    name: Text
    app: str | None
    is_over: bool = False


def view_as_role(work: Work, session: Session, app: str, role: str) -> None:
    """Let a session see what its person would see if they held this role and nothing else.

    For designers of the app and administrators. Raises Forbidden, NotFound; Conflict while it looks already.
    """
    _require_own_eyes(work, session)
    if not policy_of(work, app, work.actor).may_design:
        raise Forbidden(Problem("permissions.view_designers"))
    found = work.model(app).roles.get(role)
    if found is None:
        raise NotFound(Problem("permissions.no_such_role", {"role": role[:80]}))
    accounts.set_viewing(work, session, {"app": app, "role": role})
    work.log("view.started", app=app, subject=f"role/{role}", details={"label": found.label})


def view_as_person(work: Work, session: Session, user_id: UUID) -> None:
    """Let an administrator's session see what somebody sees.

    Raises Forbidden, NotFound for people who may not sign in; Conflict while it looks already.
    """
    _require_own_eyes(work, session)
    if not work.actor.is_admin:
        raise Forbidden(Problem("permissions.view_admins"))
    if user_id == work.actor.user_id:
        raise Invalid(Problem("permissions.view_oneself", {}, ("person",)))
    person = accounts.find_actor(work, user_id)
    accounts.set_viewing(work, session, {"user": str(user_id)})
    work.log("view.started", subject=f"user/{user_id}", details={"name": person.name})


def end_view(work: Work, session: Session) -> None:
    """Let a session look through its own eyes again; no matter if it does."""
    if session.viewing is None:
        return
    accounts.set_viewing(work, session, None)
    app, subject = _subject(session.viewing)
    work.log("view.ended", app=app, subject=subject)


def actor_of(work: Work, session: Session) -> tuple[Actor, Sight | None]:
    """Who asks when a session asks, and what is said about it; asked anew for each request.

    When the target or the viewer's right to look is gone, what is left is an actor without any right, until
    the view is ended: the viewer's own eyes don't open behind their back.
    """
    viewer, viewing = session.actor, session.viewing
    if viewing is None:
        return viewer, None
    try:
        found = _person(work, viewer, viewing) if "user" in viewing else _role(work, viewer, viewing)
    except (Forbidden, NotFound):
        blind = Actor(viewer.user_id, viewer.name, viewer.language, viewer.timezone, viewer=viewer)
        return blind, Sight("", viewing.get("app"), is_over=True)
    return found


def _person(work: Work, viewer: Actor, viewing: Mapping[str, str]) -> tuple[Actor, Sight]:
    if not viewer.is_admin:
        raise Forbidden(Problem("permissions.view_admins"))
    user_id = find_id(viewing["user"])
    if user_id is None:
        raise NotFound(Problem("accounts.no_such_user"))
    person = accounts.find_actor(work, user_id)
    return replace(person, viewer=viewer), Sight(person.name, None)


def _role(work: Work, viewer: Actor, viewing: Mapping[str, str]) -> tuple[Actor, Sight]:
    app, key = viewing["app"], viewing["role"]
    role = work.model(app).roles.get(key)
    if role is None:
        raise NotFound(Problem("permissions.no_such_role", {"role": key}))
    if not policy_of(work, app, viewer).may_design:
        raise Forbidden(Problem("permissions.view_designers"))
    return replace(viewer, is_admin=False, roles={app: frozenset({key})}, viewer=viewer), Sight(role.label, app)


def _require_own_eyes(work: Work, session: Session) -> None:
    if session.viewing is not None:
        raise Conflict(Problem("permissions.view_runs"))
    if work.actor.user_id != session.actor.user_id:
        raise Forbidden(Problem("permissions.view_designers"))


def _subject(viewing: Mapping[str, str]) -> tuple[str | None, str]:
    if "user" in viewing:
        return None, f"user/{viewing['user']}"
    return viewing["app"], f"role/{viewing['role']}"
