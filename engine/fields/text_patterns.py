"""Patterns that a text must match as a whole."""

from __future__ import annotations

import re
from functools import lru_cache

from engine.kernel.errors import Invalid, Problem

LIMIT = 200


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.ASCII)


def parse_text_pattern(text: str) -> str:
    """The pattern; raises Invalid where it is none."""
    try:
        _compiled(text)
    except re.error:
        raise Invalid(Problem("field.text_pattern.unreadable")) from None
    return text


def matches(pattern: str, text: str) -> bool:
    """Does the whole text match?"""
    return _compiled(pattern).fullmatch(text) is not None


def schema_pattern(pattern: str) -> str:
    """The pattern as JSON Schema takes it."""
    return pattern
