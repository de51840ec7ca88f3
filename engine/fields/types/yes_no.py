"""Yes or no."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean
from sqlalchemy.types import TypeEngine

from engine.fields.field_type import FieldType, Options

_TEXTS = {"true": True, "false": False}


class YesNo(FieldType[bool]):
    """A tick: true or false. Forms send the words; nothing else ("yes", 1) is taken for either."""

    key = "yes_no"
    kind = "yes_no"
    widget = "yes_no"
    samples = (True, False, "true", "false")

    def column(self, options: Options) -> TypeEngine[Any]:
        return Boolean()

    def parse(self, raw: object, options: Options) -> bool:
        if type(raw) is bool:
            return raw
        if type(raw) is str and raw in _TEXTS:
            return _TEXTS[raw]
        raise self.unreadable(raw)

    def dump(self, value: bool, options: Options) -> bool:  # noqa: FBT001 - the value itself
        return bool(value)

    def schema(self, options: Options) -> dict[str, Any]:
        return {"anyOf": [{"type": "boolean"}, {"enum": ["true", "false"]}]}
