"""Numbers as people and programs write them, to exact decimals.

One rule for all number types, on pages and in JSON alike:

* Text: an optional sign, digits, and after a point at most `scale` more digits. Full-width digits,
  signs and points (`１２．５`), as Chinese input methods give them, mean the same, and so do spaces
  around the number. Only those: NFKC as a whole would read `5²` as 52.
* No thousands separators and no exponent: 1,234 is a thousand to some and one point two to others.
* JSON numbers only where they are whole. `0.1` in JSON is a binary fraction by the time it is
  here, and validators disagree on what its decimals are; the API's decimals are text.
* Never rounded: more decimals than the scale, or more than 18 digits in all (what a 64-bit
  integer holds, and so what SQLite keeps exactly), is an error. Zeros at the end do not count.
* yes/no is not a number, although Python thinks so.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Context, Decimal, Inexact, InvalidOperation
from typing import Any

from engine.fields.field_type import shown
from engine.kernel.errors import Invalid, Problem

DIGITS = 18
"""Digits that a number has at most, decimals included."""

SCALES = 8
"""Decimals that a field has at most."""

TEXT_LIMIT = 60
"""Characters that a number written as text has at most."""

SPACES = " \u00a0\u3000"
_PLAIN = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")
_HALF_WIDTH = {0xFF0B: "+", 0xFF0D: "-", 0xFF0E: "."} | {0xFF10 + i: str(i) for i in range(10)}
_EXACT = Context(prec=DIGITS, traps=[Inexact, InvalidOperation])
_STEPS = tuple(Decimal(1).scaleb(-scale) for scale in range(SCALES + 1))
_ZEROS = tuple(Decimal(0).scaleb(-scale) for scale in range(SCALES + 1))


def read_number(raw: object) -> Decimal | None:
    """The number that `raw` writes, or None where it writes none."""
    if type(raw) is str:
        if _PLAIN.fullmatch(raw) is None:
            raw = raw[: TEXT_LIMIT + 1].translate(_HALF_WIDTH).strip(SPACES)
            if _PLAIN.fullmatch(raw) is None:
                return None
        return Decimal(raw)
    if type(raw) is int:
        return Decimal(raw)
    if type(raw) is float:
        return Decimal(int(raw)) if raw.is_integer() else None
    if isinstance(raw, Decimal) and raw.is_finite():
        return raw
    return None


def parse_number(raw: object, scale: int) -> Decimal | None:
    """An exact decimal with `scale` decimals, or None where `raw` is no number.

    Raises Invalid for a number that such a field cannot hold.
    """
    if type(raw) is str and len(raw) > TEXT_LIMIT:
        return None
    number = read_number(raw)
    if number is None:
        return None
    try:
        exact = number.quantize(_STEPS[scale], None, _EXACT)
    except Inexact:
        raise Invalid(Problem("field.too_precise", {"count": scale, "value": shown(raw)})) from None
    except InvalidOperation:
        raise Invalid(_too_many_digits(scale)) from None
    return exact or _ZEROS[scale]  # never minus zero


def _too_many_digits(scale: int) -> Problem:
    return Problem("field.too_many_digits", {"count": DIGITS - scale})


def round_number(value: Any, scale: int) -> Decimal | None:
    """A computed number as it is stored: rounded half up; None where it is too large to hold."""
    number = read_number(value)
    if number is None or number.adjusted() >= DIGITS - scale:
        return None
    rounded = number.quantize(_STEPS[scale], rounding=ROUND_HALF_UP)
    return rounded if rounded.adjusted() < DIGITS - scale else None


def dump_number(value: Decimal) -> str:
    """A decimal as text, without an exponent."""
    return format(value, "f")


def range_problems(value: Any, minimum: Any, maximum: Any) -> tuple[Problem, ...]:
    """What is wrong with a value outside of [minimum, maximum]; a bound may be None."""
    if minimum is not None and value < minimum:
        return (Problem("field.too_small", {"minimum": shown(minimum)}),)
    if maximum is not None and value > maximum:
        return (Problem("field.too_large", {"maximum": shown(maximum)}),)
    return ()
