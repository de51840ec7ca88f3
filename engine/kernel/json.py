"""JSON in and out: strict reading, canonical writing.

`orjson` is used where speed counts and the text is our own. Text from outside goes through `read`,
which refuses what JSON parsers usually let pass: duplicate keys (last one wins silently), NaN and
Infinity, lone surrogates, NUL characters, and integers beyond 64 bits.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

import orjson

from engine.kernel.errors import Invalid, Problem

_DEPTH = 64


def read(source: bytes | str) -> Any:
    """Parse outside text; raises Invalid (`json.*`) for anything doubtful."""
    try:
        text = source.decode("utf-8") if isinstance(source, bytes) else source
        value = _DECODER.decode(text)
    except UnicodeDecodeError:
        raise Invalid(Problem("json.encoding")) from None
    except RecursionError:
        raise Invalid(Problem("json.depth", {"limit": _DEPTH})) from None
    except json.JSONDecodeError as error:
        raise Invalid(Problem("json.syntax", {"line": error.lineno, "column": error.colno})) from None
    except ValueError:  # Python's own limit on the digits of an integer
        raise Invalid(Problem("json.number")) from None
    # What was decoded from UTF-8 holds no surrogate, and a raw NUL is a syntax error: only an escape brings them.
    _check(value, 0, may_be_odd=isinstance(source, str) or "\\u" in text)
    return value


def canonical(value: Any) -> bytes:
    """The one way in which we write a value: sorted keys, two spaces, UTF-8, a final newline.

    Raises TypeError for what is no JSON. Values are ours or came through `read`, so that none is NaN or infinite.
    """
    return orjson.dumps(value, option=_CANONICAL)


def content_hash(value: Any) -> str:
    """SHA-256 of the canonical text, in hex."""
    return hashlib.sha256(canonical(value)).hexdigest()


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise Invalid(Problem("json.duplicate_key", {"key": key}))
            seen.add(key)
    return found


def _constant(name: str) -> Any:
    raise Invalid(Problem("json.constant", {"name": name}))


def _integer(digits: str) -> int:
    value = int(digits)
    if not -(2**63) <= value < 2**63:
        raise Invalid(Problem("json.number"))
    return value


def _fraction(digits: str) -> float:
    value = float(digits)
    if value in _INFINITE:
        raise Invalid(Problem("json.number"))
    return value


_CANONICAL = (
    orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    | orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS
)
_INFINITE = (float("inf"), float("-inf"))


def _check(value: Any, depth: int, *, may_be_odd: bool) -> None:
    if depth > _DEPTH:
        raise Invalid(Problem("json.depth", {"limit": _DEPTH}))
    if isinstance(value, dict):
        if may_be_odd:
            for key in value:
                _check_text(key)
        value = value.values()
    elif may_be_odd and isinstance(value, str):
        _check_text(value)
        return
    elif not isinstance(value, list):
        return
    for item in value:
        if may_be_odd or isinstance(item, (dict, list)):
            _check(item, depth + 1, may_be_odd=may_be_odd)


def _check_text(value: str) -> None:
    if "\x00" in value or not _is_text(value):
        raise Invalid(Problem("json.character"))


def _is_text(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


_DECODER = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_constant, parse_int=_integer, parse_float=_fraction)
