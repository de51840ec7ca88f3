"""The order of a list that two people edited at once."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from engine.definitions.likeness import Name


@dataclass(frozen=True)
class Order:
    """All elements in their order; `theirs` only when both sides sorted the same elements differently."""

    names: list[Name]
    theirs: list[Name] | None = None


def merge_order(base: Sequence[Name], mine: Sequence[Name], theirs: Sequence[Name]) -> Order:
    """The order of the side that moved something; both sides' moves where they moved different things."""
    common = set(base) & set(mine) & set(theirs)
    before, own, other = ([name for name in side if name in common] for side in (base, mine, theirs))
    if own == before:
        return Order(with_new(theirs, mine))
    if other in (before, own):
        return Order(with_new(mine, theirs))
    moved = _moved(before, other)
    if moved & _moved(before, own):
        return Order(with_new(mine, theirs), with_new(theirs, mine))
    rest = [name for name in mine if name not in moved]
    return Order(with_new(_placed(rest, [name for name in theirs if name in moved], theirs), theirs))


def with_new(first: Sequence[Name], second: Sequence[Name]) -> list[Name]:
    """`first`, with what only `second` has put behind the neighbour that it has there."""
    known = set(first)
    return _placed(list(first), [name for name in second if name not in known], second)


def _placed(order: list[Name], names: Sequence[Name], like: Sequence[Name]) -> list[Name]:
    place = {name: index for index, name in enumerate(like)}
    there = set(order)
    for name in names:
        before = next((each for each in reversed(like[: place[name]]) if each in there), None)
        order.insert(0 if before is None else order.index(before) + 1, name)
        there.add(name)
    return order


def _moved(before: Sequence[Name], after: Sequence[Name]) -> set[Name]:
    """The fewest elements that had to move to make one order of the other: all but a longest rising run."""
    place = {name: index for index, name in enumerate(before)}
    numbers = [place[name] for name in after]
    ends: list[int] = []
    lengths: list[int] = []
    for number in numbers:
        length = bisect_left(ends, number)
        ends[length : length + 1] = [number]
        lengths.append(length)
    stays: set[int] = set()
    wanted, limit = len(ends) - 1, len(numbers)
    for number, length in zip(reversed(numbers), reversed(lengths), strict=True):
        if length == wanted and number < limit:
            stays.add(number)
            wanted, limit = wanted - 1, number
    return {name for name in after if place[name] not in stays}
