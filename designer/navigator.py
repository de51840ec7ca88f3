"""The list of an app's parts beside every designer: entities with what belongs to them, roles, languages."""

from __future__ import annotations

from typing import Any

from designer.access import say
from engine import spelled

ICONS = {"entity": "box", "form": "file-text", "view": "list", "workflow": "git-branch"}


def navigator(app: str, documents: list[dict[str, Any]], current: tuple[str, str]) -> list[dict[str, Any]]:
    """Entities in the order of their labels, each with its forms, views and workflows."""
    by_kind: dict[str, list[dict[str, Any]]] = {}
    for item in documents:
        by_kind.setdefault(item["document"]["kind"], []).append(item)

    def entry(item: dict[str, Any]) -> dict[str, Any]:
        document = item["document"]
        kind, key = document["kind"], document["key"]
        return {"kind": kind, "key": key, "label": say(document.get("label", key)) or key, "icon": document.get("icon") or ICONS.get(kind, "box"),
                "href": f"/design/{app}/{kind}/{key}", "status": item["status"], "is_current": (kind, key) == current}

    found = []
    for item in by_kind.get("entity", ()):
        key = item["document"]["key"]
        parts = [entry(part) for kind in ("form", "view", "workflow") for part in by_kind.get(kind, ()) if part["document"]["entity"] == key]
        made = entry(item)
        found.append({**made, "parts": parts, "is_open": made["is_current"] or any(part["is_current"] for part in parts),
                      "is_child": bool(item["document"].get("part_of"))})
    return sorted(found, key=lambda each: (each["is_child"], (spelled(each["label"]) or each["label"]).lower()))
