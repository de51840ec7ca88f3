"""The structured difference of two sets of documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from engine.definitions import KINDS, Document
from engine.kernel.errors import PathPart
from engine.kernel.json import canonical

ChangeKind = Literal["added", "changed", "removed"]
EditKind = Literal["added", "changed", "removed", "moved"]
Path = tuple[PathPart, ...]

_IDENTITIES = ("uid", "key", "id", "on", "field", "rows", "view", "entity", "name", "rule")
"""By what an entry of a list is known: the first of these that it has."""


@dataclass(frozen=True)
class Edit:
    """One difference inside a document.

    Entries of a list are named by their key where they have one (`("fields", "amount", "label")`),
    else by their place. A moved entry has its old and new place as `before` and `after`.
    """

    kind: EditKind
    path: Path
    before: Any = None
    after: Any = None


@dataclass(frozen=True)
class Difference:
    """One document that differs. `old_key` differs from `key` where it was renamed."""

    change: ChangeKind
    kind: str
    key: str
    uid: str
    old_key: str
    label: Any
    edits: tuple[Edit, ...] = ()


def compare(before: Iterable[Document], after: Iterable[Document]) -> tuple[Difference, ...]:
    """What has to be done to the first set to get the second, by kind and key."""
    old, new = _by_identity(before), _by_identity(after)
    found: list[Difference] = []
    for identity in (*new, *(identity for identity in old if identity not in new)):
        left, right = old.get(identity), new.get(identity)
        edits = tuple(_edits(left, right, ())) if left and right else ()
        if left and right and not edits:
            continue
        document = right or left or {}
        change: ChangeKind = "changed" if left and right else "added" if right else "removed"
        found.append(
            Difference(
                change, document["kind"], document["key"], document["uid"],
                (left or document)["key"], document.get("label", document["key"]), edits,
            )
        )
    return tuple(sorted(found, key=lambda item: (KINDS.index(item.kind), item.key)))


def _by_identity(documents: Iterable[Document]) -> dict[tuple[str, str], Document]:
    return {(item["kind"], item["uid"]): item for item in documents}


def _edits(before: Any, after: Any, path: Path) -> Iterator[Edit]:
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        yield from _object_edits(before, after, path)
    elif _is_list_of_objects(before) and _is_list_of_objects(after):
        yield from _list_edits(before, after, path)
    elif canonical(before) != canonical(after):  # to Python, True and 1 are the same
        yield Edit("changed", path, before, after)


def _object_edits(before: Mapping[str, Any], after: Mapping[str, Any], path: Path) -> Iterator[Edit]:
    for key in dict.fromkeys((*before, *after)):
        if key not in after:
            yield Edit("removed", (*path, key), before[key])
        elif key not in before:
            yield Edit("added", (*path, key), None, after[key])
        else:
            yield from _edits(before[key], after[key], (*path, key))


def _list_edits(before: Sequence[Any], after: Sequence[Any], path: Path) -> Iterator[Edit]:
    old, new = _named(before), _named(after)
    if old is None or new is None:
        yield from _by_place(before, after, path)
        return
    for name, item in old.items():
        if name not in new:
            yield Edit("removed", (*path, entry_name(item)), item)
    for name, item in new.items():
        if name not in old:
            yield Edit("added", (*path, entry_name(item)), None, item)
        else:
            yield from _edits(old[name], item, (*path, entry_name(item)))
    kept_before = [name for name in old if name in new]
    kept_after = [name for name in new if name in old]
    for name in _moved(kept_before, kept_after):
        yield Edit("moved", (*path, entry_name(new[name])), list(old).index(name), list(new).index(name))


def _by_place(before: Sequence[Any], after: Sequence[Any], path: Path) -> Iterator[Edit]:
    """Entries without names: those that stayed are told from the others by what they say."""
    left, right = [canonical(item) for item in before], [canonical(item) for item in after]
    for _, i1, i2, j1, j2 in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if left[i1:i2] == right[j1:j2]:
            continue
        paired = min(i2 - i1, j2 - j1)
        for shift in range(paired):
            yield from _edits(before[i1 + shift], after[j1 + shift], (*path, j1 + shift))
        for place in range(i1 + paired, i2):
            yield Edit("removed", (*path, place), before[place])
        for place in range(j1 + paired, j2):
            yield Edit("added", (*path, place), None, after[place])


def _moved(before: Sequence[Any], after: Sequence[Any]) -> list[Any]:
    """The fewest entries whose moving explains the new order: all but a longest run that kept its order."""
    places = {name: place for place, name in enumerate(before)}
    chains: list[list[Any]] = []  # by length less one, the chain whose end stands earliest
    for name in after:
        at = next((i for i, chain in enumerate(chains) if places[chain[-1]] > places[name]), len(chains))
        chain = [*(chains[at - 1] if at else []), name]
        chains[at : at + 1] = [chain]
    kept = set(chains[-1]) if chains else set()
    return [name for name in after if name not in kept]


def _is_list_of_objects(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, Mapping) for item in value)


def _named(items: Sequence[Mapping[str, Any]]) -> dict[tuple[str, str], Mapping[str, Any]] | None:
    """Entries by what they are known by; None where one has no name, or two have the same."""
    found: dict[tuple[str, str], Mapping[str, Any]] = {}
    for item in items:
        kind = next((name for name in _IDENTITIES if isinstance(item.get(name), str)), None)
        if kind is None or (kind, item[kind]) in found:
            return None
        found[kind, item[kind]] = item
    return found


def entry_name(item: Mapping[str, Any]) -> str:
    """How people call an entry: by its key rather than by its uid."""
    return str(next(item[name] for name in ("key", *_IDENTITIES) if name in item))
