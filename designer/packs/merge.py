"""The list of a three-way merge on a page: choices as the form carries them, filters, and what is shown of each item."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request

from designer.access import say
from designer.packs.frame import kind_word
from designer.packs.values import shown

CHOICE, STATE = "c:", "s:"
STATUSES = ("conflict", "taken", "added", "removed", "removed_here", "kept", "both_same")
SIDES = ("mine", "theirs")
ALL_AT_ONCE = ("safe", *SIDES)
MOST = 120
"""So many items on a page; more are fetched when somebody asks."""


def choices_of() -> dict[str, str]:
    """What the form says was chosen, by item."""
    return {name.removeprefix(CHOICE): value for name, value in request.form.items() if name.startswith(CHOICE) and value in SIDES}


def states_of() -> dict[str, dict[str, str]]:
    """Where states and options that go send their records, by workflow and state, or entity/field and option."""
    found: dict[str, dict[str, str]] = {}
    for name, value in request.form.items():
        if name.startswith(STATE) and value:
            owner, _, key = name.removeprefix(STATE).partition(":")
            found.setdefault(owner, {})[key] = value
    return found


def homeless(plan: Any) -> list[dict[str, Any]]:
    """States and options that go, with where their records may go, and what was chosen."""
    chosen = states_of()

    def label(name: str) -> str:
        return say(plan.labels.get(name, name)) or name

    return [
        {"is": kind, "field": f"{STATE}{owner}:{key}", "label": label(f"{owner}/{key}"), "owner": label(owner), "chosen": chosen.get(owner, {}).get(key, ""),
         "choices": [{"key": each, "label": label(f"{owner}/{each}")} for each in targets]}
        for kind, group in (("state", plan.removed_states), ("option", plan.removed_options)) for owner, some in group.items() for key, targets in some.items()
    ]


def choose_all(act: str, plan: Any, choices: Mapping[str, str]) -> dict[str, str]:
    """The choices after a press of "take all safe ones" or of one for all open conflicts."""
    found = dict(choices)
    for item in plan.items:
        if act == "safe" and item.status != "conflict":
            found.pop(item.id, None)
        elif act in SIDES and item.status == "conflict" and not found.get(item.id):
            found[item.id] = act
    return found


def page_values(plan: Any, choices: Mapping[str, str]) -> dict[str, Any]:
    """What the template needs of the list: counts by status, the items that fit the filters by document, and the choices not shown."""
    form = request.values
    wanted, search = form.get("show", ""), form.get("q", "").strip()
    if wanted not in STATUSES and wanted != "all":
        wanted = "conflict" if any(item.status == "conflict" for item in plan.items) else "all"
    counts = {status: sum(item.status == status for item in plan.items) for status in STATUSES}
    fitting = [item for item in plan.items if wanted in ("all", item.status) and _has(item, search)]
    limit = MOST * (int(form["pages"]) if form.get("pages", "").isdigit() and len(form["pages"]) < 4 else 1)
    on_page = fitting[:limit]
    ids = {item.id for item in on_page}
    return {
        "counts_by": counts, "total": len(plan.items), "wanted": wanted, "search": search, "documents": _by_document(on_page),
        "hidden": {CHOICE + id_: side for id_, side in choices.items() if id_ not in ids}, "more": len(fitting) - len(on_page),
        "pages": limit // MOST, "open_count": len(plan.conflicts), "statuses": STATUSES,
    }


def _has(item: Any, search: str) -> bool:
    text = f"{item.document_label} {item.place} {item.id}".lower()
    return all(part in text for part in search.lower().split())


def _by_document(items: list[Any]) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for item in items:
        key = item.document.partition("/")[2]
        group = found.setdefault(item.document, {"kind_word": kind_word(item.kind), "key": key, "label": item.document_label, "items": []})
        group["items"].append({
            "id": item.id, "name": CHOICE + item.id, "status": item.status, "place": item.place[:1].upper() + item.place[1:], "chosen": item.choice, "because": item.because,
            "sides": [(side, {"is": "absent"} if side in item.absent else shown(getattr(item, side))) for side in ("base", *SIDES)],
            "is_open": item.choice is None,
        })
    return list(found.values())
