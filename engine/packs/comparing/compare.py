"""What differs between two sets of documents, thing by thing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID, uuid5

from engine.definitions import Document
from engine.packs.prepare import retold
from engine.packs.upgrade.align import aligned, renewed
from engine.packs.upgrade.entries import Merged, Status
from engine.packs.upgrade.merge_app import Choices, merge_app
from engine.packs.upgrade.renames import Sides

_STATUS: dict[Status, Literal["added", "removed", "changed"]] = {"added": "added", "removed": "removed"}


@dataclass(frozen=True)
class Difference:
    """One place that differs: what has to be done to the left to get the right.

    `id` stays the same from one comparison to the next; `place` says where, in the reader's language. A side named in
    `absent` has nothing there.
    """

    id: str
    document: str
    kind: str
    document_label: str
    place: str
    status: Literal["added", "removed", "changed"]
    left: Any
    right: Any
    absent: tuple[str, ...] = ()
    path: tuple[str | int, ...] = ()


def compare(left: Iterable[Document], right: Iterable[Document], language: str) -> tuple[Difference, ...]:
    """The differences by document; things are the same by their uid, or by their key where two apps grew apart."""
    left = tuple(left)
    merged = merge_pair(left, met(tuple(right), left), {}, language)
    sides = {"mine": "left", "theirs": "right"}
    return tuple(
        Difference(item.id, item.document, item.kind, item.document_label, item.place, _STATUS.get(item.status, "changed"), item.mine, item.theirs,
                   tuple(sides[side] for side in item.absent if side in sides), item.path)
        for item in merged.items
    )


def merge_pair(left: tuple[Document, ...], right: tuple[Document, ...], choices: Choices, language: str) -> Merged:
    """The left as it would be with what is chosen of the right."""
    return merge_app(Sides(left, left, right), choices, language, asks_users=False)


def met(right: tuple[Document, ...], left: tuple[Document, ...]) -> tuple[Document, ...]:
    """The right as if it stood in the left's app: under its key, with its uids where things are the same.

    What only another app's right has gets uids of its own: two apps of one installation can't share a table.
    """
    own, other = (next((item for item in side if item["kind"] == "app"), None) for side in (left, right))
    if own is None or other is None:
        return right
    known = {other["uid"]: own["uid"]}
    renamed = tuple({**item, "key": own["key"]} if item["kind"] == "app" else retold(item, other["key"], own["key"]) for item in right)
    found, _ = aligned(renamed, left, left, known)
    if own["uid"] == other["uid"]:
        return found
    here = {uid for document in left for uid in uids_in(document)}
    fresh = {uid: str(uuid5(UUID(own["uid"]), uid)) for document in found for uid in uids_in(document) if uid not in here}
    return tuple(renewed(document, fresh) for document in found)


def uids_in(document: Document) -> list[str]:
    """The uids of a document and its fields."""
    return [document["uid"], *(item["uid"] for item in document.get("fields", ()) if isinstance(item, dict))]
