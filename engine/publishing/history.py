"""The releases of an app: listed, compared, and brought back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.definitions import Document
from engine.kernel.errors import Invalid, NotFound, Problem
from engine.publishing import store
from engine.publishing.compare import Difference, compare
from engine.publishing.drafts import get_locked_app, put_document, replace_draft
from engine.publishing.entries import DraftDocument, Release
from engine.publishing.publish import Seen, check_seen, release_documents
from engine.publishing.rights import require_designer
from engine.storage import Work, read_documents

CURRENT = "current"
DRAFT = "draft"


def list_releases(work: Work, app: str) -> tuple[Release, ...]:
    """The app's releases, newest first; raises Forbidden, NotFound."""
    require_designer(work, app)
    return store.list_releases(work, app)


def diff(work: Work, app: str, from_: str | int = CURRENT, to: str | int = DRAFT) -> tuple[Difference, ...]:
    """What differs between two releases, each a number, "current" or "draft".

    "current" is nothing at all as long as nothing is published. Raises Forbidden, NotFound.
    """
    require_designer(work, app)
    return compare(_side(work, app, from_).values(), _side(work, app, to).values())


def rollback(
    work: Work, app: str, number: int, note: str = "", *, mapping: Mapping[str, Any] | None = None, seen: Seen | None = None
) -> int:
    """Publish an older release anew, as the next one, and return its number.

    Data of fields that come back are as they were. A draft with changes of its own is left alone; one
    without follows. `mapping` and `seen` are as in `publish`. Raises Invalid when the tables can't go back (a
    type would change) or it is the current release already, Conflict, Forbidden, NotFound.
    """
    require_designer(work, app)
    entry = get_locked_app(work, app)
    check_seen(work, entry, seen)
    documents = _release(work, app, number)
    is_clean = not compare(_release(work, app, entry.release).values(), _side(work, app, DRAFT).values())
    published = release_documents(work, entry, documents.values(), note, {"rollback_of": number}, mapping)
    if is_clean:
        replace_draft(work, app, documents)
    return published


def discard_draft(work: Work, app: str) -> None:
    """Make the draft what is published again.

    Raises Invalid (`publishing.nothing_published`), Forbidden, NotFound.
    """
    require_designer(work, app)
    current = get_locked_app(work, app).release
    if not current:
        raise Invalid(Problem("publishing.nothing_published"))
    replace_draft(work, app, _release(work, app, current))
    work.log("app.draft_discarded", app=app, subject=f"release/{current}")


def restore_document(work: Work, app: str, number: int, kind: str, key: str, rev: int | None = None) -> DraftDocument:
    """Put one document of a release back into the draft.

    Raises as `put_document` does; NotFound when the release hasn't such a document.
    """
    require_designer(work, app)
    document = _release(work, app, number).get((kind, key))
    if document is None:
        raise NotFound(Problem("publishing.not_in_release", {"kind": kind, "key": key, "number": number}))
    return put_document(work, app, document, rev)


def documents_of(work: Work, app: str, side: str | int) -> Mapping[tuple[str, str], Document]:
    """The documents of a release ("current", or a number) or of the draft, by kind and key; raises Forbidden, NotFound."""
    require_designer(work, app)
    return _side(work, app, side)


def _side(work: Work, app: str, side: str | int) -> Mapping[tuple[str, str], Document]:
    if side == DRAFT:
        return {(item.kind, item.key): item.document for item in store.list_drafts(work, app)}
    if side == CURRENT:
        current = work.release_number(app)
        return _release(work, app, current) if current else {}
    if not str(side).isdecimal():
        raise NotFound(Problem("storage.no_release", {"app": app, "number": str(side)[:20]}))
    return _release(work, app, int(side))


def _release(work: Work, app: str, number: int) -> Mapping[tuple[str, str], Document]:
    documents = read_documents(work.connection, app, number)
    return {(item["kind"], item["key"]): item for item in documents}
