"""Representative values: every constant that guards compare a name with cuts its values into cells.

On each cell every comparison with these constants is constant, so one value of each cell decides
exactly. What lies between two constants depends on the field: a field with two decimals holds
nothing between 50000.00 and 50000.01.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any
from uuid import UUID

from engine.definitions.model import Field
from engine.definitions.paths import options_of
from engine.fields import effective

MEMBER = " has "
"""Between a list's name and a text in the name of a question of membership."""

_STRANGER = UUID(int=1)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class Axis:
    """A name, and values of it: one at least of each cell, the lowest first, null last.

    `is_member` marks the question whether a list holds a text; its values are yes and no.
    """

    name: str
    values: tuple[Any, ...]
    is_member: bool = False

    def shown(self, value: Any) -> Any:
        """A value as JSON."""
        if isinstance(value, Decimal):
            return str(int(value)) if value == value.to_integral_value() and "." not in str(value) else f"{value:f}"
        if isinstance(value, datetime):
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        return str(value) if isinstance(value, (date, UUID)) else value

    def condition(self, value: Any) -> str:
        """That the name has this value, in the expression language."""
        if self.is_member:
            name, _, text = self.name.partition(MEMBER)
            return f'"{text}" in {name}' if value else f'"{text}" not in {name}'
        shown = self.shown(value)
        if value is None or isinstance(value, bool):
            return f"{self.name} = {json.dumps(shown)}"
        return f"{self.name} = {shown}" if isinstance(value, Decimal) else f'{self.name} = "{shown}"'


def values_of(kind: str, item: Field | None, constants: Iterable[Any]) -> tuple[Any, ...] | None:
    """Values of a name of this kind, one at least of each cell; None where cells can't be told.

    `item` is the field that the name leads to, where it is one.
    """
    found = [value for value in constants if value is not None]
    if kind == "yes_no":
        return (True, False)
    if kind == "number":
        return _numbers(item, found)
    if kind == "text":
        options = options_of(item) if item else ()
        return options or (*sorted(set(found)), _other_text(found))
    if kind == "date":
        return _steps(found, timedelta(days=1), date(2000, 1, 1))
    if kind == "datetime":
        return _steps(found, _MICROSECOND, datetime(2000, 1, 1, tzinfo=UTC))
    if kind == "reference":
        return (*sorted(set(found)), _STRANGER)
    return None


def _numbers(item: Field | None, constants: list[Any]) -> tuple[Decimal, ...]:
    settings = effective(item.type, item.options)[1] if item else {}
    scale = settings.get("scale", 0 if item else 8)
    step = Decimal(1).scaleb(-scale)
    lowest, highest = _bound(settings.get("minimum"), ROUND_CEILING, step), _bound(settings.get("maximum"), ROUND_FLOOR, step)
    found = {bound for bound in (lowest, highest) if bound is not None} or {Decimal(0).quantize(step)}
    for constant in constants:
        below = Decimal(constant).quantize(step, ROUND_FLOOR)
        above = Decimal(constant).quantize(step, ROUND_CEILING)
        found |= {below - step, below, above, above + step}
    return tuple(
        value
        for value in sorted(found)
        if (lowest is None or value >= lowest) and (highest is None or value <= highest)
    )


def _bound(raw: Any, rounding: str, step: Decimal) -> Decimal | None:
    return None if raw is None else Decimal(raw).quantize(step, rounding)


def _steps(constants: list[Any], step: timedelta, otherwise: Any) -> tuple[Any, ...]:
    found = set(constants) or {otherwise}
    for constant in tuple(found):
        found |= {constant - step, constant + step}
    return tuple(sorted(found))


def _other_text(constants: list[Any]) -> str:
    """A text that none of the constants is."""
    other = "…"
    while other in constants:
        other += "…"
    return other
