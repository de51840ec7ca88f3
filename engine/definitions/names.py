"""Which names an expression may use, by the place it stands in, and of which kind each is.

Fields are named by their key; values of a referred record by steps (`account.level`), three at most.
Besides, a place may offer `old.` (the record before the change), `record.` (the record being edited,
in a filter over other records), `actor.` (who acts), `initiator.` (who submitted), `person.` (the
candidate of a manager chain) and `link` (the record's address, in message templates).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from engine.definitions.model import Entity
from engine.definitions.paths import BUILT_IN, USER, kind_of_path
from engine.fields.field_type import Kind

Scope = Literal[
    "formula", "default", "rule", "choose", "sum", "form", "list", "workflow", "change", "person",
    "template",
]
"""The places: a formula; a default; an entity's rule; a reference's filter; a rollup's filter; a form's
conditions; filters of views and rules of roles; a workflow's guards and values; its reaction to a
change; where a manager chain ends; a message template."""

ACTOR: Mapping[str, Kind] = {
    "id": "reference", "name": "text", "department": "reference", "language": "text", "roles": "list",
}
"""What `actor.` offers; roles are asked for with has_role("sales")."""

_SPECIAL: Mapping[str, tuple[str, Kind]] = {"is_new()": ("old", "yes_no"), "link": ("link", "text")}
"""Names without a dot that are no fields: the root that must be there, and the kind."""

PERSON: Mapping[str, Kind] = {name: kind for name, (kind, _) in BUILT_IN[USER].items()}
"""What `initiator.` and `person.` offer."""

_ROOTS: Mapping[Scope, frozenset[str]] = {
    "formula": frozenset(),
    "default": frozenset({"actor"}),
    "rule": frozenset({"old", "actor"}),
    "choose": frozenset({"record", "actor"}),
    "sum": frozenset(),
    "form": frozenset({"old", "actor"}),
    "list": frozenset({"actor"}),
    "workflow": frozenset({"actor", "initiator"}),
    "change": frozenset({"old", "actor", "initiator"}),
    "person": frozenset({"person", "actor", "initiator"}),
    "template": frozenset({"actor", "initiator", "link"}),
}


@dataclass(frozen=True, eq=False)
class Names(Mapping[str, Kind]):
    """The names of one place with their kinds.

    Looking one up follows steps (`account.level`); iterating gives the names without steps, as
    proposals. `entity` is the one whose fields are named bare, `own` the one behind `record.`.
    """

    entities: Mapping[str, Entity]
    entity: str
    scope: Scope
    own: str | None = None

    def __getitem__(self, name: str) -> Kind:
        found = self._find(name)
        if found is None:
            raise KeyError(name)
        return found

    def __iter__(self) -> Iterator[str]:
        return (name for name in self._proposed() if self._find(name) is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def entity_path(self, name: str) -> tuple[str, str] | None:
        """The entity a name starts from and the path from there; None for people and the like."""
        root, _, rest = name.partition(".")
        if name in _SPECIAL:
            return None
        if root not in _ROOTS[self.scope]:
            return self.entity, name
        if root == "record":
            return self.own or self.entity, rest
        return (self.entity, rest) if root == "old" else None

    def _find(self, name: str) -> Kind | None:
        if name in _SPECIAL:
            needed, kind = _SPECIAL[name]
            return kind if needed in _ROOTS[self.scope] else None
        found = self.entity_path(name)
        if found is not None:
            return kind_of_path(self.entities, *found)
        root, _, rest = name.partition(".")
        return ACTOR.get(rest) if root == "actor" else PERSON.get(rest)

    def _proposed(self) -> Iterator[str]:
        roots = _ROOTS[self.scope]
        entity, own = self.entities.get(self.entity), self.entities.get(self.own or "")
        yield from entity.fields if entity else ()
        yield from (f"record.{key}" for key in (own.fields if own and "record" in roots else ()))
        yield from (f"actor.{name}" for name in ACTOR if "actor" in roots)
        people = [root for root in ("initiator", "person") if root in roots]
        yield from (f"{root}.{name}" for root in people for name in PERSON)
        yield from ("link",) if "link" in roots else ()
