"""Complete drafts into the database, with history, attached files, and word to those who react."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from engine.kernel.changes import Change, Verb
from engine.records.access import Access
from engine.records.complete import is_touched
from engine.records.files import attach_files
from engine.records.history_entries import history_entry
from engine.records.plan import SYSTEM_FIELDS
from engine.records.query.statements import OPEN, OWNER, SEARCH
from engine.records.search_text import search_text
from engine.records.store.history import write_history
from engine.records.store.save import insert, mark, update
from engine.records.values import Draft


def insert_drafts(access: Access, drafts: Sequence[Draft], cause: str | None) -> None:
    """Store new records of one entity with their owned rows; raises Invalid where a value is taken."""
    if not drafts:
        return
    _insert(access, drafts, {})
    write_history(access, [entry for draft in drafts if (entry := history_entry(access, draft, "created", cause))])
    for draft in drafts:
        _announce(access, draft, "created", cause)
        if draft.rows:
            for row in _rows(draft):
                _announce(access, row, "created", cause)


def update_draft(access: Access, draft: Draft, cause: str | None, open_fields: tuple[str, ...] | None, *, opens: bool) -> None:
    """Store a changed record with its owned rows. With `opens`, its open fields are set as well."""
    values = _changed_values(draft)
    values["rev"] = draft.rev
    if opens:
        values[OPEN] = open_fields
    update(access, draft.plan.entity.key, [(draft.id, values)])
    attach_files(access, [draft])
    _update_rows(access, draft, cause)
    entry = history_entry(access, draft, "changed", cause)
    write_history(access, [entry] if entry else [])
    _announce(access, draft, "changed", cause)


def _insert(access: Access, drafts: Sequence[Draft], owners: dict[UUID, UUID]) -> None:
    plan = drafts[0].plan
    insert(access, plan.entity.key, [_complete_row(draft, owners.get(draft.id)) for draft in drafts])
    attach_files(access, drafts)
    for key in plan.rows:
        rows = [(row, draft) for draft in drafts for row in draft.rows.get(key, ())]
        if rows:
            _insert(access, [row for row, _ in rows], {row.id: owner.id for row, owner in rows})


def _complete_row(draft: Draft, owner: UUID | None) -> dict[str, Any]:
    found = {**draft.values, "id": draft.id, "rev": draft.rev, SEARCH: search_text(draft.plan, draft.values)}
    if owner is not None:
        found.update({OWNER: owner, "position": draft.position})
    return found


def _changed_values(draft: Draft) -> dict[str, Any]:
    changed = draft.changed
    values = {key: draft.values[key] for key in changed}
    if not changed.isdisjoint(slot.key for slot in draft.plan.searchable):
        values[SEARCH] = search_text(draft.plan, draft.values)
    return values


def _update_rows(access: Access, draft: Draft, cause: str | None) -> None:
    """Owned rows of a changed record: new ones in, changed ones over, the rest marked as gone."""
    for key, rows in draft.rows.items():
        child = draft.plan.rows[key]
        new = [row for row in rows if row.is_new]
        if new:
            _insert(access, new, {row.id: draft.id for row in new})
        old = [row for row in rows if not row.is_new]
        moved = [row for row in old if is_touched(row) or row.position != row.old["position"]]
        for row in moved:
            row.rev += 1
        update(access, child, [(row.id, {**_changed_values(row), "rev": row.rev, "position": row.position}) for row in moved])
        attach_files(access, moved)
        # A moment earlier than a removal in the same work, which takes along what still stands: what
        # is taken out here must not come back with it.
        mark(access, child, [row.id for row in draft.gone.get(key, ())], access.work.now - timedelta(microseconds=1))
        for row in new:
            _announce(access, row, "created", cause)
        for row in old:
            _update_rows(access, row, cause)
            if row.changed:
                _announce(access, row, "changed", cause)
        for row in draft.gone.get(key, ()):
            _announce(access, row, "removed", cause)


def _announce(access: Access, draft: Draft, verb: Verb, cause: str | None) -> None:
    entity = draft.plan.entity.key
    if verb == "removed":
        access.work.add(Change(access.app, entity, draft.id, verb, rev=draft.rev, cause=cause))
        return
    unwatched = draft.plan.untold
    if draft.is_new:
        before: dict[str, Any] = {}
        after = {key: value for key, value in draft.values.items() if value is not None and key not in unwatched}
    else:
        keys = draft.changed - unwatched
        before, after = {key: draft.old.get(key) for key in keys}, {key: draft.values[key] for key in keys}
    for key in draft.rows:
        if draft.is_new or draft.gone.get(key) or any(is_touched(row) for row in draft.rows[key]):
            after[key] = [_plain(row) for row in draft.rows[key]]
            if not draft.is_new:
                before[key] = [_plain_old(row) for row in (*draft.rows[key], *draft.gone.get(key, ())) if not row.is_new]
    access.work.add(Change(access.app, entity, draft.id, verb, before, after, draft.rev, cause))


def _plain(row: Draft) -> dict[str, Any]:
    return {"id": row.id, **{key: row.values[key] for key in row.plan.slots if key in row.values and key not in SYSTEM_FIELDS}}


def _plain_old(row: Draft) -> dict[str, Any]:
    return {"id": row.id, **{key: row.old.get(key) for key in row.plan.slots if key in row.plan.stored and key not in SYSTEM_FIELDS}}


def _rows(draft: Draft) -> Iterable[Draft]:
    return (each for each in draft.family() if each is not draft)
