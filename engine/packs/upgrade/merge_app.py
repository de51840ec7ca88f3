"""All documents of an app in three versions: merged, with an item for every difference."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from engine.definitions import KINDS, Document, validate
from engine.definitions.labels import Labels
from engine.definitions.likeness import same
from engine.definitions.merge import MISSING
from engine.definitions.survey import survey
from engine.definitions.uses import UseIndex, uses_in
from engine.kernel.messages import translate
from engine.packs.upgrade.entries import Choice, Merged, Status, UpgradeItem
from engine.packs.upgrade.renames import Sides, carry_renames
from engine.packs.upgrade.walk import ORDER, SUGGESTED, Difference3, Path, Walk
from engine.publishing.told import whereabouts
from engine.publishing.words import place_in_words

Choices = Mapping[str, str]
Identity = tuple[str, str]
_USERS = 4
_TARGETS = {"entity": "entity", "form": "form", "view": "view", "role": "role"}


def merge_app(sides: Sides, choices: Choices, language: str, *, asks_users: bool = True) -> Merged:
    """The app as it would be, by what was chosen (`choices` by the items' ids) and else by what suggests itself.

    What one side removed while the other still uses it is a conflict, though nobody changed the thing itself:
    until somebody decides, it stays. Without `asks_users` nobody is asked who still uses what.
    """
    merged = _merge(sides, choices, {})
    removed = {item.id: item for item in merged.items if item.status in ("removed", "removed_here")}
    if removed and asks_users:
        sound = {id(document) for side in sides for document in side}
        missed = _missed(merged.documents, removed.values(), language, sound)
        if missed:
            merged = _merge(sides, choices, missed)
    return replace(merged, items=_in_words(merged, sides, language))


def _merge(sides: Sides, choices: Choices, missed: Mapping[str, tuple[str, ...]]) -> Merged:
    """`missed`: what is used by whom though one side removed it, by the item's id."""
    address = _addresses(sides)
    first_keys: dict[tuple[str, str], str] = {}

    def choose(path: Path, status: Status) -> Choice | None:
        id_ = _id(path, first_keys)
        chosen = choices.get(id_)
        if chosen in ("mine", "theirs"):
            return "mine" if chosen == "mine" else "theirs"
        return None if id_ in missed else SUGGESTED[status]

    sides, renames = carry_renames(sides, choose, address, first_keys)
    found: list[tuple[str, str, Difference3]] = []
    documents: list[Document] = []
    kinds = {document["uid"]: document["kind"] for side in sides for document in side}
    found += [(place, place.partition("/")[0], item) for place, item in renames]
    base, mine, theirs = ({(item["kind"], item["uid"]): item for item in side} for side in sides)
    for identity in dict.fromkeys((*mine, *theirs, *base)):
        three = tuple(side.get(identity, MISSING) for side in (base, mine, theirs))
        if same(three[1], three[2]) and same(three[0], three[1]):
            documents.append(three[1])
            continue
        place = address[identity[1]]
        walk = Walk(lambda path, status, place=place: choose((place, *path), status))  # type: ignore[misc]
        value = walk.settle(*three)
        if value is not MISSING:
            documents.append(value)
        found += [(place, kinds[identity[1]], item) for item in walk.found]
    ids = [_id((place, *item.path), first_keys) for place, _, item in found]
    items = tuple(_item(id_, place, kind, item, missed.get(id_, ())) for id_, (place, kind, item) in zip(ids, found, strict=True))
    return Merged(tuple(documents), tuple(sorted(items, key=lambda item: (KINDS.index(item.kind), item.document))))


def _addresses(sides: Sides) -> dict[str, str]:
    """How items name each document, by its uid: the same whatever is chosen."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for side in sides:
        for document in side:
            if document["uid"] not in found:
                text = f"{document['kind']}/{document['key']}"
                found[document["uid"]] = text if text not in taken else f"{text}~{document['uid'][:6]}"
                taken.add(found[document["uid"]])
    return found


def _id(path: Path, first_keys: Mapping[tuple[str, str], str]) -> str:
    """A place as text; a renamed field by the key that was installed, whatever it is going to be called."""
    place, *steps = (str(part) for part in path)
    if steps[:1] == ["fields"] and len(steps) > 1:
        steps[1] = first_keys.get((place, steps[1]), steps[1])
    return place + ("#" + ".".join(steps) if steps else "")


def _item(id_: str, place: str, kind: str, found: Difference3, because: tuple[str, ...]) -> UpgradeItem:
    values = {"base": found.base, "mine": found.mine, "theirs": found.theirs}
    absent = tuple(side for side, value in values.items() if value is MISSING)
    status: Status = "conflict" if because else found.status
    base, mine, theirs = (None if value is MISSING else value for value in values.values())
    return UpgradeItem(id_, place, kind, "", "", status, base, mine, theirs, found.choice, absent, because, found.path)


def _missed(documents: Iterable[Document], removed: Iterable[UpgradeItem], language: str, sound: set[int]) -> dict[str, tuple[str, ...]]:
    """Who in the result uses what one side removed, by the item's id. `sound` are documents that need no check."""
    documents = list(documents)
    # What a merge has made may be no document any more: that is for the plan to say.
    readable = [item for item in _with_removed(documents, removed) if id(item) in sound or not validate(item)]
    index = uses_in(survey(readable, are_checked=True))
    labels = Labels(documents, language)
    here = {(item["kind"], item["key"]): item for item in documents}
    found: dict[str, tuple[str, ...]] = {}
    for item in removed:
        users = list(dict.fromkeys(
            whereabouts(here, labels, use.kind, use.key, use.path) for target in _targets(item) for use in _of(index, target)
            if (use.kind, use.key) in here and (use.kind, use.key) != target[:2]
        ))
        if users:
            found[item.id] = (*users[:_USERS], *(["…"] if len(users) > _USERS else []))
    return found


def _with_removed(documents: list[Document], removed: Iterable[UpgradeItem]) -> list[Document]:
    """The result with the removed things in their places again: only so can it be told who speaks of them."""
    found = {f"{item['kind']}/{item['key']}": item for item in documents}
    for item in removed:
        value = item.mine if item.mine is not None else item.theirs
        there = found.get(item.document)
        if item.id == item.document:
            found.setdefault(item.document, value)
        elif there is not None and item.kind == "entity" and item.path[0] == "fields" and len(item.path) == 2:
            found[item.document] = {**there, "fields": _also(there["fields"], value)}
        elif there is not None and item.kind == "entity" and _is_option(item.path):
            fields = [
                {**field, "options": {**field["options"], "options": _also(field["options"]["options"], value)}} if field["key"] == item.path[1] else field
                for field in there["fields"]
            ]
            found[item.document] = {**there, "fields": fields}
    return list(found.values())


def _also(things: list[Any], value: Mapping[str, Any]) -> list[Any]:
    """A list with something more, unless that is there already."""
    return things if any(item["key"] == value["key"] for item in things) else [*things, value]


def _is_option(path: Path) -> bool:
    return len(path) == 5 and path[0] == "fields" and path[2:4] == ("options", "options")


def _targets(item: UpgradeItem) -> list[tuple[str, ...]]:
    """How the index of uses names what was removed."""
    kind, _, key = item.document.partition("/")
    if item.id == item.document:
        return [(_TARGETS[kind], key)] if kind in _TARGETS else []
    if kind == "entity" and item.path[0] == "fields" and len(item.path) == 2:
        return [("field", key, str(item.path[1]))]
    if kind == "entity" and _is_option(item.path):
        return [("option", key, str(item.path[1]), str(item.path[4]))]
    return []


def _of(index: UseIndex, target: tuple[str, ...]) -> tuple[Any, ...]:
    return index.within(*target) if target[0] == "entity" else index.of(*target)


def _in_words(merged: Merged, sides: Sides, language: str) -> tuple[UpgradeItem, ...]:
    """The items with what people call their places."""
    if not merged.items:
        return ()
    every = [*merged.documents, *sides.mine, *sides.theirs, *sides.base]
    labels = Labels(every, language)
    by_address = _by_address(sides, merged.documents)
    return tuple(replace(item, document_label=_label(by_address[item.document], labels), place=_place(by_address[item.document], item, labels))
                 for item in merged.items)


def _by_address(sides: Sides, documents: Iterable[Document]) -> dict[str, tuple[Document, ...]]:
    """Each document as it stands here, as it would be, and as it is on the other sides."""
    address = _addresses(sides)
    found: dict[str, tuple[Document, ...]] = {}
    for document in (*sides.mine, *documents, *sides.theirs, *sides.base):
        place = address[document["uid"]]
        found[place] = (*found.get(place, ()), document)
    return found


def _label(versions: tuple[Document, ...], labels: Labels) -> str:
    document = versions[0]
    return labels.say(document.get("label"), str(document["key"]))


def _place(versions: tuple[Document, ...], item: UpgradeItem, labels: Labels) -> str:
    """A place in words, asked of a version that has it."""
    path = item.path[:-1] if item.path and item.path[-1] == ORDER else item.path
    version = next((each for each in versions if _has(each, path)), versions[0])
    words = place_in_words(version, path, labels, names_all=True)
    if path is not item.path:
        order = translate("change.name.order", None, labels.language)
        return f"{words} › {order}" if words else order
    return words


def _has(document: Any, path: Path) -> bool:
    value: Any = document
    for part in path:
        if isinstance(value, Mapping):
            if part not in value:
                return False
            value = value[part]
        elif isinstance(value, list):
            value = next((each for each in value if (isinstance(each, Mapping) and part in each.values()) or each == part), None)
            if value is None:
                return False
        else:
            return False
    return True
