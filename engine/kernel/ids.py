"""Identifiers: UUID version 7 (RFC 9562), which sort by creation time and so keep indexes compact."""

from __future__ import annotations

import os
import threading
import time
from uuid import UUID

_LOCK = threading.Lock()
_last = 0


def new_id() -> UUID:
    """A fresh UUIDv7: 48 bits of milliseconds, 12 bits of their fraction, 62 random bits.

    Each is greater than the one before (RFC 9562, 6.2, method 3): records of one process sort in the order in
    which they were made, within a millisecond too, and whatever the clock does.
    """
    global _last  # noqa: PLW0603 – one order for the whole process
    now = time.time_ns()
    moment = now // 1_000_000 << 12 | (now % 1_000_000 << 12) // 1_000_000
    with _LOCK:
        _last = moment = max(moment, _last + 1)
    random = int.from_bytes(os.urandom(8), "big") & ((1 << 62) - 1)
    return UUID(int=moment >> 12 << 80 | 0x7 << 76 | (moment & 0xFFF) << 64 | 0x2 << 62 | random)


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
