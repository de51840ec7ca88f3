"""Three-way merge of documents: what two people (or a pack and its client) made of the same base.

Works on JSON values. Objects are merged key by key, lists element by element; which element is which is
told by `engine.definitions.likeness`. Whoever did not touch a place takes the other's change. Where both
changed it differently, it is a clash; the merged value then holds my side there (or, where one side removed
what the other changed, the side that still has it). An order that both changed is a clash of its own.
A list of numbers is one value: its places mean something (a point, a range).
`designer/ui/core/merge.ts` does the same in the browser; tests/js/merge_cases.json holds both to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from engine.definitions.likeness import NAMES, identify, is_one_value, same
from engine.definitions.order import merge_order
from engine.kernel.messages import pick


class _Missing:
    def __repr__(self) -> str:
        return "MISSING"


MISSING: Final[Any] = _Missing()
"""There is nothing: the key or the element is not there on this side."""

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Clash:
    """A place in the merged value that both sides changed differently; a side may be MISSING.

    With `order`, the place is a list that both sides sorted: the merged list has my order, and `order` names
    its elements' places in the order of the other side.
    """

    path: Path
    base: Any
    mine: Any
    theirs: Any
    order: tuple[int, ...] | None = None


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


def _merge(base: Any, mine: Any, theirs: Any, path: Path, clashes: list[Clash]) -> Any:
    if same(mine, theirs) or same(theirs, base):
        return mine
    if same(mine, base):
        return theirs
    if isinstance(mine, dict) and isinstance(theirs, dict):
        return _merge_objects(base if isinstance(base, dict) else {}, mine, theirs, path, clashes)
    if isinstance(mine, list) and isinstance(theirs, list):
        before = base if isinstance(base, list) else []
        if not is_one_value(before, mine, theirs):
            return _merge_lists(before, mine, theirs, path, clashes)
    clashes.append(Clash(path, base, mine, theirs))
    return theirs if mine is MISSING else mine


def _merge_objects(base: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any], path: Path, clashes: list[Clash]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key in [*mine, *(key for key in theirs if key not in mine)]:
        value = _merge(base.get(key, MISSING), mine.get(key, MISSING), theirs.get(key, MISSING), (*path, key), clashes)
        if value is not MISSING:
            found[key] = value
    return found


def _merge_lists(base: list[Any], mine: list[Any], theirs: list[Any], path: Path, clashes: list[Clash]) -> list[Any]:
    names = identify(base, mine, theirs)
    sides = [dict(zip(given, side, strict=True)) for given, side in zip(names, (base, mine, theirs), strict=True)]
    order = merge_order(*names)
    found: list[Any] = []
    kept: list[Any] = []
    for name in order.names:
        before, own, other = (side.get(name, MISSING) for side in sides)
        value = _merge(before, own, other, (*path, len(found)), clashes)
        if value is not MISSING:
            found.append(value)
            kept.append(name)
    if order.theirs is not None:
        places = {name: place for place, name in enumerate(kept)}
        others = tuple(places[name] for name in order.theirs if name in places)
        if others != tuple(range(len(kept))):
            clashes.append(Clash(path, base, mine, theirs, others))
    return found
