"""Keys of fields."""

from __future__ import annotations

from engine.fields.option_type import NameType


class FieldName(NameType):
    """The key of a field of the entity at hand."""

    key = "field_name"
    widget = "field_name"
