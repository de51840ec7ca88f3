"""Everything an author looks at before publishing: what changes, what it does to what is there, what is wrong,
and where records go that would be left without a place. For the draft, or for a release to go back to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.definitions import Document, Model, build_model
from engine.definitions.labels import Labels
from engine.jobs import list_jobs
from engine.kernel.actor import system_actor
from engine.kernel.errors import EngineError, Invalid, NotFound, Problem
from engine.kernel.messages import pick, translate
from engine.publishing import store
from engine.publishing.as_json import step_json
from engine.publishing.drafts import manifest_of
from engine.publishing.entries import Impact
from engine.publishing.history import CURRENT, DRAFT, documents_of
from engine.publishing.impact import find_impact
from engine.publishing.later import INDEXES
from engine.publishing.moving import MOVE
from engine.publishing.publish import CONVERT, RECOMPUTE, check_documents, current_model
from engine.publishing.removal_impact import find_removals
from engine.publishing.rights import require_designer
from engine.publishing.stranded import OPTION, Stranded, find_stranded
from engine.publishing.told import href_of, told, whereabouts
from engine.records import get_record
from engine.storage import Finder, Work
from engine.workflow.state_counts import count_by_state

SHOWN_RECORDS = 50
_MISSING = "definition.translation_missing"
_LISTED = ("required", "too_long", "out_of_range", "option_removed", "repeated", "rule_broken", "field_removed", "field_returns", "entity_removed")


def review_json(work: Work, app: str, source: str | int = DRAFT) -> dict[str, Any]:
    """The review of the draft, or of a release to go back to; raises Forbidden, NotFound."""
    before, after = documents_of(work, app, CURRENT), documents_of(work, app, source)
    entry = next(one for one in store.list_apps(work) if one.key == app)
    documents = list(after.values())
    report = check_documents(work, app, documents)
    changes = told(before, after, app, work.language)
    stranded = _stranded(work, app, documents)
    labels = Labels(after.values(), work.language), Labels(before.values(), work.language)
    findings = [_finding(work, app, item, after, labels[0]) for item in report.findings if item.code != _MISSING]
    return {
        "seen": {"release": entry.release, "draft_rev": entry.draft_rev}, "changes": changes,
        "errors": [item for item in findings if item["level"] == "error"], "warnings": [item for item in findings if item["level"] != "error"],
        "untranslated": sum(1 for item in report.findings if item.code == _MISSING),
        "impact": [_impact(work, app, item, before, after, labels[1]) for item in report.impact],
        "stranded": [_stranded_json(item, work.language) for item in stranded],
        "workflows": _workflows(work, app, documents), "steps": step_json(work, app, report.steps),
        "can_publish": report.can_publish, "has_release": entry.release > 0,
    }


def impact_records_json(work: Work, app: str, source: str | int, code: str, kind: str, key: str, path: str) -> dict[str, Any]:
    """The first 50 records that an impact counts, as the author may see them: {"items", "count", "unseen"}.

    Raises NotFound where the review has no such impact.
    """
    documents = list(documents_of(work, app, source).values())
    before = current_model(work, app)
    if before is None:
        raise NotFound(Problem("http.404"))
    for model, ask in ((before, find_removals), (_model(documents), find_impact)):
        if model is None:
            continue
        finder = Finder(work, model, SHOWN_RECORDS)
        found = find_removals(work, before, documents, finder) if ask is find_removals else find_impact(work, before, model, finder)
        for item in found:
            if (item.code, item.kind, item.key, "/".join(map(str, item.path))) == (code, kind, key, path):
                return _records(work, app, model, item, finder)
    raise NotFound(Problem("http.404"))


def progress_json(work: Work, app: str) -> list[dict[str, Any]]:
    """What the worker is still doing after a publish: {"text", "progress", "status", "result"?}; raises Forbidden, NotFound."""
    require_designer(work, app)
    found = []
    author, work.actor = work.actor, system_actor("publishing", work.actor.language)  # jobs of a publish belong to the app's designers
    try:
        for kind in (MOVE, CONVERT, RECOMPUTE, INDEXES):
            jobs = [each for each in list_jobs(work, kind=kind, limit=20) if each.payload.get("app") == app]
            found += [
                {"text": translate(f"publishing.job.{kind}", None, work.language), "progress": each.progress, "status": each.status, "result": dict(each.result or {})}
                for each in jobs if each.status in ("waiting", "running") or (kind == MOVE and each.result and each is jobs[0])
            ]
    finally:
        work.actor = author
    return found


def _model(documents: Sequence[Document]) -> Model | None:
    try:
        return build_model(documents, are_checked=True)
    except Invalid:
        return None


def _stranded(work: Work, app: str, documents: Sequence[Document]) -> tuple[Stranded, ...]:
    before, after = current_model(work, app), _model(documents)
    return find_stranded(work, before, after) if before is not None and after is not None else ()


def _stranded_json(item: Stranded, language: str) -> dict[str, Any]:
    return {
        "name": f"{item.kind}/{item.owner}/{item.key}", "kind": item.kind, "label": pick(item.label, language) or item.key,
        "owner": pick(item.owner_label, language), "running": item.running, "records": item.records, "can_stay": item.kind == OPTION or not item.must_be_mapped,
        "can_clear": item.kind == OPTION, "choices": [{"value": key, "label": pick(label, language) or key} for key, label in item.choices],
    }


def _finding(work: Work, app: str, item: Any, documents: Mapping[tuple[str, str], Document], labels: Labels) -> dict[str, Any]:
    return {
        "level": item.severity, "message": translate(item.code, item.values, work.language), "href": href_of(app, item.kind, item.key),
        "place": whereabouts(documents, labels, item.kind, item.key, item.path),
    }


def _impact(
    work: Work, app: str, item: Impact, before: Mapping[tuple[str, str], Document], after: Mapping[tuple[str, str], Document], labels: Labels,
) -> dict[str, Any]:
    code = item.code.removeprefix("publishing.")
    uses = [
        {"text": whereabouts(before, labels, use["kind"], use["key"], use["path"]), "href": href_of(app, use["kind"], use["key"])}
        for use in item.values.get("uses", ())
    ]
    there = (item.kind, item.key) in after
    return {
        "code": item.code, "level": item.level, "message": translate(item.code, item.values, work.language), "kind": item.kind, "key": item.key,
        "path": "/".join(map(str, item.path)), "href": href_of(app, item.kind, item.key) if there else None, "uses": uses,
        "lists": code in _LISTED and bool(item.values.get("count")),
    }


def _records(work: Work, app: str, model: Model, item: Impact, finder: Finder) -> dict[str, Any]:
    uid = model.entities[item.key].uid
    current = next((one for one in work.model(app).entities.values() if one.uid == uid), None)
    items, unseen = [], 0
    for id_ in finder.found if current is not None else ():
        try:
            found = get_record(work, app, current.key, id_, fields=(current.title,)) if current is not None else None
        except EngineError:
            unseen += 1
            continue
        if found is not None and current is not None:
            title = found.titles.get(current.title) or found.values.get(current.title)
            items.append({"id": str(id_), "title": str(title or "–"), "href": f"/a/{app}/{current.key}/{id_}"})
    return {"items": items, "count": item.values.get("count", len(items)), "unseen": unseen}


def _workflows(work: Work, app: str, documents: Sequence[Document]) -> list[dict[str, Any]]:
    """Workflows that change or go, with how many records stand in each of their states now."""
    current = current_model(work, app)
    if current is None:
        return []
    after = {item["uid"]: item for item in documents if item["kind"] == "workflow"}
    running = store.running_instances(work, app)
    hashes = manifest_of(work, app, work.release_number(app))
    found = []
    for workflow in current.workflows.values():
        new = after.get(workflow.uid)
        if new is not None and (f"workflow/{workflow.key}" not in hashes or dict(new) == dict(workflow.body)):
            continue
        labels = Labels(current.documents.values(), work.language)
        counts = count_by_state(work, app, workflow.uid)
        states = [
            {"label": labels.state(workflow.key, key), "records": counts.get(key, 0), "running": running.get((workflow.uid, key), 0),
             "goes": new is None or key not in new["states"]}
            for key, body in workflow.body["states"].items() if body["type"] != "choice"
        ]
        found.append({
            "key": new["key"] if new else workflow.key, "label": pick(workflow.label, work.language), "goes": new is None, "states": states,
            "running": sum(count for (uid, _), count in running.items() if uid == workflow.uid),
        })
    return found
