"""Definition documents for tests: the worked example of the design, and ways to change it."""

from __future__ import annotations

import copy
import json
import uuid
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

TESTS = Path(__file__).parents[1]
Documents = list[dict[str, Any]]


def uid_of(name: str) -> str:
    """The same uid for the same name, whenever and wherever."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"tests/{name}"))


def worked_example() -> Documents:
    """An app of sound documents: accounts, quotations with lines, and their approval."""
    text = (TESTS / "definitions_accepted" / "quotation_approval.json").read_text(encoding="utf-8")
    found: Documents = json.loads(text)
    return found


def changed(documents: Documents, changes: Iterable[Mapping[str, Any]]) -> Documents:
    """The documents with changes made: {"document", "path", "value" | "remove"} or {"add": document}.

    A path goes through lists by index, by the items' keys, or by "-" for a new item.
    """
    found = copy.deepcopy(documents)
    for change in changes:
        if "add" in change:
            found.append(copy.deepcopy(change["add"]))
            continue
        kind, key = change["document"].split("/")
        document = next(item for item in found if (item["kind"], item["key"]) == (kind, key))
        if change["path"]:
            _change(document, change)
        else:
            found.remove(document)
    return found


def with_value(documents: Documents, document: str, *path: str | int, value: Any) -> Documents:
    """The documents with one value set."""
    return changed(documents, [{"document": document, "path": list(path), "value": value}])


def _change(document: Any, change: Mapping[str, Any]) -> None:
    *steps, last = change["path"]
    for step in steps:
        document = document[_place(document, step)]
    if change.get("remove"):
        del document[_place(document, last)]
    elif last == "-":
        document.append(copy.deepcopy(change["value"]))
    else:
        document[_place(document, last)] = copy.deepcopy(change["value"])


def _place(holder: Any, step: str | int) -> str | int:
    if isinstance(holder, list) and isinstance(step, str):
        return next(index for index, item in enumerate(holder) if item["key"] == step)
    return step


def a_field(key: str, type_: str = "text", **more: Any) -> dict[str, Any]:
    """A field of an entity."""
    return {"key": key, "uid": uid_of(f"field/{key}"), "type": type_, "label": key.title(), **more}


def an_entity(key: str, *fields: dict[str, Any], **more: Any) -> dict[str, Any]:
    """An entity whose title is its first field."""
    head = {"kind": "entity", "key": key, "uid": uid_of(f"entity/{key}"), "schema": 1, "label": key.title()}
    return {**head, "title": fields[0]["key"], "fields": list(fields), **more}


def an_app(**more: Any) -> dict[str, Any]:
    """An app in one language."""
    head = {"kind": "app", "key": "crm", "uid": uid_of("app"), "schema": 1, "label": "CRM"}
    return {**head, "languages": ["en"], "default_language": "en", **more}
