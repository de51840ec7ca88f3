"""Ranges of numbers and dates as regular expressions, for JSON Schema.

JSON Schema cannot compare numbers that are written as text. A pattern can: digit by digit, the
text is either still equal to a bound or already past it. The patterns grow with the number of
digits of the bounds, not with the size of the range, and use only what every dialect knows:
classes, groups, alternatives and counts.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

_ANY = "[0-9０-９]"
_ZERO = "[0０]"
_POINT = "[.．]"
_SPACES = "[ \u00a0\u3000]*"


def decimal_pattern(
    whole: int, scale: int, minimum: Decimal | int | None, maximum: Decimal | int | None
) -> str:
    """Pattern of the texts that write a number between two bounds; either may be None.

    The number has at most `whole` digits before the point and `scale` after it, not counting
    zeros at its ends. Digits, sign and point may be of full width.
    """
    unit = Decimal(1).scaleb(-scale)
    top = Decimal(10) ** whole - unit
    low = max(
        -top, (Decimal(minimum).quantize(unit, ROUND_CEILING) if minimum is not None else -top)
    )
    high = min(top, (Decimal(maximum).quantize(unit, ROUND_FLOOR) if maximum is not None else top))
    if (low, high) == (-top, top):
        return f"^{_SPACES}[+＋\\-－]?{_magnitude(Decimal(0), top, whole, scale)}{_SPACES}$"
    signed = []
    if high >= 0 and low <= high:
        signed.append("[+＋]?" + _magnitude(max(low, Decimal(0)), high, whole, scale))
    if low <= 0 and low <= high:
        signed.append("[\\-－]" + _magnitude(max(-high, Decimal(0)), -low, whole, scale))
    body = "|".join(signed) or "[^\\s\\S]"  # crossed bounds: nothing matches
    return f"^{_SPACES}(?:{body}){_SPACES}$"


def date_pattern(first: str, last: str) -> str:
    """Pattern of the texts shaped like dates that lie between two dates (YYYY-MM-DD), by order."""
    return f"^{_between(first, last)}$"


def _magnitude(low: Decimal, high: Decimal, whole: int, scale: int) -> str:
    """Unsigned numbers between two bounds that are not negative."""
    bottom = str(int(low.scaleb(scale))).zfill(whole + scale)
    top = str(int(high.scaleb(scale))).zfill(whole + scale)
    if _is_free(bottom, top):
        return f"{_ZERO}*{_ANY}{_times(1, whole)}{_fraction(bottom[whole:], top[whole:])}"
    found = []
    if not bottom[:whole].strip("0"):
        last = top[whole:] if not top[:whole].strip("0") else "9" * scale
        found.append(f"{_ZERO}+{_fraction(bottom[whole:], last)}")
    found += [
        f"{_ZERO}*{_wholes(first, last, length)}"
        for length, first, last in _lengths(bottom, top, whole)
    ]
    return f"(?:{'|'.join(found)})"


def _lengths(bottom: str, top: str, whole: int) -> list[tuple[int, str, str]]:
    """The range cut by number of digits before the point: (length, bottom, top)."""
    found = []
    for length in range(1, whole + 1):
        padding = "0" * (whole - length)
        first = max(bottom, padding + "1" + "0" * (len(bottom) - len(padding) - 1))
        last = min(top, padding + "9" * (len(top) - len(padding)))
        if first <= last:
            found.append((length, first[len(padding) :], last[len(padding) :]))
    return found


def _wholes(bottom: str, top: str, digits: int) -> str:
    """Numbers with exactly `digits` more digits before the point; the bounds hold the rest too."""
    if digits == 0:
        return _fraction(bottom, top)
    if _is_free(bottom, top):
        return f"{_ANY}{_times(digits, digits)}{_fraction(bottom[digits:], top[digits:])}"
    found = [
        _digit(first, last) + _wholes(low, high, digits - 1)
        for first, last, low, high in _branches(bottom, top)
    ]
    return found[0] if len(found) == 1 else f"(?:{'|'.join(found)})"


def _fraction(bottom: str, top: str) -> str:
    """The point and the digits after it; nothing at all where the bounds allow zero."""
    digits = _POINT + _decimals(bottom, top)
    return digits if bottom.strip("0") else f"(?:{digits})?"


def _decimals(bottom: str, top: str) -> str:
    """At least one digit after the point; digits that are left out are zeros."""
    if not bottom:
        return f"{_ZERO}+"
    if _is_free(bottom, top):
        return f"{_ANY}{_times(1, len(bottom))}{_ZERO}*"
    found = []
    for first, last, low, high in _branches(bottom, top):
        rest = _decimals(low, high)
        found.append(_digit(first, last) + (rest if low.strip("0") else f"(?:{rest})?"))
    return found[0] if len(found) == 1 else f"(?:{'|'.join(found)})"


def _branches(bottom: str, top: str) -> list[tuple[int, int, str, str]]:
    """The range cut by first digit: (first, last, bottom of the rest, top of the rest)."""
    low, high = int(bottom[0]), int(top[0])
    free = ("0" * (len(bottom) - 1), "9" * (len(top) - 1))
    if low == high:
        return [(low, high, bottom[1:], top[1:])]
    found = []
    if bottom[1:] != free[0]:
        found.append((low, low, bottom[1:], free[1]))
        low += 1
    ends_free = top[1:] == free[1]
    middle = high if ends_free else high - 1
    if low <= middle:
        found.append((low, middle, *free))
    if not ends_free:
        found.append((high, high, free[0], top[1:]))
    return found


def _between(first: str, last: str) -> str:
    if not first:
        return ""
    if first[0] == "-":
        return "-" + _between(first[1:], last[1:])
    low, high = (text.replace("-", "") for text in (first, last))
    if _is_free(low, high):
        return "".join("-" if letter == "-" else "[0-9]" for letter in first)
    shape = first[1:]
    found = []
    for start, end, bottom, top in _branches(low, high):
        rest = _between(_shaped(bottom, shape), _shaped(top, shape))
        found.append((f"[{start}-{end}]" if start != end else str(start)) + rest)
    return found[0] if len(found) == 1 else f"(?:{'|'.join(found)})"


def _shaped(digits: str, shape: str) -> str:
    rest = iter(digits)
    return "".join("-" if letter == "-" else next(rest) for letter in shape)


def _is_free(bottom: str, top: str) -> bool:
    return not bottom.strip("0") and not top.strip("9")


def _digit(first: int, last: int) -> str:
    wide = chr(0xFF10 + first), chr(0xFF10 + last)
    if first == last:
        return f"[{first}{wide[0]}]"
    return f"[{first}-{last}{wide[0]}-{wide[1]}]"


def _times(least: int, most: int) -> str:
    if least == most:
        return "" if least == 1 else f"{{{least}}}"
    return f"{{{least},{most}}}"
