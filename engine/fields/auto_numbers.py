"""Patterns of running numbers: `QT-{YYYY}{MM}-{0000}`.

A pattern is text with {YYYY}, {YY}, {MM}, {DD} for the day of creation and, once, zeros in braces
for the count, which grows beyond its zeros rather than wrap. The count starts anew whenever the
date in the pattern differs; `period_of` names that span, and is the key of its counter. A pattern
without a date counts on for ever. Every span must be told apart by the number itself, so a month
needs its year and a day its month: otherwise numbers would come twice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from engine.kernel.errors import Invalid, Problem

LIMIT = 60
_DATES = {"YYYY": "{0:%Y}", "YY": "{0:%y}", "MM": "{0:%m}", "DD": "{0:%d}"}
_TEXT = r"[^{}\x00-\x1f\x7f-\x9f]"
TOKEN_PATTERN = (
    rf"^(?:{_TEXT}|\{{(?:YYYY|YY|MM|DD)\}})*\{{0{{1,12}}\}}(?:{_TEXT}|\{{(?:YYYY|YY|MM|DD)\}})*$"
)
_is_pattern = re.compile(TOKEN_PATTERN[1:-1].replace("\\x9f]", "\\x9f\ud800-\udfff]")).fullmatch
_TOKEN = re.compile(r"\{([A-Z]+|0+)\}|([^{}]+)")


@dataclass(frozen=True)
class NumberPattern:
    """A parsed pattern: tokens in order; a date or the count by name, text as it is."""

    tokens: tuple[tuple[str, str], ...]
    digits: int

    @property
    def dates(self) -> tuple[str, ...]:
        """The date tokens that occur, from the year down."""
        found = {name for kind, name in self.tokens if kind == "date"}
        return tuple(name for name in _DATES if name in found)

    def format(self, day: date, count: int) -> str:
        """The number with this count, given on this day."""
        return "".join(self._show(kind, name, day, count) for kind, name in self.tokens)

    def _show(self, kind: str, name: str, day: date, count: int) -> str:
        if kind == "date":
            return _DATES[name].format(day)
        return str(count).zfill(self.digits) if kind == "count" else name


@lru_cache(maxsize=1024)
def parse_pattern(text: str) -> NumberPattern:
    """Parse a pattern; raises Invalid (`field.number_pattern.*`)."""
    if len(text) > LIMIT or not _is_pattern(text):
        raise Invalid(Problem("field.number_pattern.unreadable"))
    tokens = []
    for match in _TOKEN.finditer(text):
        name = match[1] or match[2]
        kind = "text" if match[2] else "count" if match[1].startswith("0") else "date"
        tokens.append((kind, name))
    found = NumberPattern(
        tuple(tokens), next(len(name) for kind, name in tokens if kind == "count")
    )
    has_year = "YYYY" in found.dates or "YY" in found.dates
    if ("DD" in found.dates and "MM" not in found.dates) or ("MM" in found.dates and not has_year):
        raise Invalid(Problem("field.number_pattern.ambiguous"))
    return found


def format_number(pattern: str, day: date, count: int) -> str:
    """The number with this count, given on this day (in the app's time zone)."""
    return parse_pattern(pattern).format(day, count)


def period_of(pattern: str, day: date) -> str:
    """The span in which the count runs: "202611", "2026", or "" for one that never starts anew."""
    return "".join(_DATES[name].format(day) for name in parse_pattern(pattern).dates)
