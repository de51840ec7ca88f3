"""Patterns for texts."""

from __future__ import annotations

from typing import Any

from engine.fields.field_type import Options
from engine.fields.option_type import OptionType
from engine.fields.text_patterns import LIMIT, parse_text_pattern


class TextPattern(OptionType[str]):
    """A regular expression that a text must match as a whole: [A-Z]{2}-[0-9]{4}."""

    key = "text_pattern"
    kind = "text"
    widget = "text"
    samples = ("[A-Z]{2}-[0-9]{4}", "(?:A|B)+", "[一-龥]{2,4}")

    def parse(self, raw: object, options: Options) -> str:
        if type(raw) is not str or len(raw) > LIMIT:
            raise self.unreadable(raw)
        return parse_text_pattern(raw)

    def dump(self, value: str, options: Options) -> str:
        return value

    def schema(self, options: Options) -> dict[str, Any]:
        return {"type": "string", "minLength": 1, "maxLength": LIMIT}
