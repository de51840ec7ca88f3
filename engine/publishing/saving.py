"""Saving an edited document over what a colleague may have saved meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.definitions import KINDS, lint
from engine.definitions.merge import MISSING, Clash, merge, place_label
from engine.kernel.errors import Invalid, Problem
from engine.kernel.json import content_hash
from engine.kernel.messages import translate
from engine.publishing import store
from engine.publishing.drafts import (
    get_locked_app,
    list_documents,
    manifest_of,
    put_document,
    remove_document,
    rename_document,
)
from engine.publishing.entries import DraftDocument
from engine.publishing.rights import require_designer
from engine.storage import Work


def draft_json(work: Work, app: str) -> list[dict[str, Any]]:
    """Every document of the draft: {"document", "rev", "status"}; raises NotFound, Forbidden."""
    status = {(item.kind, item.key): item.status for item in list_documents(work, app)}
    return [
        {"document": item.document, "rev": item.rev, "status": status[item.kind, item.key]}
        for item in store.list_drafts(work, app)
    ]


def findings_json(work: Work, app: str) -> list[dict[str, Any]]:
    """What lint says about the draft: {"code", "level", "address", "path", "message"}; raises NotFound, Forbidden."""
    require_designer(work, app)
    return [
        {
            "code": item.code, "level": item.severity, "address": f"{item.kind}/{item.key}", "path": list(item.path),
            "message": translate(item.code, item.values, work.language),
        }
        for item in lint([item.document for item in store.list_drafts(work, app)])
    ]


def save_json(work: Work, app: str, address: str, document: object, base: object, rev: object) -> dict[str, Any]:
    """Put a document that was edited from `base` (as it stood under `rev`) into the draft, or take it out (None).

    {"address", "outcome": "saved"|"merged"|"conflict", "document", "rev", "status", "by"?, "conflict"?}. What a
    colleague saved since is merged; where both sides changed the same place, nothing is written and the answer
    holds both versions with the places. Raises Invalid, Conflict, Forbidden, NotFound.
    """
    require_designer(work, app)
    get_locked_app(work, app)
    kind, _, key = address.partition("/")
    if kind not in KINDS or not (document is None or (isinstance(document, dict) and document.get("kind") == kind)):
        raise Invalid(Problem("design.address_differs", {"kind": kind, "key": key}))
    there = store.find_draft(work, app, kind, key)
    if isinstance(document, dict) and there is None:
        there = _under_old_key(work, app, kind, document)
    if (there.rev if there else 0) == rev or there is None or _is_same(there, document):
        return _write(work, app, address, document, there, "saved")
    merged, clashes = merge(_or_missing(base), _or_missing(document), there.document)
    if clashes:
        return _conflict(work, app, address, (base, document, merged), there, clashes)
    return _write(work, app, address, None if merged is MISSING else merged, there, "merged")


def _write(work: Work, app: str, address: str, document: object, there: DraftDocument | None, outcome: str) -> dict[str, Any]:
    kind, _, key = address.partition("/")
    who = store.names_of(work, [there.changed_by]).get(there.changed_by) if there and there.changed_by else None
    if document is None:
        if there is not None:
            remove_document(work, app, kind, key)
        return {"address": address, "outcome": outcome, "document": None, "rev": 0, "status": "changed", "by": who}
    if there is not None and isinstance(document, dict) and there.document["key"] != document["key"]:
        rename_document(work, app, kind, there.document["key"], document["key"])
    found = put_document(work, app, document)
    return {"address": address, "outcome": outcome, "document": found.document, "rev": found.rev,
            "status": _status(work, app, found), "by": who}


def _conflict(
    work: Work, app: str, address: str, sides: tuple[object, object, Any], there: DraftDocument, clashes: tuple[Clash, ...]
) -> dict[str, Any]:
    base, mine, merged = sides
    who = store.names_of(work, [there.changed_by]).get(there.changed_by, "") if there.changed_by else ""
    conflict = {
        "address": address, "base": base, "mine": mine, "theirs": there.document, "rev": there.rev, "by": who,
        "merged": None if merged is MISSING else merged,
        "clashes": [
            {"path": list(clash.path), "label": place_label(merged, clash.path, work.language),
             **{side: None if value is MISSING else value for side, value in
                (("base", clash.base), ("mine", clash.mine), ("theirs", clash.theirs))}}
            for clash in clashes
        ],
    }
    return {"address": address, "outcome": "conflict", "document": there.document, "rev": there.rev,
            "status": _status(work, app, there), "by": who, "conflict": conflict}


def _under_old_key(work: Work, app: str, kind: str, document: Mapping[str, Any]) -> DraftDocument | None:
    """The same thing under the key it had before it was renamed."""
    found = store.find_draft_by_uid(work, app, document["uid"]) if isinstance(document.get("uid"), str) else None
    return store.find_draft(work, app, *found) if found and found[0] == kind else None


def _status(work: Work, app: str, found: DraftDocument) -> str:
    published = manifest_of(work, app, work.release_number(app)).get(f"{found.kind}/{found.key}")
    if published is None:
        return "new"
    return "published" if published == content_hash(found.document) else "changed"


def _is_same(there: DraftDocument, document: object) -> bool:
    return bool(there.document == document)


def _or_missing(document: object) -> Any:
    return MISSING if document is None else document
