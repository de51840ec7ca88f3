"""Comments on records: whoever may read a record may read and write its comments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from engine.kernel.errors import Forbidden, Invalid, NotFound, Problem
from engine.kernel.ids import find_id, new_id
from engine.records.access import access_to, no_record
from engine.records.query.single import find_row
from engine.records.store import comments as table
from engine.storage import Work

MAX_LENGTH = 5_000
MAX_LISTED = 500


@dataclass(frozen=True)
class Comment:
    """What somebody said about a record."""

    id: UUID
    text: str
    author_id: UUID
    author: str
    at: datetime


def add_comment(work: Work, app: str, entity: str, id_: UUID | str, text: str) -> Comment:
    """Say something about a record; raises NotFound, Invalid for an empty or unfit text."""
    known = _readable(work, app, entity, id_)
    if work.actor.user_id is None:
        raise Forbidden(Problem("comment.needs_person"))
    said = _clean(text)
    found = Comment(new_id(), said, work.actor.user_id, work.actor.name, work.now)
    table.insert(work, {
        "id": found.id, "app": app, "entity": entity, "record_id": known, "text": said,
        "author_id": found.author_id, "at": found.at,
    })
    return found


def list_comments(work: Work, app: str, entity: str, id_: UUID | str) -> list[Comment]:
    """What was said about a record, the oldest first; raises NotFound."""
    known = _readable(work, app, entity, id_)
    return [Comment(*row) for row in table.find(work, app, known, MAX_LISTED)]


def _readable(work: Work, app: str, entity: str, id_: UUID | str) -> UUID:
    access = access_to(work, app)
    access.entity(entity)
    known = id_ if isinstance(id_, UUID) else find_id(id_)
    if known is None or find_row(access, entity, known, ()) is None:
        raise NotFound(no_record())
    return known


def _clean(text: object) -> str:
    if not isinstance(text, str) or not text.strip():
        raise Invalid(Problem("comment.empty", path=("text",)))
    if len(text) > MAX_LENGTH:
        raise Invalid(Problem("comment.too_long", {"count": MAX_LENGTH}, ("text",)))
    if any((letter < " " and letter not in "\n\r\t") or "\ud800" <= letter <= "\udfff" for letter in text):
        raise Invalid(Problem("field.forbidden_character", path=("text",)))
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()
