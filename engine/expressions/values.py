"""Pinned meaning of numbers and letters; SQL and the browser do exactly the same.

Numbers are decimals. `+`, `-` and `*` are exact, then anything past twelve decimals is rounded half
up (away from zero); division is exact to the same twelve decimals; x / 0 is null. Letters are
folded one to one: A to Z, Latin with accents, Greek and Cyrillic, whatever the machine's locale is.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal, DivisionByZero, InvalidOperation, Overflow

DECIMALS = 12
MAX_TEXT = 100_000
"""Longest text that an expression may make."""
MAX_DIGITS = 40
"""Digits of a number that comes in; a result has at most MAX_RESULT_DIGITS before the point."""
MAX_RESULT_DIGITS = 30

# 400 nodes, each adding at most the digits of one number, stay far below this precision: exact.
EXACT = Context(
    prec=40_000, rounding=ROUND_HALF_UP, Emin=-99_999, Emax=99_999, capitals=1, clamp=0,
    traps=[InvalidOperation, DivisionByZero, Overflow],
)  # fmt: skip
_STEPS = {places: Decimal(1).scaleb(-places) for places in range(-DECIMALS, DECIMALS + 1)}
_MORE, _LESS = Decimal(1).scaleb(DECIMALS + 1), Decimal(1).scaleb(-DECIMALS - 1)


def clip(number: Decimal) -> Decimal:
    """The number with at most twelve decimals."""
    text = str(number)  # seven times faster than as_tuple()
    point = text.find(".")
    if (point < 0 or len(text) - point <= DECIMALS + 1) and "E" not in text:
        return number
    if int(number.as_tuple().exponent) < -DECIMALS:
        return EXACT.quantize(number, _STEPS[DECIMALS])
    return number


def multiply(left: Decimal, right: Decimal) -> Decimal:
    """The product."""
    return clip(EXACT.multiply(left, right))


def divide(left: Decimal, right: Decimal) -> Decimal | None:
    """The quotient; None for a division by zero."""
    if not right:
        return None
    # One digit more than is kept, cut: the half up that follows then sees the exact digit.
    digits = EXACT.divide_int(EXACT.multiply(left, _MORE), right)
    quotient = EXACT.quantize(EXACT.multiply(digits, _LESS), _STEPS[DECIMALS])
    integral = quotient.to_integral_value()
    return integral if integral == quotient else EXACT.normalize(quotient)


def rounded(number: Decimal, decimals: int) -> Decimal:
    """Half up to -12 … 12 decimals; negative ones round to tens, hundreds …"""
    result = EXACT.quantize(number, _STEPS[decimals])
    return EXACT.quantize(result, _STEPS[0]) if decimals < 0 else result


def whole(number: Decimal) -> int:
    """The whole part: decimals are cut off, toward zero. Clamped, so that nobody waits for it."""
    limit = 10**12
    return limit if number > limit else -limit if number < -limit else int(number)


def number_text(number: Decimal) -> str:
    """A number as text: no exponent, no zeros at the end, no minus before zero."""
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _letters() -> tuple[str, str]:
    """Capital and small letters in pairs, beyond ASCII."""
    capitals: list[str] = []
    for code in (*range(0xC0, 0x180), *range(0x391, 0x3AC), *range(0x400, 0x430)):
        capital = chr(code)
        small = capital.lower()
        if capital != small and len(small) == 1 and small.upper() == capital:
            capitals.append(capital)
    return "".join(capitals), "".join(capital.lower() for capital in capitals)


CAPITALS, SMALL = _letters()
_TO_SMALL = str.maketrans(CAPITALS, SMALL) | {code: code + 32 for code in range(65, 91)}
_TO_CAPITAL = str.maketrans(SMALL, CAPITALS) | {code: code - 32 for code in range(97, 123)}


def to_small(text: str) -> str:
    """The text in small letters."""
    return text.lower() if text.isascii() else text.translate(_TO_SMALL)


def to_capitals(text: str) -> str:
    """The text in capital letters."""
    return text.upper() if text.isascii() else text.translate(_TO_CAPITAL)
