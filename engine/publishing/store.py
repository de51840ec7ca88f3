"""The tables of drafts and releases: the only SQL of this room."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from engine.definitions import Document
from engine.publishing.entries import AppEntry, DraftDocument, Release
from engine.storage import Work
from engine.storage.system_tables import app as apps
from engine.storage.system_tables import (
    blob,
    comment,
    draft_document,
    notification,
    release,
    role_holder,
    saved_view,
    setting,
    stored_file,
    user,
    wf_instance,
)

_DRAFT = draft_document.c
_MOST_NAMED = 500


def list_apps(work: Work) -> tuple[AppEntry, ...]:
    """All apps, by key."""
    query = sa.select(apps.c.key, apps.c.uid, apps.c.release, apps.c.draft_rev, apps.c.created_at).order_by(apps.c.key)
    return tuple(AppEntry(*row) for row in work.connection.execute(query))


def find_app_by_uid(work: Work, uid: str) -> str | None:
    """Key of the app with a uid."""
    return work.connection.execute(sa.select(apps.c.key).where(apps.c.uid == uid)).scalar()


def insert_app(work: Work, key: str, uid: str) -> None:
    """A new app with nothing in it."""
    work.connection.execute(apps.insert().values(key=key, uid=uid, created_at=work.now))


def lock_app(work: Work, app: str) -> AppEntry | None:
    """The app, kept from others who change its draft or publish until the work ends."""
    columns = (apps.c.key, apps.c.uid, apps.c.release, apps.c.draft_rev, apps.c.created_at)
    row = work.connection.execute(sa.select(*columns).where(apps.c.key == app).with_for_update()).first()
    return AppEntry(*row) if row else None


def count_draft_change(work: Work, app: str) -> None:
    """Note that the draft is another one now."""
    work.connection.execute(apps.update().where(apps.c.key == app).values(draft_rev=apps.c.draft_rev + 1))


def switch(work: Work, app: str, number: int) -> None:
    """Make a release the current one."""
    work.connection.execute(apps.update().where(apps.c.key == app).values(release=number))


# drafts -----------------------------------------------------------------------------------------
def list_drafts(work: Work, app: str) -> tuple[DraftDocument, ...]:
    """The draft's documents by kind and key."""
    query = (
        sa.select(_DRAFT.document, _DRAFT.rev, _DRAFT.changed_by, _DRAFT.changed_at)
        .where(_DRAFT.app == app).order_by(_DRAFT.kind, _DRAFT.key)
    )
    return tuple(DraftDocument(*row) for row in work.connection.execute(query))


def draft_stamp(work: Work, app: str) -> tuple[tuple[Any, ...], ...]:
    """What tells this draft from every other one: which documents, in which version, written when."""
    query = sa.select(_DRAFT.kind, _DRAFT.key, _DRAFT.rev, _DRAFT.changed_at).where(_DRAFT.app == app).order_by(_DRAFT.kind, _DRAFT.key)
    return tuple(tuple(row) for row in work.connection.execute(query))


def list_marks(work: Work, app: str) -> list[tuple[str, str, str, int, datetime | None, UUID | None]]:
    """The draft's documents without their content: kind, key, uid, rev, when and by whom they were changed."""
    query = sa.select(_DRAFT.kind, _DRAFT.key, _DRAFT.uid, _DRAFT.rev, _DRAFT.changed_at, _DRAFT.changed_by).where(_DRAFT.app == app)
    return [(row[0], row[1], row[2], row[3], row[4], row[5]) for row in work.connection.execute(query)]


def find_draft(work: Work, app: str, kind: str, key: str) -> DraftDocument | None:
    """One document of the draft."""
    query = sa.select(_DRAFT.document, _DRAFT.rev, _DRAFT.changed_by, _DRAFT.changed_at).where(*_is(app, kind, key))
    row = work.connection.execute(query).first()
    return DraftDocument(*row) if row else None


def find_draft_by_uid(work: Work, app: str, uid: str) -> tuple[str, str] | None:
    """Kind and key of the draft's document with a uid."""
    query = sa.select(_DRAFT.kind, _DRAFT.key).where(_DRAFT.app == app, _DRAFT.uid == uid)
    row = work.connection.execute(query).first()
    return (row[0], row[1]) if row else None


def insert_drafts(work: Work, app: str, documents: Iterable[Document], rev: int = 1) -> None:
    """New documents in the draft."""
    rows = [
        {"app": app, "kind": item["kind"], "key": item["key"], "uid": item["uid"], "document": item, "rev": rev,
         "changed_by": work.actor.user_id, "changed_at": work.now}
        for item in documents
    ]
    if rows:
        work.connection.execute(draft_document.insert(), rows)


def update_draft(work: Work, app: str, kind: str, key: str, document: Document) -> None:
    """Replace a document of the draft (its key may be a new one) and raise its rev."""
    work.connection.execute(
        draft_document.update().where(*_is(app, kind, key)).values(
            key=document["key"], document=document, rev=_DRAFT.rev + 1, changed_by=work.actor.user_id,
            changed_at=work.now,
        )
    )


def delete_draft(work: Work, app: str, kind: str, key: str) -> None:
    """Take a document out of the draft."""
    work.connection.execute(draft_document.delete().where(*_is(app, kind, key)))


def _is(app: str, kind: str, key: str) -> tuple[sa.ColumnElement[bool], ...]:
    return _DRAFT.app == app, _DRAFT.kind == kind, _DRAFT.key == key


# releases ---------------------------------------------------------------------------------------
def insert_release(
    work: Work, app: str, number: int, manifest: Mapping[str, str], note: str, origin: Mapping[str, Any] | None
) -> None:
    """A new release; its documents must be there."""
    work.connection.execute(
        release.insert().values(
            app=app, number=number, manifest=dict(manifest), note=note, author_id=work.actor.user_id,
            origin=dict(origin) if origin else None, published_at=work.now,
        )
    )


def insert_blobs(work: Work, documents: Mapping[str, Document]) -> None:
    """Keep documents by their hashes; those that are there already stay."""
    insert = postgresql.insert if work.dialect == "postgresql" else sqlite.insert
    rows = [{"hash": key, "document": document} for key, document in documents.items()]
    if rows:
        work.connection.execute(insert(blob).on_conflict_do_nothing(), rows)


def find_blob(work: Work, key: str) -> Document | None:
    """A document by its hash."""
    return find_blobs(work, [key]).get(key)


def find_blobs(work: Work, keys: Iterable[str]) -> dict[str, Document]:
    """Documents by their hashes; what isn't kept is left out."""
    wanted, found = list(keys), {}
    for start in range(0, len(wanted), _MOST_NAMED):
        query = sa.select(blob.c.hash, blob.c.document).where(blob.c.hash.in_(wanted[start : start + _MOST_NAMED]))
        found.update({row[0]: row[1] for row in work.connection.execute(query)})
    return found


def newest_number(work: Work, app: str) -> int:
    """The highest number that a release of the app has, or had one of an app of this key before; 0 when there is none."""
    found = work.connection.execute(sa.select(sa.func.max(release.c.number)).where(release.c.app == app)).scalar()
    if found:
        return int(found)
    before = work.connection.scalar(sa.select(setting.c.value).where(setting.c.key == f"releases:{app}"))
    return int(before["newest"]) if before else 0


def list_releases(work: Work, app: str) -> tuple[Release, ...]:
    """The app's releases, newest first."""
    return tuple(_releases(work, app))


def find_release(work: Work, app: str, number: int) -> Release | None:
    """One release."""
    return next(iter(_releases(work, app, number)), None)


def _releases(work: Work, app: str, number: int | None = None) -> Iterable[Release]:
    query = (
        sa.select(
            release.c.app, release.c.number, release.c.note, release.c.author_id, release.c.published_at,
            (release.c.number == apps.c.release), release.c.origin, release.c.manifest,
        )
        .join(apps, apps.c.key == release.c.app).where(release.c.app == app).order_by(release.c.number.desc())
    )
    if number is not None:
        query = query.where(release.c.number == number)
    return [Release(*row) for row in work.connection.execute(query)]


# what publishing touches ------------------------------------------------------------------------
def names_of(work: Work, users: Iterable[UUID | None]) -> dict[UUID, str]:
    """Names of people by id."""
    wanted = {item for item in users if item is not None}
    if not wanted:
        return {}
    rows = work.connection.execute(sa.select(user.c.id, user.c.name).where(user.c.id.in_(wanted)))
    return {row[0]: row[1] for row in rows}


def role_holders(work: Work, app: str) -> dict[str, int]:
    """How many people hold each role of the app."""
    query = sa.select(role_holder.c.role, sa.func.count()).where(role_holder.c.app == app).group_by(role_holder.c.role)
    return {row[0]: row[1] for row in work.connection.execute(query)}


def running_instances(work: Work, app: str) -> dict[tuple[str, str], int]:
    """How many workflow instances are under way, by the workflow's uid and the state they stand in."""
    query = (
        sa.select(wf_instance.c.workflow_uid, wf_instance.c.state, sa.func.count())
        .where(wf_instance.c.app == app, wf_instance.c.ended_at.is_(None))
        .group_by(wf_instance.c.workflow_uid, wf_instance.c.state)
    )
    return {(row[0], row[1]): row[2] for row in work.connection.execute(query)}


def list_saved_views(work: Work, app: str) -> list[tuple[UUID, str, dict[str, Any]]]:
    """Everybody's own views of an app: id, entity, settings."""
    query = sa.select(saved_view.c.id, saved_view.c.entity, saved_view.c.settings).where(saved_view.c.app == app)
    return [(row.id, row.entity, row.settings) for row in work.connection.execute(query)]


def update_saved_view(work: Work, id_: UUID, settings: Mapping[str, Any]) -> None:
    """Write a view's settings."""
    work.connection.execute(saved_view.update().where(saved_view.c.id == id_).values(settings=dict(settings)))


def rename_entity(work: Work, app: str, old: str, new: str) -> None:
    """Let rows that name an entity by its key follow to its new one."""
    for table in (saved_view, wf_instance, comment, stored_file, notification):
        work.connection.execute(table.update().where(table.c.app == app, table.c.entity == old).values(entity=new))
