"""Who acts: a person, a program with a token, or a named part of the system."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True)
class Actor:
    """Whoever does something, with all that permission needs to know about them.

    `roles` maps an app's key to the keys of the roles held there; `departments` holds the own
    department first and then every one below it. `system` names the part of the product that acts
    without a person ("sla", "install"); such an actor passes every permission check and is named in
    the audit trail.

    `viewer` is who looks through this actor's eyes: an administrator or a designer, who sees what the
    actor would see. Such an actor never writes; the unit of work refuses it.
    """

    user_id: UUID | None
    name: str
    language: str = "en"
    timezone: str = "UTC"
    is_admin: bool = False
    roles: dict[str, frozenset[str]] = field(default_factory=dict)
    department_id: UUID | None = None
    departments: tuple[UUID, ...] = ()
    system: str | None = None
    token_id: UUID | None = None
    viewer: Actor | None = None

    @property
    def is_system(self) -> bool:
        """Is this a part of the product rather than a person?"""
        return self.system is not None

    @property
    def reader(self) -> Actor:
        """Whose eyes read what is shown: the viewer's, where there is one."""
        return self.viewer or self

    def roles_in(self, app: str) -> frozenset[str]:
        """Keys of the roles held in an app."""
        return self.roles.get(app, frozenset())


def system_actor(part: str, language: str = "en") -> Actor:
    """The actor under which a part of the product works; `part` is a vocabulary word such as "sla"."""
    return Actor(user_id=None, name=part, language=language, system=part)
