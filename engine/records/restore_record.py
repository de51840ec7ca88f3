"""Bring removed records back, with what was removed along with them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from engine.kernel.errors import Forbidden, Invalid, NotFound, Problem
from engine.kernel.ids import find_id
from engine.records.access import Access, access_to, no_record
from engine.records.derive import spread
from engine.records.outcome import record_of
from engine.records.query.single import find_for_write
from engine.records.query.titles import find_titles
from engine.records.reading import get_record
from engine.records.record import Record
from engine.records.remove_record import announce
from engine.records.store.load import load
from engine.records.store.referrers import removed_with
from engine.records.store.save import update
from engine.records.values import Draft
from engine.storage import Work


def restore_record(work: Work, app: str, entity: str, id_: UUID | str, *, cause: str | None = None) -> Record:
    """Let a removed record stand again, with its owned rows and the records that went along with it.

    Whoever may remove it may bring it back. Raises NotFound, Forbidden; Invalid when it refers to what
    is gone meanwhile, or has a unique value that is taken.
    """
    access = access_to(work, app)
    access.entity(entity)
    known = id_ if isinstance(id_, UUID) else find_id(id_)
    found = find_for_write(access, entity, known, "remove", removed=True) if known else None
    if found is None:
        raise NotFound(no_record())
    before, may = found
    if not may:
        raise Forbidden(Problem("record.may_not_remove_this"))
    coming = _coming(access, entity, before["id"], before["removed_on"])
    drafts = {key: _drafts(access, key, ids) for key, ids in coming.items()}
    _check(access, coming, [draft for some in drafts.values() for draft in some])
    for key, some in drafts.items():
        _restore(access, key, some)
    spread(access, {node: coming[key] for key in coming for node in access.plans.graph.own.get(key, ())})
    for key, some in drafts.items():
        announce(access, key, {draft.id: {**draft.values, "rev": draft.rev - 1} for draft in some}, "restored", cause)
    try:
        return get_record(work, app, entity, before["id"])
    except NotFound:
        return record_of(access, next(draft for draft in drafts[entity] if draft.id == before["id"]))


def _coming(access: Access, entity: str, id_: UUID, at: datetime) -> dict[str, set[UUID]]:
    """The record, its owned rows, and what a cascade took along: all removed at the same moment."""
    found: dict[str, set[UUID]] = {}
    waiting = [(entity, {id_})]
    while waiting:
        target, some = waiting.pop()
        fresh = some - found.get(target, set())
        if not fresh:
            continue
        found.setdefault(target, set()).update(fresh)
        along = [(child, "parent_id") for child in access.plan(target).rows.values()]
        along += [
            (other.key, item.column) for other, item in access.model.referrers.get(target, ())
            if item.options.get("on_remove") == "cascade"
        ]
        waiting.extend((other, removed_with(access, other, column, fresh, at)) for other, column in along)
    return found


def _drafts(access: Access, entity: str, ids: set[UUID]) -> list[Draft]:
    plan = access.plan(entity)
    return [
        Draft(plan, id_, {key: values[key] for key in plan.stored}, values, is_new=False, rev=values["rev"] + 1)
        for id_, values in load(access, entity, ids, lock=True, removed=True).items()
    ]


def _check(access: Access, coming: dict[str, set[UUID]], drafts: list[Draft]) -> None:
    """Refuse what would point to nothing."""
    problems = []
    for draft in drafts:
        for slot in draft.plan.references:
            value = draft.values.get(slot.key)
            if value is None or value in coming.get(str(slot.target), set()):
                continue
            if value not in find_titles(access, str(slot.target), [value], is_free=True):
                problems.append(Problem("record.points_to_removed", {"field": slot.field.label}, (slot.key,)))
    if problems:
        raise Invalid(*problems)


def _restore(access: Access, entity: str, drafts: list[Draft]) -> None:
    now, who = access.work.now, access.actor.user_id
    update(access, entity, [
        (draft.id, {"removed_on": None, "rev": draft.rev, "changed_on": now, "changed_by": who}) for draft in drafts
    ])
