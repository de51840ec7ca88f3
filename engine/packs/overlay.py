"""A pack that builds on another: the other's documents under its own, and what of an app is its own again.

A pack whose `requires` names a pack of the shelf holds only what it adds or changes. Its own document takes
the place of the other's with the same kind and key; `leaves_out` names those that it does without, and what
names them goes along (see `modules`). Entities
and fields get uids of their own for each app, made from the app's uid, so that two apps over one core stand
side by side in one database, and so that exporting finds out what came from the core.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID, uuid5

from engine.definitions import Document
from engine.kernel.errors import EngineError, Invalid, Problem
from engine.packs.modules import pruned
from engine.packs.pack import Pack

PRODUCT = "formwork"

Find = Callable[[str], Pack]


def complete(pack: Pack, find: Find) -> Pack:
    """The pack with the documents of the packs it builds on.

    `find` gives a pack by its key, raising NotFound. Raises Invalid (`pack.missing_pack`, `pack.older_pack`,
    `pack.leaves_out_unknown`).
    """
    found, problems = base_documents(pack, find)
    own = {_place(document) for document in pack.documents}
    known = {_place(document) for document in found}
    for place in pack.manifest.leaves_out:
        if place not in known:
            problems.append(Problem("pack.leaves_out_unknown", {"name": place}, ("pack.json", "leaves_out")))
    if problems:
        raise Invalid(*problems)
    kept = pruned(found, set(pack.manifest.leaves_out))
    return pack.with_documents((*pack.documents, *(document for document in kept if _place(document) not in own)))


def base_documents(pack: Pack, find: Find) -> tuple[list[Document], list[Problem]]:
    """What the required packs bring into this pack's app, without their own app documents; and what is missing."""
    app_uid = next((document["uid"] for document in pack.documents if document["kind"] == "app"), pack.manifest.uid)
    found: dict[str, Document] = {}
    problems: list[Problem] = []
    for key, wanted in sorted(pack.manifest.requires.items()):
        if key == PRODUCT:
            continue
        try:
            base = find(key)
        except EngineError:
            problems.append(Problem("pack.missing_pack", {"key": key}, ("pack.json", "requires", key)))
            continue
        if _version(base.manifest.version) < _version(wanted.removeprefix(">=")):
            problems.append(Problem("pack.older_pack", {"key": key, "wanted": wanted, "version": base.manifest.version}, ("pack.json", "requires", key)))
        for document in complete(base, find).documents:
            if document["kind"] != "app":
                found[_place(document)] = rooted(document, app_uid)
    return list(found.values()), problems


def own_part(documents: Iterable[Document], pack: Pack, find: Find) -> tuple[list[Document], list[str]]:
    """What of an app's documents is not the required packs', and which of theirs the app does without."""
    documents = list(documents)
    here = {_place(document) for document in documents}
    base = base_documents(pack, find)[0]
    absent = {_place(document) for document in base if _place(document) not in here}
    # What goes along with its entity need not be named.
    out = {_place(document) for document in base if _place(document) in absent and f"entity/{document.get('entity')}" not in absent}
    kept = {_place(document): document for document in pruned(base, out)}
    return [document for document in documents if kept.get(_place(document)) != document], sorted(out)


def rooted(document: Document, app_uid: str) -> Document:
    """A document with uids of its own for an app; the same app gives the same uids."""
    root = UUID(app_uid)

    def renewed(value: Any) -> Any:
        if isinstance(value, Mapping):
            return {key: str(uuid5(root, item)) if key == "uid" and isinstance(item, str) else renewed(item) for key, item in value.items()}
        if isinstance(value, list):
            return [renewed(item) for item in value]
        return value

    return renewed(document)  # type: ignore[no-any-return]


def _place(document: Mapping[str, Any]) -> str:
    return f"{document['kind']}/{document['key']}"


def _version(text: str) -> tuple[int, ...]:
    parts = [int(part) for part in text.split(".")]
    return tuple(parts + [0] * (3 - len(parts)))
