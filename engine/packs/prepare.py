"""What a pack's documents become in an app: under the app's key, without modules, with the people who are here.

The same is done to a new version before an upgrade, so that what differs afterwards is the version and
nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

from engine.definitions import Document
from engine.kernel.errors import Invalid, Problem
from engine.packs.modules import without
from engine.packs.overlay import complete, rooted
from engine.packs.pack import Pack
from engine.packs.shelf import read_shelf

Mapped = Mapping[str, Mapping[str, Any]]
"""{"users": {the pack's login: one that is here, or None}, "departments": likewise, "roles": {role: logins}}."""

_PARTS: Mapping[str, tuple[type, ...]] = {"users": (str, type(None)), "departments": (str, type(None)), "roles": (list, tuple)}


@dataclass(frozen=True)
class Setting:
    """How a pack was or is to be installed. `key` is empty where the app has the pack's own."""

    key: str = ""
    left_out: tuple[str, ...] = ()
    mapping: Mapped = field(default_factory=dict)


def app_of(documents: tuple[Document, ...]) -> Document:
    """The app's own document among others."""
    return next(document for document in documents if document["kind"] == "app")


def prepare(pack: Pack, setting: Setting) -> Pack:
    """The pack complete with what it builds on, as it is to stand in an app.

    Modules that this version doesn't have are not asked for. Raises Invalid where something it builds on is missing.
    """
    known = {module.key for module in pack.manifest.modules}
    found = complete(_rekeyed(pack, setting.key), read_shelf)
    found = without(found, [key for key in setting.left_out if key in known])
    return found.with_documents(tuple(_peopled(document, setting.mapping) for document in found.documents))


def _rekeyed(pack: Pack, key: str) -> Pack:
    app = app_of(pack.documents)
    if key in ("", app["key"]):
        return pack
    return pack.with_documents(rekeyed(pack.documents, key))


def rekeyed(documents: tuple[Document, ...], key: str) -> tuple[Document, ...]:
    """An app's documents under another key, with uids of their own that follow from the key."""
    app = app_of(documents)
    root = str(uuid5(UUID(app["uid"]), key))
    return tuple(
        {**document, "key": key, "uid": root} if document["kind"] == "app" else retold(rooted(document, root), app["key"], key)
        for document in documents
    )


def retold(document: Document, old: str, new: str) -> Document:
    """Translations name the app by its key."""
    if document["kind"] != "locale":
        return document
    head = f"app/{old}/"
    texts = {f"app/{new}/{path.removeprefix(head)}" if path.startswith(head) else path: text for path, text in document["texts"].items()}
    return {**document, "texts": texts}


def relabelled(document: Document, label: Any) -> Document:
    """The app's document with another name, where one is given."""
    return {**document, "label": label} if label else document


def _peopled(document: Document, mapping: Mapped) -> Document:
    """A workflow that names people and departments of this company instead of the pack's."""
    users = {login: here for login, here in mapping.get("users", {}).items() if here and here != login}
    departments = {key: here for key, here in mapping.get("departments", {}).items() if here and here != key}
    if document["kind"] != "workflow" or not (users or departments):
        return document
    named = {"user": users, "department": departments}

    def renewed(value: Any) -> Any:
        if isinstance(value, Mapping):
            found = {key: renewed(item) for key, item in value.items()}
            if found.get("kind") in named and isinstance(found.get("value"), str):
                found["value"] = named[found["kind"]].get(found["value"], found["value"])
            return found
        if isinstance(value, list):
            return [renewed(item) for item in value]
        if isinstance(value, str) and value.startswith("user:"):
            return f"user:{users.get(value.removeprefix('user:'), value.removeprefix('user:'))}"
        return value

    return renewed(document)  # type: ignore[no-any-return]


def check_mapping(mapping: Any) -> Mapped:
    """A mapping as it was given; raises Invalid (`pack.mapping`)."""
    given = {} if mapping is None else mapping
    if not isinstance(given, Mapping) or set(given) - _PARTS.keys():
        raise Invalid(Problem("pack.mapping", {}, ("mapping",)))
    for part, rows in given.items():
        if not isinstance(rows, Mapping) or not all(isinstance(key, str) and isinstance(value, _PARTS[part]) for key, value in rows.items()):
            raise Invalid(Problem("pack.mapping", {}, ("mapping", part)))
    return given

