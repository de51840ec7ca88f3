"""Time zones by name, and moments in them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from engine.kernel.errors import Invalid, Problem


@cache
def find_zone(name: str) -> ZoneInfo:
    """The time zone; raises Invalid for a name that the time zone database doesn't have."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        raise Invalid(Problem("expression.timezone", {"timezone": name[:80]})) from None


def in_zone(moment: datetime, zone: str) -> datetime:
    """The wall clock's reading at a moment, without a zone."""
    try:
        return moment.astimezone(find_zone(zone)).replace(tzinfo=None)
    except OverflowError:  # the first and the last day of the calendar
        return moment.astimezone(UTC).replace(tzinfo=None)


def date_in(moment: datetime, zone: str) -> date:
    """The date at a moment in a time zone."""
    return in_zone(moment, zone).date()
