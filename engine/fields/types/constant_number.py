"""Bounds and other fixed numbers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from engine.fields.exact_numbers import dump_number, parse_number
from engine.fields.field_type import Options
from engine.fields.number_schemas import number_schema
from engine.fields.option_type import OptionType

_SCALE = 4
"""Decimals of a bound; with 18 digits in all this leaves 14 before the point."""


class ConstantNumber(OptionType[Decimal]):
    """A number such as the least amount of a field."""

    key = "constant_number"
    kind = "number"
    widget = "number"
    samples = ("0.5", 100, "-12")

    def parse(self, raw: object, options: Options) -> Decimal:
        number = parse_number(raw, _SCALE)
        if number is None:
            raise self.unreadable(raw)
        whole = number.to_integral_value()
        return whole if number == whole else number.normalize()

    def dump(self, value: Decimal, options: Options) -> str:
        return dump_number(value)

    def schema(self, options: Options) -> dict[str, Any]:
        return number_schema(_SCALE, None, None)
