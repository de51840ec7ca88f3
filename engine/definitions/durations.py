"""ISO 8601 durations as workflow documents write them: days, hours, minutes."""

from __future__ import annotations

import re

_PARTS = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?")


def seconds(duration: str) -> int:
    """How many seconds `PT2H` or `P1DT30M` are; 0 for a text that is no duration."""
    found = _PARTS.fullmatch(duration)
    if found is None:
        return 0
    days, hours, minutes = (int(part or 0) for part in found.groups())
    return ((days * 24 + hours) * 60 + minutes) * 60
