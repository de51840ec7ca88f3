"""Which element of one version of a list is which element of another version of it."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from engine.kernel.json import canonical

NAMES = ("uid", "key", "field", "rows", "view", "entity")
"""What tells an element of a list from its neighbours, the strongest first."""

Name = tuple[Hashable, ...]


def same(one: Any, other: Any) -> bool:
    """Are two JSON values the same? true is not 1, as it is in Python."""
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return len(one) == len(other) and all(key in other and same(value, other[key]) for key, value in one.items())
    if isinstance(one, list):
        return len(one) == len(other) and all(same(*pair) for pair in zip(one, other, strict=True))
    return bool(one == other)


def is_one_value(*sides: list[Any]) -> bool:
    """A list of numbers is not a collection: its places mean something."""
    items = [item for side in sides for item in side]
    return all(isinstance(item, (int, float)) and not isinstance(item, bool) for item in items)


def identify(base: list[Any], mine: list[Any], theirs: list[Any]) -> tuple[list[Name], list[Name], list[Name]]:
    """A name for each element of the three versions, the same for what is the same thing.

    By a `uid`, a `key`, what the element stands for (a form's item, a view's column), or, where it has no such
    thing, by its content. What has no name and was changed is the base's nameless element at the same place
    between the same neighbours.
    """
    kinds = _kinds([*base, *mine, *theirs])
    named = [_counted([_name(item, kinds) for item in side]) for side in (base, mine, theirs)]
    return named[0], _paired(named[0], named[1]), _paired(named[0], named[2])


def _kinds(items: list[Any]) -> tuple[str, ...]:
    """The names that can be trusted here: a uid or key counts only where every element has one."""
    for name in NAMES[:2]:
        if items and all(isinstance(item, dict) and isinstance(item.get(name), str) for item in items):
            return (name,)
    return NAMES[2:]


def _name(item: Any, kinds: tuple[str, ...]) -> Name:
    if isinstance(item, str):
        return ("field", item)
    if isinstance(item, dict):
        found = [part for kind in kinds if isinstance(item.get(kind), str) for part in (kind, item[kind])]
        if found:
            return tuple(found)
    return ("", canonical(item))


def _counted(names: list[Name]) -> list[Name]:
    """The second of two alike gets another name than the first."""
    seen: dict[Name, int] = {}
    found: list[Name] = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        found.append((*name, seen[name]))
    return found


def _paired(base: list[Name], side: list[Name]) -> list[Name]:
    """Nameless elements that were changed take the names they had, neighbour by neighbour."""
    gone = _gaps(base, set(side))
    come = _gaps(side, set(base))
    again = {new: old for gap, news in come.items() for old, new in zip(gone.get(gap, ()), news, strict=False)}
    return [again.get(name, name) for name in side]


def _gaps(names: list[Name], others: set[Name]) -> dict[Name, list[Name]]:
    """The nameless elements that the other version doesn't have, by the last element before them that it has."""
    found: dict[Name, list[Name]] = {}
    last: Name = ()
    for name in names:
        if name in others:
            last = name
        elif name[0] == "":
            found.setdefault(last, []).append(name)
    return found
