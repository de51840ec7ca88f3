"""Expressions."""

from __future__ import annotations

from typing import Any

from engine.fields.field_type import Options
from engine.fields.option_type import OptionType
from engine.fields.plain_texts import lines_schema, parse_lines

LIMIT = 2000


class ExpressionText(OptionType[str]):
    """Text of our expression language. Does it make sense here? Lint asks, knowing the names."""

    key = "expression"
    kind = "text"
    widget = "expression"
    samples = ("amount > 50000", 'region = "East"\nand is_new()')

    def parse(self, raw: object, options: Options) -> str:
        if type(raw) is not str:
            raise self.unreadable(raw)
        return parse_lines(raw, LIMIT)

    def dump(self, value: str, options: Options) -> str:
        return value

    def schema(self, options: Options) -> dict[str, Any]:
        return lines_schema(LIMIT)
