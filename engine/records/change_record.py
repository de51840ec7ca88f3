"""Change records: by people within their rights, and by the product itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from engine.kernel.errors import Conflict, Forbidden, NotFound, Problem, raise_invalid
from engine.kernel.ids import find_id
from engine.records.access import Access, access_to, no_record
from engine.records.complete import complete, is_touched, owner_fields, problems_of
from engine.records.create_record import allowed
from engine.records.outcome import record_of
from engine.records.query.single import find_for_write, still_allows
from engine.records.query.statements import OPEN
from engine.records.reading import get_json, get_record
from engine.records.record import Record
from engine.records.saving import update_draft
from engine.records.store.load import load, load_rows
from engine.records.store.referrers import referrers
from engine.records.values import Allowed, Draft, read_rows, read_values
from engine.storage import Work


class _Keep:
    """The open fields stay as they are."""


KEEP: Final = _Keep()
REMOVAL: Final = "@removal"
"""Among the open fields of a locked record: it may be removed all the same."""
_FREE = Allowed(None, None, with_status=True)


def change_record(
    work: Work, app: str, entity: str, id_: UUID | str, values: Mapping[str, Any], rev: int | None = None, *, cause: str | None = None
) -> Record:
    """Change some fields of a record; owned rows that are given replace the ones that are there.

    Raises NotFound, Forbidden, Invalid with all problems; Conflict when the record has moved on since
    `rev` (`current` says what it is now) or is locked.
    """
    draft = apply_change(work, app, entity, id_, values, rev, cause=cause)
    try:
        return get_record(work, app, entity, draft.id)
    except NotFound:  # the change has taken it out of the writer's sight, which their rights allow
        return record_of(access_to(work, app), draft)


def apply_change(
    work: Work, app: str, entity: str, id_: UUID | str, values: Mapping[str, Any], rev: int | None = None, *, cause: str | None = None
) -> Draft:
    """The same, for those who have no use for the record as its writer may read it."""
    access = access_to(work, app)
    access.entity(entity)
    before, may = _found(access, entity, id_, "change")
    if not may:
        raise Forbidden(Problem("record.may_not_change_this"))
    check_rev(access, entity, before, rev)
    draft = _read(access, entity, before, values, is_free=False)
    _check_lock(draft, before[OPEN])
    complete(access, [draft])
    raise_invalid(problems_of(draft))
    if is_touched(draft):
        _check_gone(access, draft)
        update_draft(access, draft, cause, None, opens=False)
        if draft.changed & owner_fields(draft) and not still_allows(access, entity, draft.id, "change"):
            raise Forbidden(Problem("record.would_be_out_of_reach"))
    return draft


def write_system(
    work: Work, app: str, entity: str, id_: UUID, values: Mapping[str, Any], *,
    open_fields: tuple[str, ...] | _Keep | None = KEEP, cause: str | None = "workflow",
    before: Mapping[str, Any] | None = None,
) -> Mapping[str, Any]:
    """Write for the product itself: status fields too, locked records too, whoever acts.

    Validation, history, derived values and the rev go on as ever. `open_fields` locks the record but
    for these fields, or with None unlocks it. `before` are the stored values, where the caller holds the
    record's lock and nobody has written it since. Gives the stored values. Raises NotFound and Invalid.
    """
    access = access_to(work, app)
    before = lock_record(work, app, entity, id_) if before is None else before
    draft = _read(access, entity, before, values, is_free=True)
    complete(access, [draft], is_free=True)
    raise_invalid(problems_of(draft))
    opens = not isinstance(open_fields, _Keep) and open_fields != before[OPEN]
    if not (is_touched(draft) or opens):
        return before
    kept = None if isinstance(open_fields, _Keep) else open_fields
    update_draft(access, draft, cause, kept, opens=opens)
    return {**before, **draft.values, "rev": draft.rev, OPEN: kept if opens else before[OPEN]}


def lock_record(work: Work, app: str, entity: str, id_: UUID) -> Mapping[str, Any]:
    """The stored values of a record, which nobody else can change before this work is over.

    Whoever may read it: for the product's own decisions. Raises NotFound.
    """
    access = access_to(work, app)
    access.plan(entity)
    found = load(access, entity, [id_], lock=True).get(id_)
    if found is None:
        raise NotFound(no_record())
    return found


def check_rev(access: Access, entity: str, before: Mapping[str, Any], rev: int | None) -> None:
    """Raise Conflict when the record is not the one that the caller has seen."""
    if rev is not None and rev != before["rev"]:
        current = get_json(access.work, access.app, entity, before["id"])
        raise Conflict(Problem("record.stale", {"rev": before["rev"]}), current=current)


def _found(access: Access, entity: str, id_: UUID | str, verb: str) -> tuple[dict[str, Any], bool]:
    known = id_ if isinstance(id_, UUID) else find_id(id_)
    found = find_for_write(access, entity, known, verb) if known else None
    if found is None:
        raise NotFound(no_record())
    return found


def _read(access: Access, entity: str, before: Mapping[str, Any], values: Mapping[str, Any], *, is_free: bool) -> Draft:
    plan = access.plan(entity)
    stored = {key: before[key] for key in plan.stored}
    draft = Draft(plan, before["id"], stored, before, is_new=False, rev=before["rev"] + 1)

    def may(key: str) -> Allowed:
        return _FREE if is_free else allowed(access, key)

    def old_rows(child: str, owner: UUID) -> Mapping[UUID, Mapping[str, Any]]:
        return load_rows(access, child, [owner], lock=True).get(owner, {})

    rows = read_values(draft, values, may(entity))
    read_rows(access.plans, draft, rows, may, old_rows)
    return draft


def _check_gone(access: Access, draft: Draft) -> None:
    """Raise Conflict where an owned row that would go is referred to."""
    for each in draft.family():
        for key, gone in each.gone.items():
            child = each.plan.rows[key]
            for other, item in access.model.referrers.get(child, ()):
                if gone and referrers(access, other.key, item, [row.id for row in gone], limit=1):
                    values = {"count": 1, "entity": other.plural or other.label, "field": item.label}
                    raise Conflict(Problem("record.referred_to", values, (*each.path, key)))


def _check_lock(draft: Draft, open_fields: tuple[str, ...] | None) -> None:
    """Raise Conflict where a locked record would change in a field that isn't open."""
    if open_fields is None:
        return
    changed = draft.changed | {key for key in draft.rows if draft.gone.get(key) or any(is_touched(row) for row in draft.rows[key])}
    closed = sorted(changed - set(open_fields))
    if closed:
        raise Conflict(*(Problem("record.locked", path=(key,)) for key in closed))
