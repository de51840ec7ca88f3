"""Dates and moments as text: what is accepted, as one pattern for us and for JSON Schema.

Dates are ISO 8601 (2026-11-24), moments RFC 3339 with a zone (2026-11-24T16:30:00Z or +08:00); a
moment without a zone is nobody's. Digits are ASCII. Years have four digits from 1000 on: the common
slip of a date input is a year such as 0026. The patterns hold the length of every month and leap
years, so a validator that takes `format` for a mere note still comes to our verdict.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from engine.kernel.errors import Problem

_MONTH_AND_DAY = (
    "(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
    "|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
    "|02-(?:0[1-9]|1[0-9]|2[0-8]))"
)
_LEAP_DAY = "(?:[1-9][0-9](?:0[48]|[2468][048]|[13579][26])|(?:[2468][048]|[13579][26])00)-02-29"
_DATE = f"(?:[1-9][0-9]{{3}}-{_MONTH_AND_DAY}|{_LEAP_DAY})"
_TIME = r"T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,6})?"
_OFFSET = "[+-](?:[01][0-9]|2[0-3]):[0-5][0-9]"
_INNER_YEAR = (
    "(?:100[1-9]|10[1-9][0-9]|1[1-9][0-9]{2}|[2-8][0-9]{3}|9[0-8][0-9]{2}|99[0-8][0-9]|999[0-8])"
)
DATE_PATTERN = f"^{_DATE}$"
MOMENT_PATTERN = (
    f"^(?:{_DATE}{_TIME}Z|(?:{_INNER_YEAR}-{_MONTH_AND_DAY}|{_LEAP_DAY}){_TIME}{_OFFSET})$"
)
MOMENT_LIMIT = 32
_is_moment = re.compile(MOMENT_PATTERN[1:-1]).fullmatch
_ZONELESS = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.]{4,15}")


def parse_date(raw: object) -> date | None:
    """The date in `raw`, or None."""
    if type(raw) is str:
        if len(raw) != 10 or raw[4] != "-" or raw[7] != "-" or raw[0] == "0" or not raw.isascii():
            return None
        try:
            return date.fromisoformat(raw)
        except ValueError:
            return None
    if isinstance(raw, date) and not isinstance(raw, datetime):
        return raw if raw.year >= 1000 else None
    return None


def parse_moment(raw: object) -> datetime | None:
    """The moment in `raw`, in UTC, or None."""
    if type(raw) is str:
        if not _is_moment(raw):
            return None
        moment = datetime.fromisoformat(raw)
        return moment if raw[-1] == "Z" else moment.astimezone(UTC)
    if isinstance(raw, datetime) and raw.tzinfo is not None and 1000 < raw.year < 9999:
        return raw.astimezone(UTC)
    return None


def lacks_zone(raw: object) -> bool:
    """Is this a moment but for its zone?"""
    if isinstance(raw, datetime):
        return raw.tzinfo is None
    return isinstance(raw, str) and _ZONELESS.fullmatch(raw) is not None


def span_problems(value: date, first: date | None, last: date | None) -> tuple[Problem, ...]:
    """What is wrong with a day outside of [first, last]; a bound may be None."""
    if first is not None and value < first:
        return (Problem("field.too_early", {"minimum": first.isoformat()}),)
    if last is not None and value > last:
        return (Problem("field.too_late", {"maximum": last.isoformat()}),)
    return ()


def dump_moment(value: datetime) -> str:
    """A moment as text in UTC; microseconds only where there are any."""
    if value.tzinfo is not UTC:
        value = value.astimezone(UTC)
    return value.isoformat()[:-6] + "Z"
