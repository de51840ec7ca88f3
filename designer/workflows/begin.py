"""A new workflow in its smallest useful shape, with the status field it needs."""

from __future__ import annotations

import re
from typing import Any

from designer.workflows.facts import new_words
from engine import Invalid, Problem, new_id

Document = dict[str, Any]

STATUSES = (("draft", "draft", "grey"), ("approved", "approved", "green"))


def begin(held: list[Document], entity_key: str, label: dict[str, str]) -> list[Document]:
    """The entity with a status field, and a workflow over it; raises Invalid.

    The workflow gets a status field of its own: an unused choice field of the entity that holds both
    statuses, else a new field.
    """
    entity = next((item for item in held if item["kind"] == "entity" and item["key"] == entity_key and not item.get("part_of")), None)
    problems = [] if entity else [Problem("designer.workflow.choose_entity", {}, ("entity",))]
    if not any(label.values()):
        problems.append(Problem("designer.workflow.name_needed", {}, ("label",)))
    if entity is None or problems:
        raise Invalid(*problems)
    words = new_words()
    status, changed = _status_field(held, entity, words)
    key = _free(_key_from(label.get("en", ""), f"{entity_key}_flow"), {item["key"] for item in held if item["kind"] == "workflow"})
    workflow = {
        "kind": "workflow", "key": key, "uid": str(new_id()), "schema": 1, "dsl": "formwork.workflow/1",
        "label": {language: text for language, text in label.items() if text}, "entity": entity_key, "status_field": status, "initial": "draft",
        "start": {"by": ["any"]},
        "states": {
            "draft": {"type": "input", "label": words["draft"], "status": "draft", "owner": ["initiator"],
                      "transitions": [{"on": "submit", "label": words["submit"], "to": "approved", "by": ["initiator", "owner"]}]},
            "approved": {"type": "final", "label": words["approved"], "status": "approved", "outcome": "approved"},
        },
        "global": [{"on": "withdraw", "label": words["withdraw"], "to": "draft", "by": ["initiator"], "until": "first_decision"}],
    }
    return [*([changed] if changed else []), workflow]


def _status_field(held: list[Document], entity: Document, words: dict[str, dict[str, str]]) -> tuple[str, Document | None]:
    taken = {item["status_field"] for item in held if item["kind"] == "workflow" and item["entity"] == entity["key"]}
    for field in entity["fields"]:
        options = {option["key"] for option in field.get("options", {}).get("options", ())}
        if field["type"] == "choice" and field["key"] not in taken and {name for name, _, _ in STATUSES} <= options:
            return str(field["key"]), None
    key = _free("status", {field["key"] for field in entity["fields"]})
    options_made = [{"key": name, "label": words[code], "colour": colour} for name, code, colour in STATUSES]
    made = {"key": key, "uid": str(new_id()), "type": "choice", "label": words["status"], "options": {"options": options_made}}
    return key, {**entity, "fields": [*entity["fields"], made]}


def _key_from(words: str, otherwise: str) -> str:
    return re.sub(r"^[^a-z]+|_+$", "", re.sub(r"[^a-z0-9]+", "_", words.lower()))[:40].rstrip("_") or otherwise[:60]


def _free(base: str, taken: set[str]) -> str:
    found, number = base, 2
    while found in taken:
        found, number = f"{base}_{number}", number + 1
    return found
