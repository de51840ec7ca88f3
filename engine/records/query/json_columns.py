"""Columns that come out of the database as the JSON they will be.

Turning an id or a moment into an object and that into text costs ten times as much as reading the
text. PostgreSQL writes the text itself; SQLite stores moments and dates as text already, and the rest
takes one small function a value. The fields' own `dump` stays the rule: a test holds both alike.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import NullType

from engine.fields.column_types import Bytes16, Exact, Instant
from engine.records.plan import Slot

Fix = Callable[[Any], Any]
Column = sa.ColumnElement[Any]
_MOMENT = 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'


def json_column(column: Column, slot: Slot | None, dialect: str) -> tuple[Column, Fix | None]:
    """The column to select, and what its values still have to pass through (None: nothing).

    `slot` None is for an id.
    """
    type_ = column.type
    if isinstance(type_, Bytes16):
        return (sa.cast(column, sa.Text()), None) if dialect == "postgresql" else (_raw(column), uuid_text)
    if isinstance(type_, Instant):
        return (_postgresql_moment(column) if dialect == "postgresql" else _raw(column)), moment_text
    if isinstance(type_, sa.Date):
        return (sa.cast(column, sa.Text()), None) if dialect == "postgresql" else (_raw(column), None)
    if isinstance(type_, Exact) and isinstance(column, sa.Column):  # a computed one may have another scale
        return (sa.cast(column, sa.Text()), None) if dialect == "postgresql" else (_raw(column), scaled_text(type_.scale))
    return column, slot.dump if slot is not None else None


def is_plain(type_: sa.types.TypeEngine[Any]) -> bool:
    """Does `json_column` leave a column of this type as it is?"""
    return not isinstance(type_, (Bytes16, Instant, Exact, sa.Date))


def uuid_text(raw: bytes) -> str:
    """Sixteen bytes as the text of an id."""
    text = raw.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def moment_text(text: str) -> str:
    """A moment with six decimals as JSON has it: none where they are zeros."""
    return text[:-8] + "Z" if text[-8:] == ".000000Z" else text


@lru_cache(maxsize=16)
def scaled_text(scale: int) -> Fix:
    """How to write a whole number of the smallest unit as a decimal."""
    unit = 10**scale
    if scale == 0:
        return str

    def write(value: Any) -> str:
        whole, rest = divmod(abs(int(value)), unit)
        return f"{'-' if value < 0 else ''}{whole}.{rest:0{scale}d}"

    return write


def _raw(column: Column) -> Column:
    """The stored value as the driver gives it."""
    return sa.type_coerce(column, NullType())


def _postgresql_moment(column: Column) -> Column:
    return sa.func.to_char(sa.func.timezone("UTC", column), _MOMENT, type_=sa.Text())
