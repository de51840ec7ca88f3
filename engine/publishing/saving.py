"""Saving an edited document over what a colleague may have saved meanwhile."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

import orjson

from engine.definitions import KINDS, lint
from engine.definitions.finding import Finding
from engine.definitions.likeness import same
from engine.definitions.merge import MISSING, Clash, merge, place_label
from engine.kernel.errors import Invalid, Problem
from engine.kernel.json import content_hash
from engine.kernel.messages import translate
from engine.publishing import store
from engine.publishing.drafts import (
    get_locked_app,
    manifest_of,
    put_document,
    remove_document,
    rename_document,
)
from engine.publishing.entries import DraftDocument
from engine.publishing.rights import require_designer
from engine.storage import Work


def draft_json(work: Work, app: str, only: Collection[str] | None = None) -> list[dict[str, Any]]:
    """Documents of the draft, all or those at `only` addresses: {"document", "rev", "mark", "status", "by"}.

    `mark` differs whenever the document does. Raises NotFound, Forbidden.
    """
    require_designer(work, app)
    manifest = manifest_of(work, app, work.release_number(app))
    found = [item for item in store.list_drafts(work, app) if only is None or f"{item.kind}/{item.key}" in only]
    names = store.names_of(work, {item.changed_by for item in found})
    return [
        {"document": item.document, "rev": item.rev, "mark": _mark(item), "status": _status(manifest, item),
         "by": names.get(item.changed_by, "") if item.changed_by else ""}
        for item in found
    ]


def draft_rev(work: Work, app: str) -> int:
    """The number that grows with every change of the draft; raises NotFound, Forbidden."""
    require_designer(work, app)
    return next(entry.draft_rev for entry in store.list_apps(work) if entry.key == app)


def draft_marks(work: Work, app: str) -> dict[str, dict[str, str]]:
    """Which documents the draft holds, and their marks, without the documents; raises NotFound, Forbidden."""
    require_designer(work, app)
    found = store.list_marks(work, app)
    names = store.names_of(work, {by for *_, by in found})
    return {
        f"{kind}/{key}": {"uid": uid, "mark": _mark_of(rev, at), "by": names.get(by, "") if by else ""}
        for kind, key, uid, rev, at, by in found
    }


def findings_json(work: Work, app: str) -> list[dict[str, Any]]:
    """What lint says about the draft: {"code", "level", "address", "path", "message"}; raises NotFound, Forbidden."""
    require_designer(work, app)
    return [
        {
            "code": item.code, "level": item.severity, "address": f"{item.kind}/{item.key}", "path": list(item.path),
            "message": translate(item.code, item.values, work.language),
        }
        for item in _findings(orjson.dumps([item.document for item in store.list_drafts(work, app)]))
    ]


@lru_cache(maxsize=4)
def _findings(documents: bytes) -> tuple[Finding, ...]:
    """Every page of the designer shows what lint says, and most of the time nothing has changed since the last one."""
    return lint(orjson.loads(documents), are_checked=True)


def count_changes(work: Work, app: str) -> int:
    """How many documents of the draft are new, changed or gone since the release; raises NotFound, Forbidden."""
    require_designer(work, app)
    manifest = manifest_of(work, app, work.release_number(app))
    found = {f"{item.kind}/{item.key}": item for item in store.list_drafts(work, app)}
    return sum(_status(manifest, item) != "published" for item in found.values()) + len(manifest.keys() - found.keys())


def save_json(work: Work, app: str, address: str, document: object, base: object, tried: Iterable[object] = ()) -> dict[str, Any]:
    """Put a document that was edited from `base` into the draft, or take it out (None).

    {"address", "outcome": "saved"|"merged"|"conflict", "document", "rev", "mark", "status", "by", "conflict"?}. What a
    colleague did since is merged, a new key included; where both changed the same place, one of them removed the
    document, or both made one of the same key, nothing is written and the answer holds both versions. `tried`:
    what the author sent before without hearing whether it arrived. Raises Invalid, Conflict, Forbidden, NotFound.
    """
    require_designer(work, app)
    get_locked_app(work, app)
    kind, _, key = address.partition("/")
    if kind not in KINDS or not (document is None or (isinstance(document, dict) and document.get("kind") == kind)):
        raise Invalid(Problem("design.address_differs", {"kind": kind, "key": key}))
    there = _find(work, app, kind, key, base if isinstance(base, dict) else document)
    if there is None:
        if document is None or base is None or any(same(None, each) for each in tried):
            return _write(work, app, address, document, there, "saved")
        return _conflict(work, app, address, (base, document, document), None, (Clash((), base, document, MISSING),))
    known = next((each for each in tried if same(there.document, each)), base)
    if same(there.document, known) or same(there.document, document):
        return _write(work, app, address, document, there, "saved")
    if known is None and isinstance(document, dict) and document.get("uid") != there.document["uid"]:
        return _conflict(work, app, address, (None, document, document), there, ())
    merged, clashes = merge(_or_missing(known), _or_missing(document), there.document)
    if clashes:
        return _conflict(work, app, address, (known, document, merged), there, clashes)
    return _write(work, app, address, None if merged is MISSING else merged, there, "merged")


def _write(work: Work, app: str, address: str, document: object, there: DraftDocument | None, outcome: str) -> dict[str, Any]:
    kind = address.partition("/")[0]
    who = _name_of(work, there)
    if document is None:
        if there is not None:
            remove_document(work, app, kind, there.key)
        return {"address": address, "outcome": outcome, "document": None, "rev": 0, "mark": "", "status": "changed", "by": who}
    if there is not None and isinstance(document, dict) and there.key != document["key"]:
        rename_document(work, app, kind, there.key, document["key"])
    found = put_document(work, app, document)
    return {"address": address, "outcome": outcome, **_standing(work, app, found), "by": who}


def _conflict(
    work: Work, app: str, address: str, sides: tuple[object, object, Any], there: DraftDocument | None, clashes: tuple[Clash, ...]
) -> dict[str, Any]:
    base, mine, merged = sides
    standing = _standing(work, app, there) if there else {"document": None, "rev": 0, "mark": "", "status": "changed"}
    conflict = {
        "address": address, "base": base, "mine": mine, "theirs": standing["document"], "by": _name_of(work, there),
        "merged": None if merged is MISSING else merged,
        "clashes": [
            {"path": list(clash.path), "label": place_label(merged, clash.path, work.language),
             **({"order": list(clash.order)} if clash.order else {}),
             **{side: value for side, value in (("base", clash.base), ("mine", clash.mine), ("theirs", clash.theirs)) if value is not MISSING}}
            for clash in clashes
        ],
    }
    return {"address": address, "outcome": "conflict", **standing, "by": conflict["by"], "conflict": conflict}


def _find(work: Work, app: str, kind: str, key: str, known: object) -> DraftDocument | None:
    """The document at an address, or the same thing under the key that it has by now."""
    there = store.find_draft(work, app, kind, key)
    uid = known.get("uid") if isinstance(known, dict) else None
    if there is not None and (uid is None or there.document["uid"] == uid):
        return there
    found = store.find_draft_by_uid(work, app, uid) if isinstance(uid, str) else None
    return store.find_draft(work, app, *found) if found and found[0] == kind else there


def _standing(work: Work, app: str, found: DraftDocument) -> dict[str, Any]:
    manifest = manifest_of(work, app, work.release_number(app))
    return {"document": found.document, "rev": found.rev, "mark": _mark(found), "status": _status(manifest, found)}


def _name_of(work: Work, there: DraftDocument | None) -> str:
    """Who was the last to change it."""
    by = there.changed_by if there else None
    return store.names_of(work, [by]).get(by, "") if by else ""


def _mark(item: DraftDocument) -> str:
    return _mark_of(item.rev, item.changed_at)


def _mark_of(rev: int, at: datetime | None) -> str:
    """A removed and newly made document may have an old number again, but not its moment."""
    return f"{rev}.{at.timestamp() if at else 0}"


def _status(manifest: Mapping[str, str], found: DraftDocument) -> str:
    published = manifest.get(f"{found.kind}/{found.key}")
    if published is None:
        return "new"
    return "published" if published == content_hash(found.document) else "changed"


def _or_missing(document: object) -> Any:
    return MISSING if document is None else document
