"""Files: stored once by a name of ours, attached when a record is saved, opened only through it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from engine.fields import effective
from engine.fields.capabilities import HoldsFiles
from engine.jobs import job
from engine.kernel.errors import Invalid, NotFound, Problem, Unavailable
from engine.kernel.ids import new_id
from engine.records.access import Access, access_to
from engine.records.file_names import HEAD, clean_name, ending_of, media_type
from engine.records.plan import Slot
from engine.records.query.single import find_row
from engine.records.store import files as table
from engine.records.values import Draft
from engine.storage import Work

SIZE_LIMIT = 25 * 1024 * 1024
_BLOCK = 256 * 1024
_KEPT_UNATTACHED = timedelta(days=1)


@dataclass(frozen=True)
class StoredFile:
    """A file that has been uploaded."""

    id: UUID
    name: str
    media_type: str
    size: int
    sha256: str


def store_file(work: Work, stream: IO[bytes], name: str, *, limit: int = SIZE_LIMIT) -> StoredFile:
    """Store an upload; it belongs to whoever sent it until a record that lists it is saved.

    Raises Invalid for a file that is too large, empty, or not what its name says.
    """
    shown = clean_name(name)
    id_ = new_id()
    path = _path(work, id_)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        head, size, digest = _copy(stream, path, limit)
        if size == 0:
            raise Invalid(Problem("file.empty", {"name": shown}))
        found = StoredFile(id_, shown, media_type(shown, head), size, digest)
        table.insert(work, {**vars(found), "uploaded_by": work.actor.user_id, "uploaded_at": work.now})
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return found


def open_file(work: Work, id_: UUID) -> tuple[StoredFile, Path]:
    """A stored file and where it lies; raises NotFound unless the actor may read a record that lists it."""
    row = table.find(work, id_)
    if row is None or not _may_open(work, row):
        raise NotFound(Problem("file.not_found"))
    path = _path(work, id_)
    if not path.is_file():
        raise NotFound(Problem("file.lost", {"name": row["name"]}))
    return StoredFile(*(row[key] for key in ("id", "name", "media_type", "size", "sha256"))), path


def describe_files(work: Work, ids: Sequence[UUID]) -> dict[UUID, StoredFile]:
    """Names, types and sizes of those files that the actor may open."""
    return {
        row["id"]: StoredFile(*(row[key] for key in ("id", "name", "media_type", "size", "sha256")))
        for row in table.find_many(work, ids)
        if _may_open(work, row)
    }


def check_files(access: Access, drafts: Sequence[Draft]) -> None:
    """Note files that are not there, belong elsewhere, or have an ending that the field refuses."""
    wanted = [(draft, slot, id_) for draft in drafts for slot in draft.plan.files for id_ in _fresh(draft, slot)]
    if not wanted:
        return
    rows = {row["id"]: row for row in table.find_many(access.work, [id_ for _, _, id_ in wanted])}
    for draft, slot, id_ in wanted:
        row = rows.get(id_)
        if row is None or not _is_usable(access, row, draft, slot):
            draft.refuse("file.missing", slot.key)
            continue
        field_type, options = effective(slot.field.type, slot.field.options)
        accepted = field_type.accepted(options) if isinstance(field_type, HoldsFiles) else ()
        if accepted and ending_of(row["name"]) not in accepted:
            draft.refuse("file.ending", slot.key, name=row["name"], endings=list(accepted))


def attach_files(access: Access, drafts: Sequence[Draft]) -> None:
    """Let files belong to the records that list them."""
    for draft in drafts:
        for slot in draft.plan.files:
            fresh = _fresh(draft, slot)
            if fresh:
                table.attach(access.work, fresh, {
                    "app": access.app, "entity": draft.plan.entity.key, "record_id": draft.id, "field_uid": slot.field.uid,
                })


@job("records.sweep_files", writes=True, every=timedelta(hours=6))
def sweep_files(work: Work, _: Any) -> dict[str, int]:
    """Delete uploads that no record took within a day."""
    gone = table.delete_unattached(work, work.now - _KEPT_UNATTACHED)
    for id_ in gone:
        path = _path(work, id_)
        work.after_commit(lambda path=path: path.unlink(missing_ok=True))  # type: ignore[misc]
    return {"deleted": len(gone)}


def _fresh(draft: Draft, slot: Slot) -> list[UUID]:
    before = () if draft.is_new else draft.old.get(slot.key) or ()
    return [id_ for id_ in draft.values.get(slot.key) or () if id_ not in before]


def _is_usable(access: Access, row: dict[str, Any], draft: Draft, slot: Slot) -> bool:
    if row["record_id"] is not None:  # taken out before, and put back
        return bool(row["record_id"] == draft.id and row["field_uid"] == slot.field.uid)
    return access.actor.is_system or row["uploaded_by"] == access.actor.user_id


def _may_open(work: Work, row: dict[str, Any]) -> bool:
    if row["record_id"] is None:
        return work.actor.is_system or row["uploaded_by"] == work.actor.user_id
    access = access_to(work, row["app"])
    place = _field(access, row["field_uid"])
    if place is None or access.policy.field_right(place[0], place[1].key) == "hidden":
        return False
    found = find_row(access, place[0], row["record_id"], (place[1],))
    return found is not None and row["id"] in (found[0][2] or ())


def _field(access: Access, uid: str) -> tuple[str, Slot] | None:
    """The file field with this uid: keys may have changed since the upload."""
    for entity, plan in access.plans.entities.items():
        for slot in plan.files:
            if slot.field.uid == uid:
                return entity, slot
    return None


def _path(work: Work, id_: UUID) -> Path:
    folder: Path | None = getattr(work.database, "data", None)
    if folder is None:
        raise Unavailable(Problem("file.no_store"))
    return folder / "files" / id_.hex[-2:] / id_.hex


def _copy(stream: IO[bytes], path: Path, limit: int) -> tuple[bytes, int, str]:
    """Copy a stream into a file; its first bytes, its size and its hash."""
    head, size, digest = b"", 0, hashlib.sha256()
    with path.open("xb") as target:
        while block := stream.read(_BLOCK):
            size += len(block)
            if size > limit:
                raise Invalid(Problem("file.too_large", {"megabytes": limit // 1024 // 1024}))
            head = head or block[:HEAD]
            digest.update(block)
            target.write(block)
    return head, size, digest.hexdigest()
