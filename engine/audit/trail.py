"""Write to the audit trail and read it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.audit import store
from engine.audit.entry import Filter, Page
from engine.kernel.changes import Change
from engine.kernel.errors import Forbidden, Problem
from engine.storage import Work

MOST = 200
_MANY = 20
_EVERYTHING = Filter()


def write(
    work: Work, action: str, *, app: str | None = None, subject: str | None = None,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Note that the actor did something; it is kept if and only if the work is."""
    work.log(action, app=app, subject=subject, details=details)


def list_entries(
    work: Work, wanted: Filter = _EVERYTHING, *, before: int | None = None, limit: int = 50
) -> Page:
    """A page of the trail, the newest first; raises Forbidden unless an administrator asks."""
    if not (work.actor.is_admin or work.actor.is_system):
        raise Forbidden(Problem("audit.admins_only"))
    size = max(1, min(limit, MOST))
    found = store.list_entries(work.connection, wanted, before, size + 1)
    return Page(tuple(found[:size]), found[size - 1].seq if len(found) > size else None)


def note_administrators(work: Work, changes: Sequence[Change]) -> None:
    """A reaction: note records that an administrator has changed.

    Administrators pass every permission check, so what they do to records is told twice: in the
    record's history like anybody's, and here. Many at once (an import) are told in one entry; each
    record's history has the rest.
    """
    if not work.actor.is_admin or work.actor.user_id is None:
        return
    alike: dict[tuple[str, str, str], list[Change]] = {}
    for change in changes:
        if change.cause is None:
            alike.setdefault((change.app, change.entity, change.verb), []).append(change)
    for (app, entity, verb), found in alike.items():
        if len(found) > _MANY:
            work.log(f"record.{verb}", app=app, subject=entity, details={"count": len(found)})
            continue
        for change in found:
            fields = sorted(change.after.keys() | change.before.keys())
            details = {"rev": change.rev, "fields": fields}
            work.log(f"record.{verb}", app=app, subject=f"{entity}/{change.record_id}", details=details)
