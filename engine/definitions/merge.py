"""Three-way merge of documents: what two people (or a pack and its client) made of the same base.

Works on JSON values. Objects are merged key by key. Lists are merged element by element where elements
have a name that tells which is which: a `uid`, a `key`, what a form item or a navigation entry stands for,
or being a plain text or number that occurs once; any other list is one value. Whoever did not touch a
place takes the other's change. Where both changed it differently, it is a clash; the merged value then
holds my side there (or, where one side removed what the other changed, the side that still has it).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Final

from engine.kernel.messages import pick


class _Missing:
    def __repr__(self) -> str:
        return "MISSING"


MISSING: Final[Any] = _Missing()
"""There is nothing: the key or the element is not there on this side."""

NAMES = ("uid", "key", "field", "rows", "view", "entity")
"""What tells an element of a list from its neighbours, the strongest first."""


@dataclass(frozen=True)
class Clash:
    """A place in the merged value that both sides changed differently; a side may be MISSING."""

    path: tuple[str | int, ...]
    base: Any
    mine: Any
    theirs: Any


def merge(base: Any, mine: Any, theirs: Any) -> tuple[Any, tuple[Clash, ...]]:
    """The merged value and the clashes; MISSING stands for a document that is not there."""
    clashes: list[Clash] = []
    return _merge(base, mine, theirs, (), clashes), tuple(clashes)


def place_label(document: Any, path: Sequence[str | int], language: str) -> str:
    """A path as people read it: labels where the things on the way have one, keys where not."""
    found: list[str] = []
    for step in path:
        try:
            document = document[step]
        except (KeyError, IndexError, TypeError):
            document = None
        shown = str(step)
        if isinstance(document, dict):
            label = document.get("label") or next((document[name] for name in NAMES[1:] if name in document), None)
            shown = pick(label, language) if label else shown
        found.append(shown)
    return " › ".join(found)


def _merge(base: Any, mine: Any, theirs: Any, path: tuple[str | int, ...], clashes: list[Clash]) -> Any:
    if _same(mine, theirs) or _same(theirs, base):
        return mine
    if _same(mine, base):
        return theirs
    if isinstance(mine, dict) and isinstance(theirs, dict):
        return _merge_objects(base if isinstance(base, dict) else {}, mine, theirs, path, clashes)
    if isinstance(mine, list) and isinstance(theirs, list):
        before = base if isinstance(base, list) else []
        name = _naming(before, mine, theirs)
        if name is not None:
            return _merge_lists(before, mine, theirs, path, clashes, name)
    clashes.append(Clash(path, base, mine, theirs))
    return theirs if mine is MISSING else mine


def _merge_objects(base: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any], path: tuple[str | int, ...], clashes: list[Clash]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key in [*mine, *(key for key in theirs if key not in mine)]:
        value = _merge(base.get(key, MISSING), mine.get(key, MISSING), theirs.get(key, MISSING), (*path, key), clashes)
        if value is not MISSING:
            found[key] = value
    return found


def _merge_lists(
    base: list[Any], mine: list[Any], theirs: list[Any], path: tuple[str | int, ...], clashes: list[Clash], name: Callable[[Any], Any],
) -> list[Any]:
    sides = [{name(item): item for item in side} for side in (base, mine, theirs)]
    found: list[Any] = []
    for key in _order(*([name(item) for item in side] for side in (base, mine, theirs))):
        inner: list[Clash] = []
        before, own, other = (side.get(key, MISSING) for side in sides)
        value = _merge(before, own, other, (*path, len(found)), inner)
        clashes.extend(inner)
        if value is not MISSING:
            found.append(value)
    return found


def _order(base: list[Any], mine: list[Any], theirs: list[Any]) -> list[Any]:
    """The order of all elements: of the side that reordered (mine, if both did); the other's new ones follow their neighbour."""
    kept = [key for key in mine if key in theirs]
    mine_moved = [key for key in mine if key in base] != [key for key in base if key in mine]
    first, second = (mine, theirs) if mine_moved or kept == [key for key in theirs if key in mine] else (theirs, mine)
    order = list(first)
    for index, key in enumerate(second):
        if key in first:
            continue
        before = next((order.index(each) for each in reversed(second[:index]) if each in order), -1)
        order.insert(before + 1, key)
    return order


def _naming(*sides: list[Any]) -> Callable[[Any], Any] | None:
    """How the elements of these lists are told apart; None when they can't be."""
    items = [item for side in sides for item in side]
    if all(isinstance(item, (str, int)) for item in items):
        return _unique(lambda item: item, sides)
    if not all(isinstance(item, (dict, str)) for item in items):
        return None
    for name in NAMES[:2]:
        if all(isinstance(item, dict) and isinstance(item.get(name), str) for item in items):
            return _unique(itemgetter(name), sides)
    return _unique(_stands_for, sides) if all(_stands_for(item) is not None for item in items) else None


def _stands_for(item: Any) -> Any:
    if isinstance(item, str):
        return ("field", item)
    return next(((name, item[name]) for name in NAMES if isinstance(item.get(name), str)), None)


def _unique(name: Callable[[Any], Any], sides: tuple[list[Any], ...]) -> Callable[[Any], Any] | None:
    return name if all(len({name(item) for item in side}) == len(side) for side in sides) else None


def _same(one: Any, other: Any) -> bool:
    return one is other or (type(one) is type(other) and bool(one == other))
