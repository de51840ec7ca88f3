"""JSON Schema of numbers: what `exact_numbers.parse_number` and a range accept, as text or whole.

A range over text cannot be said with `minimum`, so it is said as a pattern (`digit_ranges.py`).
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from engine.fields.digit_ranges import decimal_pattern
from engine.fields.exact_numbers import DIGITS, TEXT_LIMIT
from engine.kernel.errors import Problem


def number_schema(scale: int, minimum: Any, maximum: Any) -> dict[str, Any]:
    """JSON Schema of numbers with `scale` decimals between two bounds, either of which may be None."""
    limit = 10 ** (DIGITS - scale)  # a power of ten: exact even in a validator that uses floats
    whole: dict[str, Any] = {
        "type": "integer",
        "exclusiveMinimum": -limit,
        "exclusiveMaximum": limit,
    }
    if minimum is not None:
        whole["minimum"] = int(Decimal(minimum).to_integral_value(ROUND_CEILING))
    if maximum is not None:
        whole["maximum"] = int(Decimal(maximum).to_integral_value(ROUND_FLOOR))
    return {
        "anyOf": [
            whole,
            {
                "type": "string",
                "maxLength": TEXT_LIMIT,
                "pattern": decimal_pattern(DIGITS - scale, scale, minimum, maximum),
                "not": {"pattern": r"\n"},
            },
        ]
    }


def ordered(minimum: Any, maximum: Any) -> Iterable[Problem]:
    """The problem of two bounds that leave no room between them."""
    if minimum is not None and maximum is not None and minimum > maximum:
        yield Problem("field.options.crossed_bounds", {}, ("minimum",))
