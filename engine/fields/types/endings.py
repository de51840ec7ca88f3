"""File name endings."""

from __future__ import annotations

import re
from typing import Any

from engine.fields.field_type import Options
from engine.fields.option_type import OptionType
from engine.kernel.errors import Invalid, Problem

LIMIT = 50
PATTERN = r"^\.[a-z0-9]{1,10}$"
_is_ending = re.compile(PATTERN[1:-1]).fullmatch


class Endings(OptionType[tuple[str, ...]]):
    """Which files are accepted, by the end of their names: .pdf, .dwg."""

    key = "endings"
    kind = "list"
    widget = "endings"
    samples = ([], [".pdf", ".dwg"])

    def parse(self, raw: object, options: Options) -> tuple[str, ...]:
        if not isinstance(raw, (list, tuple)) or len(raw) > LIMIT:
            raise self.unreadable(raw)
        if not all(type(item) is str and _is_ending(item) for item in raw):
            raise self.unreadable(raw)
        if len(set(raw)) != len(raw):
            raise Invalid(Problem("field.twice"))
        return tuple(raw)

    def dump(self, value: tuple[str, ...], options: Options) -> list[str]:
        return list(value)

    def schema(self, options: Options) -> dict[str, Any]:
        item = {"type": "string", "pattern": PATTERN, "maxLength": 11}
        return {"type": "array", "items": item, "uniqueItems": True, "maxItems": LIMIT}
