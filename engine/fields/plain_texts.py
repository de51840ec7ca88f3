"""Texts as people write them: what is trimmed, what is refused, and the JSON Schema that says so.

Refused everywhere: NUL and the other control characters, and halves of surrogate pairs. A single
line holds no line break of any kind; several lines may hold line breaks and tabs. Spaces around a
text (ordinary, no-break, ideographic) are cut off; a text of nothing but spaces is refused, since
leaving the field empty says the same. The length counts what was sent, spaces included, so that
`maxLength` in an outside validator comes to the same verdict. Nothing else is changed: NFKC would
turn Chinese punctuation into ASCII.
"""

from __future__ import annotations

import re
from typing import Any

from engine.kernel.errors import Invalid, Problem

SPACES = " \u00a0\u3000"
_LINE_SPACES = SPACES + "\t\n\r"
_LINE_FORBIDDEN = r"[\x00-\x1f\x7f-\x9f" + "\u2028\u2029]"
_LINES_FORBIDDEN = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]"
_SURROGATES = "\ud800-\udfff"
_find_in_line = re.compile(_LINE_FORBIDDEN[:-1] + _SURROGATES + "]").search
_find_in_lines = re.compile(_LINES_FORBIDDEN[:-1] + _SURROGATES + "]").search


def parse_line(raw: str, limit: int) -> str:
    """One line of text, trimmed; raises Invalid."""
    if len(raw) > limit:
        raise Invalid(too_long(len(raw), limit))
    if not raw.isprintable() and _find_in_line(raw):
        raise Invalid(Problem("field.forbidden_character"))
    text = raw.strip(SPACES)
    if not text:
        raise Invalid(Problem("field.blank"))
    return text


def parse_lines(raw: str, limit: int) -> str:
    """Several lines of text, trimmed, with `\\n` between them; raises Invalid."""
    if len(raw) > limit:
        raise Invalid(too_long(len(raw), limit))
    if not raw.isprintable() and _find_in_lines(raw):
        raise Invalid(Problem("field.forbidden_character"))
    if "\r" in raw:
        raw = raw.replace("\r\n", "\n").replace("\r", "\n")
    text = raw.strip(_LINE_SPACES)
    if not text:
        raise Invalid(Problem("field.blank"))
    return text


def too_long(length: int, limit: int) -> Problem:
    """The problem of a text that is too long."""
    return Problem("field.too_long", {"count": limit, "length": length})


def line_schema(limit: int, pattern: str = "") -> dict[str, Any]:
    """JSON Schema of what `parse_line` accepts and, after trimming, the whole of `pattern` matches.

    Control characters are excluded by their own keyword, so that it does not matter that `$`
    stands before a final line break in some dialects.
    """
    spaces = f"[{SPACES}]*"
    return {
        "type": "string",
        "maxLength": limit,
        "pattern": f"^{spaces}(?:{pattern}){spaces}$" if pattern else f"[^{SPACES}]",
        "not": {"pattern": _LINE_FORBIDDEN},
    }


def lines_schema(limit: int) -> dict[str, Any]:
    """JSON Schema of what `parse_lines` accepts."""
    return {
        "type": "string",
        "maxLength": limit,
        "pattern": r"[^\t\n\r" + SPACES + "]",
        "not": {"pattern": _LINES_FORBIDDEN},
    }
