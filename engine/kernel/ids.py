"""Identifiers: UUID version 7 (RFC 9562), which sort by creation time and so keep indexes compact."""

from __future__ import annotations

import os
import time
from uuid import UUID


def new_id() -> UUID:
    """A fresh UUIDv7: 48 bits of milliseconds, 74 random bits."""
    random = int.from_bytes(os.urandom(10), "big")
    value = (time.time_ns() // 1_000_000) << 80 | random & ((1 << 80) - 1)
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return UUID(int=value)


def find_id(raw: object) -> UUID | None:
    """The UUID written in `raw`, or None when there is none."""
    if isinstance(raw, UUID):
        return raw
    if not isinstance(raw, str) or not 32 <= len(raw) <= 36 or not raw.isascii():
        return None
    try:
        return UUID(raw)
    except ValueError:
        return None


def physical_name(prefix: str, uid: str) -> str:
    """Name of a table or column in the database, from a definition's uid.

    Labels and keys never reach SQL. The last twelve hex digits are random in every UUID version
    (the first ones are a timestamp in version 7).
    """
    return f"{prefix}_{uid.replace('-', '')[-12:]}"


def column_name(uid: str, type_key: str) -> str:
    """Name of a field's column.

    A field that changes its type gets another column and finds the old one, values and all, when it
    changes back.
    """
    return f"{physical_name('f', uid)}_{type_key}"
