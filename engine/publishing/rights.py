"""Who may change definitions."""

from __future__ import annotations

from engine.kernel.errors import Forbidden, NotFound, Problem
from engine.storage import Work


def require_administrator(work: Work) -> None:
    """Raise Forbidden unless the actor is an administrator or a part of the product."""
    if not (work.actor.is_admin or work.actor.is_system):
        raise Forbidden(Problem("publishing.admins_only"))


def require_designer(work: Work, app: str) -> None:
    """Raise unless the actor may design the app: administrators, and roles that are meant to.

    Raises NotFound when there is no such app, or when the actor has no part in it; Forbidden when
    they may only use it. The roles are those of the published release: nobody gives themselves the
    right in a draft.
    """
    release = work.release_number(app)
    actor = work.actor
    if actor.is_admin or actor.is_system:
        return
    held = actor.roles_in(app)
    if not held:
        raise NotFound(Problem("storage.no_app", {"app": app}))
    roles = work.model(app).roles if release else {}
    if not any(roles[key].may_design for key in held if key in roles):
        raise Forbidden(Problem("publishing.designers_only"))
