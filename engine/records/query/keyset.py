"""Pages by key: the condition "after this record" and the order that goes with it.

Empty values come last in either direction. To let plain indexes serve that on both databases, the
list is read in zones: records that have a value in the first sort key, then those that have none.
In the first zone the order is the index's own, and `key >= value` gives the index a place to start;
what remains of the condition only decides among equals.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa

Column = sa.ColumnElement[Any]
Zone = Literal["all", "filled", "empty"]


@dataclass(frozen=True)
class SortKey:
    """One column of the order. `never_empty` for those that always have a value."""

    column: Column
    is_descending: bool
    never_empty: bool = False


def zones(*, never_empty: bool) -> tuple[Zone, ...]:
    """The parts in which a list is read, in order."""
    return ("all",) if never_empty else ("filled", "empty")


def zone_of(values: Sequence[Any], *, never_empty: bool) -> Zone:
    """The part that a place in the list lies in."""
    if never_empty:
        return "all"
    return "empty" if values[0] is None else "filled"


def in_zone(keys: Sequence[SortKey], zone: Zone) -> tuple[Column, ...]:
    """The condition that a record lies in the zone."""
    if zone == "all":
        return ()
    column = keys[0].column
    return (column.is_(None) if zone == "empty" else column.is_not(None),)


def order_by(keys: Sequence[SortKey], zone: Zone, id_: Column, *, is_backward: bool) -> list[Column]:
    """The order within a zone; the id decides among equals, in the direction of the last key."""
    found: list[Column] = []
    for place, key in enumerate(keys):
        if place == 0 and zone == "empty":
            continue
        goes_down = key.is_descending != is_backward
        ordered: Column = key.column.desc() if goes_down else key.column.asc()
        if not (key.never_empty or (place == 0 and zone == "filled")):
            ordered = ordered.nulls_first() if is_backward else ordered.nulls_last()
        found.append(ordered)
    goes_down = id_goes_down(keys) != is_backward
    return [*found, id_.desc() if goes_down else id_.asc()]


def id_goes_down(keys: Sequence[SortKey]) -> bool:
    """Does the id run downwards? It goes with the last key, as the indexes do."""
    return bool(keys) and keys[-1].is_descending


def beyond(keys: Sequence[SortKey], zone: Zone, id_: Column, empty: Sequence[bool], *, is_backward: bool) -> Column:
    """The condition that a record lies beyond the one whose values are bound as `at_0`, … `at_id`.

    `empty` says which of its values are empty: the statement differs by that, not by the values.
    """
    start = 1 if zone == "empty" else 0
    here: list[Column] = []
    ways: list[Column] = []
    for place in range(start, len(keys)):
        key = keys[place]
        value = sa.bindparam(f"at_{place}", type_=key.column.type)
        may_be_empty = place > 0 and not key.never_empty
        further = _further(key, value, is_empty=empty[place], is_backward=is_backward, may_be_empty=may_be_empty)
        if further is not None:
            ways.append(sa.and_(*here, further))
        here.append(key.column.is_(None) if empty[place] else key.column == value)
    last = sa.bindparam("at_id", type_=id_.type)
    goes_down = id_goes_down(keys) != is_backward
    ways.append(sa.and_(*here, id_ < last if goes_down else id_ > last))
    found: Column = sa.or_(*ways)
    if zone != "empty" and keys:
        first = keys[0]
        value = sa.bindparam("at_0", type_=first.column.type)
        found = sa.and_(first.column <= value if first.is_descending != is_backward else first.column >= value, found)
    return found


def _further(key: SortKey, value: Column, *, is_empty: bool, is_backward: bool, may_be_empty: bool) -> Column | None:
    if is_empty:  # empty values are the last ones: beyond them is nothing, before them all others
        return key.column.is_not(None) if is_backward else None
    compared = key.column < value if key.is_descending != is_backward else key.column > value
    if is_backward or not may_be_empty:
        return compared
    return sa.or_(compared, key.column.is_(None))
