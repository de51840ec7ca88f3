"""Where a page ended, as opaque text: the sort values and the id of its last record.

A cursor is bound to the question it came from (release, entity, sort, filter, search): with another
question it is refused, for it would skip or repeat records. It holds no secret: sort fields are
fields its reader may read, and a forged one only starts the reader's own list elsewhere.
"""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from hashlib import blake2b
from typing import Any
from uuid import UUID

import orjson

from engine.kernel.errors import Invalid, Problem

_LIMIT = 4_000


@dataclass(frozen=True)
class Cursor:
    """A place in a sorted list: after (or, going back, before) the record with these sort values."""

    values: tuple[Any, ...]
    id: UUID
    is_backward: bool = False


def digest(*parts: object) -> str:
    """A short mark of the question a cursor belongs to."""
    return blake2b(repr(parts).encode("utf-8", "backslashreplace"), digest_size=9).hexdigest()


def write_cursor(cursor: Cursor, mark: str) -> str:
    """The cursor as text for the question with this mark."""
    body = [mark, int(cursor.is_backward), cursor.id.hex, [_pack(value) for value in cursor.values]]
    return urlsafe_b64encode(orjson.dumps(body)).rstrip(b"=").decode()


def read_cursor(text: str, mark: str, kinds: Sequence[str]) -> Cursor:
    """The cursor in a text; `kinds` are those of the sort values.

    Raises Invalid (`query.cursor`) for text that is none of ours or belongs to another question.
    """
    problem = Problem("query.cursor", path=("cursor",))
    if len(text) > _LIMIT or not text.isascii():
        raise Invalid(problem)
    try:
        found_mark, backward, id_, values = orjson.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if found_mark != mark or len(values) != len(kinds):
            raise Invalid(problem)
        unpacked = tuple(_unpack(value, kind) for value, kind in zip(values, kinds, strict=True))
        return Cursor(unpacked, UUID(hex=id_), bool(backward))
    except (ValueError, TypeError, AttributeError, InvalidOperation, binascii.Error, OverflowError):
        raise Invalid(problem) from None


def _pack(value: Any) -> Any:
    if isinstance(value, (Decimal, UUID)):
        return str(value)
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return value


def _unpack(value: Any, kind: str) -> Any:
    if value is None:
        return None
    if kind == "yes_no":
        return _exactly(value, bool)
    if kind == "whole":
        return _small(value)
    text = _exactly(value, str)
    if kind == "number":
        return _finite(Decimal(text))
    if kind == "date":
        return date.fromisoformat(text)
    if kind == "datetime":
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            raise ValueError(text)
        return moment
    if kind == "reference":
        return UUID(text)
    if "\x00" in text:
        raise ValueError(text)
    return text


def _exactly(value: Any, kind: type) -> Any:
    if type(value) is not kind:
        raise TypeError(kind)
    return value


def _small(value: Any) -> int:
    number = _exactly(value, int)
    if not -(2**63) <= number < 2**63:
        raise OverflowError
    return int(number)


def _finite(number: Decimal) -> Decimal:
    if not number.is_finite() or number.adjusted() > 30:
        raise ValueError(number)
    return number
