"""Knowing again what is the same thing: by its uid, by what a pack's author says, by its key where nothing else is left.

A new version may know a field by another uid than the app does: its author made it anew, or both sides added one
of the same key. The app's uid stays, for its records' column is named after it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from engine.definitions import Document
from engine.definitions.likeness import same

Uids = dict[str, str]


def aligned(theirs: Sequence[Document], base: Sequence[Document], mine: Sequence[Document], known: Mapping[str, str]) -> tuple[tuple[Document, ...], Uids]:
    """The new version's documents with the app's uids, and which of its uids became which.

    `known` are those that are known from before or that the pack declares.
    """
    uids: Uids = dict(known)
    theirs = tuple(renewed(document, uids) for document in theirs)
    found = _pairs(theirs, [*mine, *base])
    theirs = tuple(renewed(document, found) for document in theirs)
    fields = {} if base is theirs else _field_pairs(theirs, mine, base)
    theirs = tuple(renewed(document, fields) for document in theirs)
    return theirs, _joined(uids, {**found, **fields})


def renewed(document: Document, uids: Mapping[str, str]) -> Document:
    """A document with other uids; itself where none of its own is among them."""
    if not uids:
        return document

    def walk(value: Any) -> Any:
        if isinstance(value, Mapping):
            return {key: uids.get(item, item) if key == "uid" and isinstance(item, str) else walk(item) for key, item in value.items()}
        if isinstance(value, list):
            return [walk(item) for item in value]
        return value

    found = walk(document)
    return document if same(found, document) else found


def _pairs(theirs: Iterable[Document], here: Sequence[Document]) -> Uids:
    """Documents of the same kind and key that nothing else connects."""
    uids_here = {document["uid"] for document in here}
    uids_there = {document["uid"] for document in theirs}
    by_place: dict[tuple[str, str], str] = {}
    for document in here:
        if document["uid"] not in uids_there:
            by_place.setdefault((document["kind"], document["key"]), document["uid"])
    return {
        document["uid"]: by_place[document["kind"], document["key"]]
        for document in theirs
        if document["uid"] not in uids_here and (document["kind"], document["key"]) in by_place
    }


def _field_pairs(theirs: Iterable[Document], mine: Sequence[Document], base: Sequence[Document]) -> Uids:
    """Likewise fields: the app's own of that key, or the old version's of that key and type."""
    found: Uids = {}
    own = {document["uid"]: document for document in mine if document["kind"] == "entity"}
    old = {document["uid"]: document for document in base if document["kind"] == "entity"}
    for document in theirs:
        if document["kind"] != "entity" or not (document["uid"] in own or document["uid"] in old):
            continue
        sides = [own.get(document["uid"], {}).get("fields", ()), old.get(document["uid"], {}).get("fields", ())]
        here = {item["uid"] for side in sides for item in side}
        there = {item["uid"] for item in document["fields"]}
        for item in document["fields"]:
            if item["uid"] in here:
                continue
            same_key = [each for each in (*sides[0], *(each for each in sides[1] if each["type"] == item["type"])) if each["key"] == item["key"]]
            free = next((each["uid"] for each in same_key if each["uid"] not in there), None)
            if free is not None:
                found[item["uid"]] = free
    return found


def _joined(first: Mapping[str, str], second: Mapping[str, str]) -> Uids:
    """Two steps as one: what the first led to may have been led on by the second."""
    return {**{key: second.get(to, to) for key, to in first.items()}, **second}
