"""Three versions of a document walked through at once: what differs where, and what is to become of it.

Who is who in a list is told by `engine.definitions.likeness`, as in every other merge of ours. Where one side
alone changed a thing without parts of its own, that is one item; where both did, each place inside is looked at.
Comparing two versions is the same walk: the base and one side are the same then.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from engine.definitions.likeness import Name, identify, is_one_value, same
from engine.definitions.merge import MISSING
from engine.definitions.order import merge_order, with_new
from engine.kernel.messages import LANGUAGES
from engine.packs.upgrade.entries import Choice, Status

Path = tuple[str | int, ...]
_IDENTITY = ("uid", "kind", "schema")
ORDER = "@order"
_OWN_NAMES = ("key", "id", "on", "field", "rows", "view", "entity", "name", "rule", "uid")


@dataclass(frozen=True)
class Difference3:
    """A place where the three versions are not the same."""

    path: Path
    status: Status
    base: Any
    mine: Any
    theirs: Any
    choice: Choice | None


Choose = Callable[[Path, Status], Choice | None]
"""What is to be done at a place, None where nobody has decided; asked with what the difference is."""

SUGGESTED: Mapping[Status, Choice | None] = {
    "taken": "theirs", "added": "theirs", "removed": "theirs", "kept": "mine", "removed_here": "mine", "both_same": "mine", "conflict": None,
}


@dataclass
class Walk:
    """One walk; `found` are the differences on the way."""

    choose: Choose
    found: list[Difference3] = field(default_factory=list)

    def settle(self, base: Any, mine: Any, theirs: Any, path: Path = ()) -> Any:
        """What a value becomes; MISSING for one that goes."""
        if same(mine, theirs):
            if not same(base, mine):
                self._decide("both_same", (base, mine, theirs), path)
            return mine
        is_one_sided = same(base, mine) or same(base, theirs)
        if isinstance(mine, dict) and isinstance(theirs, dict) and not (is_one_sided and not _has_parts(mine, theirs)):
            return self._object(base if isinstance(base, dict) else {}, mine, theirs, path)
        if isinstance(mine, list) and isinstance(theirs, list) and not (is_one_sided and not _has_parts(mine, theirs)):
            before = base if isinstance(base, list) else []
            if not is_one_value(before, mine, theirs):
                return self._list(before, mine, theirs, path)
        choice = self._decide(_status(base, mine, theirs), (base, mine, theirs), path)
        if choice is None:  # nobody has decided: the side that still has it
            return theirs if mine is MISSING else mine
        return mine if choice == "mine" else theirs

    def _object(self, base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any], path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key in [*mine, *(key for key in theirs if key not in mine)]:
            sides = (base.get(key, MISSING), mine.get(key, MISSING), theirs.get(key, MISSING))
            value = sides[1] if not path and key in _IDENTITY and key in mine else self.settle(*sides, (*path, key))
            if value is not MISSING:
                found[key] = value
        for key in base.keys() - mine.keys() - theirs.keys():
            self.settle(base[key], MISSING, MISSING, (*path, key))
        return found

    def _list(self, base: list[Any], mine: list[Any], theirs: list[Any], path: Path) -> list[Any]:
        names = identify(base, mine, theirs)
        sides = [dict(zip(given, side, strict=True)) for given, side in zip(names, (base, mine, theirs), strict=True)]
        called = _called(names, (base, mine, theirs))
        order = self._order(*names, path)
        found: list[Any] = []
        for name in order:
            before, own, other = (side.get(name, MISSING) for side in sides)
            value = self.settle(before, own, other, (*path, called[name]))
            if value is not MISSING:
                found.append(value)
        for name in names[0]:
            if name not in sides[1] and name not in sides[2]:
                self.settle(sides[0][name], MISSING, MISSING, (*path, called[name]))
        return found

    def _order(self, base: list[Name], mine: list[Name], theirs: list[Name], path: Path) -> list[Name]:
        common = set(base) & set(mine) & set(theirs)
        before, own, other = ([name for name in side if name in common] for side in (base, mine, theirs))
        merged = merge_order(base, mine, theirs)
        if own == other:
            return merged.names
        status: Status = "taken" if own == before else "kept" if other == before else "conflict" if merged.theirs is not None else "taken"
        called = [[str(name[1]) for name in side] for side in (before, own, other)]
        choice = self._decide(status, (called[0], called[1], called[2]), (*path, ORDER))
        if choice == SUGGESTED[status]:
            return merged.names
        return with_new(mine, theirs) if choice == "mine" else with_new(theirs, mine)

    def _decide(self, status: Status, sides: tuple[Any, Any, Any], path: Path) -> Choice | None:
        choice = self.choose(path, status)
        self.found.append(Difference3(path, status, *sides, choice))
        return choice


def _status(base: Any, mine: Any, theirs: Any) -> Status:
    if same(mine, base):
        return "added" if base is MISSING else "removed" if theirs is MISSING else "taken"
    if same(theirs, base):
        return "removed_here" if mine is MISSING else "kept"
    return "conflict"


def _has_parts(mine: Any, theirs: Any) -> bool:
    """Is it something with things in it that people change one by one?"""
    return any(_is_whole(side) for side in (mine, theirs))


def _is_whole(value: Any) -> bool:
    if isinstance(value, list):
        return any(isinstance(item, dict) and not _is_nameless(item) for item in value)
    if not value or set(value) <= set(LANGUAGES):
        return False
    return "key" in value or "uid" in value or any(
        (isinstance(item, dict) and not set(item) <= set(LANGUAGES)) or (isinstance(item, list) and _is_whole(item)) for item in value.values())


def _is_nameless(item: Mapping[str, Any]) -> bool:
    return not any(isinstance(item.get(name), str) for name in _OWN_NAMES)


def _called(names: tuple[list[Name], list[Name], list[Name]], sides: tuple[list[Any], list[Any], list[Any]]) -> dict[Name, str]:
    """What elements are called in a path: by their key, else by what they stand for or hold; each differently."""
    found: dict[Name, str] = {}
    taken: set[str] = set()
    for given, side in ((names[1], sides[1]), (names[2], sides[2]), (names[0], sides[0])):
        for name, item in zip(given, side, strict=True):
            if name in found:
                continue
            text = _text(name, item)
            if text in taken:
                text = f"{text}~{_digest(name)}"
            found[name] = text
            taken.add(text)
    return found


def _text(name: Name, item: Any) -> str:
    if name[0] == "" and not isinstance(item, str):
        own = next((item[key] for key in _OWN_NAMES if isinstance(item.get(key), str)), None) if isinstance(item, dict) else None
        return f"={own or ''}{_digest(name)}"
    if isinstance(item, dict):
        return str(next((item[key] for key in _OWN_NAMES if isinstance(item.get(key), str)), name[1]))
    return str(name[1])


def _digest(name: Name) -> str:
    return sha256(repr(name).encode()).hexdigest()[:6]
