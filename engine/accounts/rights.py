"""Who may administer accounts: administrators and the product itself; oneself in some things."""

from __future__ import annotations

from uuid import UUID

from engine.kernel.errors import Forbidden, Problem
from engine.storage import Work


def require_admin(work: Work) -> None:
    """Raise Forbidden unless the actor administers accounts."""
    if not (work.actor.is_admin or work.actor.is_system):
        raise Forbidden(Problem("accounts.admins_only"))


def require_self_or_admin(work: Work, user_id: UUID) -> None:
    """Raise Forbidden unless it is about the actor or the actor administers accounts."""
    if work.actor.user_id != user_id:
        require_admin(work)


def require_signed_in(work: Work) -> None:
    """Raise Forbidden for strangers."""
    if work.actor.user_id is None and not work.actor.is_system:
        raise Forbidden(Problem("accounts.sign_in_first"))


def require_person(work: Work) -> None:
    """Raise Forbidden for programs with a token: they get no further keys."""
    if work.actor.token_id is not None:
        raise Forbidden(Problem("accounts.not_with_token"))
