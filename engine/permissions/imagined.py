"""Rights in a model that need not be published: what holders of some roles would see, rows aside."""

from __future__ import annotations

from collections.abc import Iterable

from engine.definitions.model import Model
from engine.permissions.rights import Right, rights_of


class Imagined:
    """The rights of somebody with some roles, or of somebody free of all limits (None), without any database.

    For forms and lists of a draft. The answers are `Policy`'s for the same roles once the model is
    published, but for one thing: nobody reads records here because a task of theirs waits there.
    """

    def __init__(self, model: Model, roles: Iterable[str] | None) -> None:
        self.model = model
        self.rights = rights_of(model, None if roles is None else frozenset(roles))

    def may(self, verb: str, entity: str) -> bool:
        """May they do this to any record of the entity at all?"""
        return self.rights.may(verb, entity)

    def field_right(self, entity_key: str, field_key: str) -> Right:
        """"hidden", "read" or "write"; "hidden" in an entity that they neither see nor create."""
        if not (self.may("read", entity_key) or self.may("create", entity_key)):
            return "hidden"
        return self.rights.field_right(entity_key, field_key)

    def readable(self, entity_key: str) -> frozenset[str]:
        """The fields that they may read."""
        return frozenset(key for key in self.model.entities[entity_key].fields if self.field_right(entity_key, key) != "hidden")

    def writable(self, entity_key: str) -> frozenset[str]:
        """The fields that they may write."""
        return frozenset(key for key in self.model.entities[entity_key].fields if self.field_right(entity_key, key) == "write")
