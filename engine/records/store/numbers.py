"""Running numbers: counters in one row each, raised inside the transaction that uses the number."""

from __future__ import annotations

import sqlalchemy as sa

from engine.records.access import Access

_NEXT = sa.text(
    "INSERT INTO sequence (key, value) VALUES (:key, :count) "
    "ON CONFLICT (key) DO UPDATE SET value = sequence.value + excluded.value RETURNING value"
)


def take_numbers(access: Access, key: str, count: int) -> range:
    """The next `count` numbers of a counter. Whoever else wants some waits until this work is over."""
    last = int(access.work.connection.execute(_NEXT, {"key": key, "count": count}).scalar_one())
    return range(last - count + 1, last + 1)
