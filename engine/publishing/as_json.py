"""The answers of this room as JSON values, with sentences in the actor's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from engine.kernel.messages import pick, translate
from engine.publishing import store
from engine.publishing.drafts import get_document, list_documents, put_document
from engine.publishing.history import CURRENT, DRAFT, diff, list_releases
from engine.publishing.publish import check, current_model
from engine.storage import Step, Work

_SHOWN_STEPS = {
    "create_table", "restore_table", "retire_table", "add_column", "restore_column", "retire_column", "widen_column",
    "rebuild_column", "convert_column",
}


def list_documents_json(work: Work, app: str) -> list[dict[str, Any]]:
    """The draft's documents: kind, key, uid, label, rev, status, changed_at."""
    return [
        {
            "kind": item.kind, "key": item.key, "uid": item.uid, "label": pick(item.label, work.language),
            "rev": item.rev, "status": item.status, "changed_at": item.changed_at,
        }
        for item in list_documents(work, app)
    ]


def get_document_json(work: Work, app: str, kind: str, key: str) -> dict[str, Any]:
    """{"document", "rev"}."""
    found = get_document(work, app, kind, key)
    return {"document": found.document, "rev": found.rev}


def put_document_json(work: Work, app: str, document: object, rev: int | None = None) -> dict[str, Any]:
    """{"document", "rev"} as stored."""
    found = put_document(work, app, document, rev)
    return {"document": found.document, "rev": found.rev}


def check_json(work: Work, app: str) -> dict[str, Any]:
    """{"can_publish", "findings", "impact", "steps"}, each with a sentence."""
    report = check(work, app)
    labels = _labels(work, app)
    return {
        "can_publish": report.can_publish,
        "findings": [_found(work, item.severity, item) for item in report.findings],
        "impact": [_found(work, item.level, item) for item in report.impact],
        "steps": [_step(work, step, labels) for step in report.steps if step.kind in _SHOWN_STEPS],
    }


def step_json(work: Work, app: str, steps: Iterable[Step]) -> list[str]:
    """What becomes of the tables, in words."""
    labels = _labels(work, app)
    return [_step(work, step, labels)["message"] for step in steps if step.kind in _SHOWN_STEPS]


def releases_json(work: Work, app: str) -> list[dict[str, Any]]:
    """Releases, newest first: number, note, author, published_at, is_current, origin."""
    releases = list_releases(work, app)
    names = store.names_of(work, (item.author_id for item in releases))
    return [
        {
            "number": item.number, "note": item.note, "author": names.get(item.author_id) if item.author_id else None,
            "published_at": item.published_at, "is_current": item.is_current, "origin": item.origin,
        }
        for item in releases
    ]


def diff_json(work: Work, app: str, from_: str | int = CURRENT, to: str | int = DRAFT) -> list[dict[str, Any]]:
    """Documents that differ, with their edits."""
    return [
        {
            "change": item.change, "kind": item.kind, "key": item.key, "uid": item.uid, "old_key": item.old_key,
            "label": pick(item.label, work.language),
            "edits": [
                {"kind": edit.kind, "path": list(edit.path), "before": edit.before, "after": edit.after}
                for edit in item.edits
            ],
        }
        for item in diff(work, app, from_, to)
    ]


def _found(work: Work, level: str, item: Any) -> dict[str, Any]:
    values: Mapping[str, Any] = item.values
    return {
        "code": item.code, "level": level, "kind": item.kind, "key": item.key, "path": list(item.path),
        "message": translate(item.code, values, work.language), "uses": values.get("uses", []),
        "count": values.get("count"),
    }


def _labels(work: Work, app: str) -> dict[str, str]:
    """Labels of entities, and of their fields by `entity/field`: the draft's before the published ones."""
    published = current_model(work, app)
    documents = [*(published.documents.values() if published else ()), *(item.document for item in store.list_drafts(work, app))]
    found: dict[str, str] = {}
    for document in documents:
        if document["kind"] == "entity":
            found[document["key"]] = pick(document["label"], work.language)
            for field in document["fields"]:
                found[f"{document['key']}/{field['key']}"] = pick(field["label"], work.language)
    return found


def _step(work: Work, step: Step, labels: Mapping[str, str]) -> dict[str, Any]:
    entity = labels.get(step.entity, step.entity)
    values = {"entity": entity, "field": labels.get(f"{step.entity}/{step.field}", step.field)}
    message = translate(f"publishing.step_{step.kind}", values, work.language)
    return {"kind": step.kind, "entity": step.entity, "field": step.field, "message": message}
