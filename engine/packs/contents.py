"""What a pack holds, for who chooses one: what it keeps, what is approved in it, and how much comes along."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from engine.definitions import Document, Text
from engine.kernel import json
from engine.packs.manifest import parse_manifest
from engine.packs.pack import Pack
from engine.packs.shelf import shelf_path


@dataclass(frozen=True)
class Contents:
    """Labels of the entities (without child rows) and of the workflows with approvals, and some counts."""

    entities: tuple[Text, ...]
    approvals: tuple[Text, ...]
    forms: int
    views: int
    roles: tuple[Text, ...]
    records: int
    people: int


def contents_of(pack: Pack) -> Contents:
    """What a pack holds that has been read and completed."""
    return _contents(pack.documents, sum(len(file.records) for file in pack.samples), len(pack.people.get("users", ())))


@cache
def shelf_contents(key: str) -> Contents:
    """The same for a shipped pack, without checking anything: fast enough for a page that shows all of them. Raises NotFound."""
    folder = shelf_path(key)
    records = sum(len(json.read(path.read_bytes())["records"]) for path in sorted(folder.glob("records/*.json")))
    people = folder / "people.json"
    count = len(json.read(people.read_bytes()).get("users", ())) if people.exists() else 0
    return _contents(_shelf_documents(folder).values(), records, count)


_READ = ("entities", "forms", "views", "roles", "workflows")


def _shelf_documents(folder: Path) -> dict[str, Document]:
    """The documents by "kind/key": its own first, then those of the packs it builds on."""
    manifest = parse_manifest(json.read((folder / "pack.json").read_bytes()))
    found: dict[str, Document] = {}
    for key in manifest.requires:
        if key != "formwork":
            found |= _shelf_documents(shelf_path(key))
    gone = set(manifest.leaves_out)
    found = {place: document for place, document in found.items() if place not in gone and f"entity/{document.get('entity')}" not in gone}
    own: dict[str, Document] = {}
    for name in _READ:
        for path in sorted((folder / name).glob("*.json")):
            document: Any = json.read(path.read_bytes())
            own[f"{document['kind']}/{document['key']}"] = document
    return own | {place: document for place, document in found.items() if place not in own}


def _contents(documents: Iterable[Document], records: int, people: int) -> Contents:
    kinds: dict[str, list[Document]] = {}
    for document in documents:
        kinds.setdefault(document["kind"], []).append(document)
    entities = [document for document in kinds.get("entity", ()) if not document.get("part_of")]
    approvals = [document for document in kinds.get("workflow", ()) if _approves(document)]
    return Contents(
        tuple(document["label"] for document in entities), tuple(document["label"] for document in approvals),
        len(kinds.get("form", ())), len(kinds.get("view", ())), tuple(document["label"] for document in kinds.get("role", ())), records, people,
    )  # fmt: skip


def _approves(workflow: Mapping[str, Any]) -> bool:
    return any(state.get("type") == "approval" for state in workflow["states"].values())
