"""Patterns of running numbers."""

from __future__ import annotations

from typing import Any

from engine.fields.auto_numbers import TOKEN_PATTERN, parse_pattern
from engine.fields.field_type import Options
from engine.fields.option_type import OptionType


class NumberPattern(OptionType[str]):
    """How a running number looks: QT-{YYYY}{MM}-{0000}."""

    key = "number_pattern"
    kind = "text"
    widget = "text"
    samples = ("QT-{YYYY}{MM}-{0000}", "{0000}", "合同{YY}{MM}{DD}第{000}号")

    def parse(self, raw: object, options: Options) -> str:
        if type(raw) is not str:
            raise self.unreadable(raw)
        parse_pattern(raw)
        return raw

    def dump(self, value: str, options: Options) -> str:
        return value

    def schema(self, options: Options) -> dict[str, Any]:
        return {
            "type": "string",
            "maxLength": 60,
            "pattern": TOKEN_PATTERN,
            "not": {"pattern": r"\n"},
        }
