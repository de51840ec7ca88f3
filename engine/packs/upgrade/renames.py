"""New keys carried to all three versions before they are compared: a rename is one difference, not hundreds.

An expression that the company changed follows the pack's new key, and the pack's new view follows the company's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine.definitions import Document
from engine.definitions.likeness import same
from engine.definitions.rename import Renaming, rename_entity, rename_field
from engine.kernel.json import canonical
from engine.packs.upgrade.entries import Status
from engine.packs.upgrade.walk import Choose, Difference3

Documents = tuple[Document, ...]


@dataclass(frozen=True)
class Sides:
    """The three versions."""

    base: Documents
    mine: Documents
    theirs: Documents

    def __iter__(self) -> Iterator[Documents]:
        return iter((self.base, self.mine, self.theirs))


@dataclass(frozen=True)
class _Named:
    """A field or entity (`field` empty) and its keys in the three versions."""

    entity: str
    uid: str
    keys: tuple[str, str, str]

    @property
    def status(self) -> Status:
        base, mine, theirs = self.keys
        if mine == theirs:
            return "both_same"
        return "taken" if mine == base else "kept" if theirs == base else "conflict"


def carry_renames(
    sides: Sides, choose: Choose, address: Mapping[str, str], first_keys: dict[tuple[str, str], str]
) -> tuple[Sides, list[tuple[str, Difference3]]]:
    """The versions with the same keys for the same things, and each rename with the document it is in.

    `choose` is asked with a path that begins with the document's address (`address`, by the entity's uid).
    `first_keys` is told which key was installed, by address and the key that a field has afterwards.
    A rename whose key is taken by another thing is left alone: then it is two differences like any others.
    """
    found: list[tuple[str, Difference3]] = []
    for named in (*_entities(sides), *_fields(sides)):
        place = address[named.entity]
        path = (place, "key") if named.uid == named.entity else (place, "fields", named.keys[0], "key")
        choice = choose(path, named.status)
        final = named.keys[2] if choice == "theirs" else named.keys[1]
        if named.keys != (final,) * 3:
            renamed = _renamed(sides, named, final)
            if renamed is None:
                continue
            sides = renamed
        if named.uid != named.entity:
            first_keys[place, final] = named.keys[0]
        shown = path[1:] if named.uid == named.entity else ("fields", final, "key")
        found.append((place, Difference3(shown, named.status, *named.keys, choice)))
    return sides, found


def _entities(sides: Sides) -> Iterable[_Named]:
    by_uid = [{item["uid"]: item["key"] for item in side if item["kind"] == "entity"} for side in sides]
    for uid, key in by_uid[0].items():
        if uid in by_uid[1] and uid in by_uid[2] and (by_uid[1][uid] != key or by_uid[2][uid] != key):
            yield _Named(uid, uid, (key, by_uid[1][uid], by_uid[2][uid]))


def _fields(sides: Sides) -> Iterable[_Named]:
    by_uid = [{item["uid"]: item for item in side if item["kind"] == "entity"} for side in sides]
    for entity, document in by_uid[0].items():
        if entity not in by_uid[1] or entity not in by_uid[2] or document is by_uid[2][entity]:
            continue
        keys = [{item["uid"]: item["key"] for item in side[entity]["fields"]} for side in by_uid]
        for uid, key in keys[0].items():
            if uid in keys[1] and uid in keys[2] and (keys[1][uid] != key or keys[2][uid] != key):
                yield _Named(entity, uid, (key, keys[1][uid], keys[2][uid]))


def _renamed(sides: Sides, named: _Named, final: str) -> Sides | None:
    """All three with the key; None where another thing has it there."""
    mine = _side_with(sides.mine, named, final)
    base = _side_with(sides.base, named, final, like=(sides.mine, mine))
    theirs = _side_with(sides.theirs, named, final)
    return Sides(base, mine, theirs) if base is not None and mine is not None and theirs is not None else None


def _side_with(side: Documents, named: _Named, final: str, like: tuple[Documents, Documents | None] | None = None) -> Documents | None:
    """One version with the key; None where another thing has it. `like`: another version before and after, whose work can be used."""
    entity = next(item for item in side if item["uid"] == named.entity)
    is_entity = named.uid == named.entity
    things: Sequence[Mapping[str, str]] = [item for item in side if item["kind"] == "entity"] if is_entity else entity["fields"]
    old = next(item for item in things if item["uid"] == named.uid)["key"]
    if old == final:
        return side
    if any(item["key"] == final for item in things):
        return None
    if like is not None and like[1] is not None and (done := _as_there(side, like[0], like[1], old)) is not None:
        return done
    renaming = rename_entity(side, old, final, are_checked=True) if is_entity else rename_field(side, entity["key"], old, final, are_checked=True)
    return _applied(side, renaming)


def _as_there(side: Documents, before: Documents, after: Documents, old: str) -> Documents | None:
    """What became of the same documents there; None where one that differs speaks of the key."""
    made = {document["uid"]: (document, changed) for document, changed in zip(before, after, strict=True)}
    found = []
    for document in side:
        there = made.get(document["uid"])
        if there is not None and same(there[0], document):
            found.append(there[1])
        elif old.encode() in canonical(document):
            return None
        else:
            found.append(document)
    return tuple(found)


def _applied(side: Documents, renaming: Renaming) -> Documents:
    return tuple(renaming.documents.get((item["kind"], item["key"]), item) for item in side)
