"""Keys of entities."""

from __future__ import annotations

from engine.fields.option_type import NameType


class EntityName(NameType):
    """The key of an entity of the app."""

    key = "entity_name"
    widget = "entity_name"
