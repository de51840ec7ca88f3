"""The draft of an app: what admins edit, and nobody else sees."""

from __future__ import annotations

from collections.abc import Mapping

from engine.definitions import KINDS, Document, load_document
from engine.kernel.errors import Conflict, Invalid, NotFound, Problem
from engine.kernel.json import content_hash
from engine.publishing import store
from engine.publishing.entries import AppEntry, DraftDocument, DraftEntry, Status
from engine.publishing.rights import require_administrator, require_designer
from engine.storage import Work


def list_apps(work: Work) -> tuple[AppEntry, ...]:
    """Every app of this installation, published or not; who may see which is the caller's business."""
    return store.list_apps(work)


def create_app(work: Work, document: object) -> DraftDocument:
    """Begin an app with its own document; everything else is put into its draft.

    Raises Forbidden unless an administrator asks, Invalid for a bad document, Conflict
    (`publishing.app_exists`, `publishing.app_uid_taken`).
    """
    require_administrator(work)
    found = load_document(document)
    if found["kind"] != "app":
        raise Invalid(Problem("publishing.not_an_app", {"kind": found["kind"]}, ("kind",)))
    key, uid = found["key"], found["uid"]
    if any(entry.key == key for entry in store.list_apps(work)):
        raise Conflict(Problem("publishing.app_exists", {"app": key}, ("key",)))
    other = store.find_app_by_uid(work, uid)
    if other is not None:
        raise Conflict(Problem("publishing.app_uid_taken", {"app": other}, ("uid",)))
    store.insert_app(work, key, uid)
    store.insert_drafts(work, key, [found])
    work.touch("releases")  # the list of apps is remembered with the releases
    work.log("app.created", app=key, subject=f"app/{key}")
    return DraftDocument(found, 1, work.actor.user_id, work.now)


def list_documents(work: Work, app: str) -> tuple[DraftEntry, ...]:
    """What the draft holds, by kind and key; raises NotFound, Forbidden."""
    require_designer(work, app)
    manifest = manifest_of(work, app, work.release_number(app))
    return tuple(_entry(item, manifest) for item in store.list_drafts(work, app))


def get_document(work: Work, app: str, kind: str, key: str) -> DraftDocument:
    """One document of the draft; raises NotFound, Forbidden."""
    require_designer(work, app)
    return _get(work, app, kind, key)


def put_document(work: Work, app: str, document: object, rev: int | None = None) -> DraftDocument:
    """Add a document to the draft or replace the one with its kind and key.

    Only what the kind's JSON Schema refuses is refused here; a draft may be unfinished in every other
    way. `rev` is the number of the document that was edited (0: there was none); with None, whatever
    is there is replaced. Raises Invalid, Forbidden, NotFound, Conflict (`publishing.stale_document`,
    with what stands now).
    """
    require_designer(work, app)
    found = load_document(document)
    kind, key = found["kind"], found["key"]
    get_locked_app(work, app)
    there = store.find_draft(work, app, kind, key)
    _check_rev(there, rev)
    if there is None:
        _check_new(work, app, found)
        store.insert_drafts(work, app, [found])
    else:
        if there.document["uid"] != found["uid"]:
            raise Invalid(Problem("publishing.other_uid", {"key": key}, ("uid",)))
        if there.document == found:
            return there
        store.update_draft(work, app, kind, key, found)
    store.count_draft_change(work, app)
    return _get(work, app, kind, key)


def rename_document(work: Work, app: str, kind: str, key: str, new_key: str, rev: int | None = None) -> DraftDocument:
    """Give a document of the draft another key; it stays the same thing, with its records.

    What names it elsewhere still says the old key: the check lists those places. Raises as
    `put_document` does, and Conflict (`publishing.key_taken`).
    """
    require_designer(work, app)
    get_locked_app(work, app)
    there = _get(work, app, kind, key)
    _check_rev(there, rev)
    if kind == "app":
        raise Invalid(Problem("publishing.app_stays", {}, ("key",)))
    found = load_document({**there.document, "key": new_key})
    if new_key != key:
        if store.find_draft(work, app, kind, new_key) is not None:
            raise Conflict(Problem("publishing.key_taken", {"key": new_key}, ("key",)))
        store.update_draft(work, app, kind, key, found)
        store.count_draft_change(work, app)
    return _get(work, app, kind, new_key)


def remove_document(work: Work, app: str, kind: str, key: str, rev: int | None = None) -> None:
    """Take a document out of the draft; records are kept. Raises Conflict, Forbidden, Invalid, NotFound."""
    require_designer(work, app)
    get_locked_app(work, app)
    _check_rev(_get(work, app, kind, key), rev)
    if kind == "app":
        raise Invalid(Problem("publishing.app_stays"))
    store.delete_draft(work, app, kind, key)
    store.count_draft_change(work, app)


def replace_draft(work: Work, app: str, documents: Mapping[tuple[str, str], Document]) -> None:
    """Make the draft hold exactly these documents; the ones that are there already stay untouched."""
    there = {(item.kind, item.key): item for item in store.list_drafts(work, app)}
    for kind, key in there.keys() - documents.keys():
        store.delete_draft(work, app, kind, key)
    for place in sorted(there.keys() & documents.keys()):
        if there[place].document != documents[place]:
            store.delete_draft(work, app, *place)  # the uid may be another one as well
            store.insert_drafts(work, app, [documents[place]], there[place].rev + 1)
    store.insert_drafts(work, app, [documents[place] for place in sorted(documents.keys() - there.keys())])
    store.count_draft_change(work, app)


def manifest_of(work: Work, app: str, number: int) -> Mapping[str, str]:
    """Hashes of a release's documents by `kind/key`; empty for release 0, before the first."""
    release = store.find_release(work, app, number) if number else None
    return release.manifest if release else {}


def get_locked_app(work: Work, app: str) -> AppEntry:
    """The app as it is now, kept from others who edit or publish it; raises NotFound."""
    found = store.lock_app(work, app)
    if found is None:
        raise NotFound(Problem("storage.no_app", {"app": app}))
    return found


def _get(work: Work, app: str, kind: str, key: str) -> DraftDocument:
    found = store.find_draft(work, app, kind, key) if kind in KINDS else None
    if found is None:
        raise NotFound(Problem("publishing.no_document", {"kind": kind, "key": key}))
    return found


def _check_rev(there: DraftDocument | None, rev: int | None) -> None:
    standing = there.rev if there else 0
    if rev is not None and rev != standing:
        current = {"document": there.document, "rev": there.rev} if there else None
        raise Conflict(Problem("publishing.stale_document", {"rev": standing}), current=current)


def _check_new(work: Work, app: str, document: Document) -> None:
    if document["kind"] == "app":
        raise Invalid(Problem("publishing.one_app", {"app": app}, ("key",)))
    other = store.find_draft_by_uid(work, app, document["uid"])
    if other is not None:
        raise Invalid(Problem("publishing.uid_taken", {"kind": other[0], "key": other[1]}, ("uid",)))


def _entry(item: DraftDocument, manifest: Mapping[str, str]) -> DraftEntry:
    published = manifest.get(f"{item.kind}/{item.key}")
    status: Status = "new" if published is None else "changed"
    if published == content_hash(item.document):
        status = "published"
    label = item.document.get("label", item.key)
    return DraftEntry(
        item.kind, item.key, item.document["uid"], label, item.rev, status, item.changed_by, item.changed_at
    )
