"""Create records: one, or many with a result for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from engine.kernel.errors import Invalid, Problem, raise_invalid
from engine.kernel.ids import new_id
from engine.records.access import Access, access_to
from engine.records.complete import complete, problems_of
from engine.records.outcome import record_of
from engine.records.record import Record
from engine.records.saving import insert_drafts
from engine.records.values import Allowed, Draft, read_rows, read_values
from engine.storage import Work

MAX_BULK = 1_000


def create_record(work: Work, app: str, entity: str, values: Mapping[str, Any], *, cause: str | None = None) -> Record:
    """Create a record with its owned rows.

    Raises NotFound for an entity that isn't there, Forbidden without the right to create, and Invalid
    with all problems, each at its field.
    """
    access = _access(work, app, entity)
    return record_of(access, _insert(access, entity, values, cause))


def make_record(work: Work, app: str, entity: str, values: Mapping[str, Any], *, cause: str | None = None) -> UUID:
    """The same, for those who have no use for the record as its writer may read it: its id."""
    return _insert(_access(work, app, entity), entity, values, cause).id


def bulk_create(
    work: Work, app: str, entity: str, rows: Sequence[Mapping[str, Any]], *, all_or_nothing: bool = False, cause: str | None = None
) -> list[dict[str, Any]]:
    """Create many records: `{"index", "id"}` for each that was, `{"index", "problems"}` for the others.

    Sound rows are stored whatever the others are like, unless `all_or_nothing`: then one bad row
    keeps all out. Raises like `create_record` for what concerns no single row.
    """
    access = _access(work, app, entity)
    if len(rows) > MAX_BULK:
        raise Invalid(Problem("bulk.too_many", {"count": MAX_BULK}))
    drafts = _read(access, entity, rows)
    complete(access, drafts)
    problems: dict[int, tuple[Problem, ...]] = {
        index: tuple(found) for index, draft in enumerate(drafts) if (found := problems_of(draft))
    }
    if not (problems and all_or_nothing):
        sound = {index: draft for index, draft in enumerate(drafts) if index not in problems}
        problems.update(_store(access, sound, cause, all_or_nothing=all_or_nothing))
    refused = problems if not all_or_nothing or not problems else {**dict.fromkeys(range(len(drafts)), ()), **problems}
    return [
        {"index": index, "problems": refused[index]} if index in refused else {"index": index, "id": draft.id}
        for index, draft in enumerate(drafts)
    ]


def _store(
    access: Access, drafts: dict[int, Draft], cause: str | None, *, all_or_nothing: bool
) -> dict[int, tuple[Problem, ...]]:
    """All in one statement; where a unique value is taken, in halves, until the culprits are alone."""
    if not drafts:
        return {}
    try:
        with access.work.savepoint():
            insert_drafts(access, list(drafts.values()), cause)
    except Invalid as error:
        if len(drafts) == 1:
            return {next(iter(drafts)): error.problems}
        indexes = list(drafts)
        middle = len(indexes) // 2
        first = _store(access, {index: drafts[index] for index in indexes[:middle]}, cause, all_or_nothing=all_or_nothing)
        if first and all_or_nothing:
            return first
        second = _store(access, {index: drafts[index] for index in indexes[middle:]}, cause, all_or_nothing=all_or_nothing)
        return {**first, **second}
    return {}


def _access(work: Work, app: str, entity: str) -> Access:
    access = access_to(work, app)
    access.entity(entity)
    access.demand("create", entity)
    if access.model.entities[entity].part_of is not None:
        raise Invalid(Problem("record.only_with_owner", {"entity": access.model.entities[entity].label}))
    return access


def _insert(access: Access, entity: str, values: Mapping[str, Any], cause: str | None) -> Draft:
    draft = _read(access, entity, [values])[0]
    complete(access, [draft])
    raise_invalid(problems_of(draft))
    insert_drafts(access, [draft], cause)
    return draft


def _read(access: Access, entity: str, rows: Sequence[object]) -> list[Draft]:
    plan, may = access.plan(entity), allowed(access, entity)
    slots = access.plans.kept.get(("writable", entity, access.rights_key), lambda: may.slots(plan))
    drafts = [Draft(plan, new_id(), dict.fromkeys(plan.stored)) for _ in rows]
    for draft, values in zip(drafts, rows, strict=True):
        owned = read_values(draft, values, may, slots)
        if owned:
            read_rows(access.plans, draft, owned, partial(allowed, access), _no_rows)
    return drafts


def _no_rows(_child: str, _owner: UUID) -> Mapping[UUID, Mapping[str, Any]]:
    """A new record owns nothing yet."""
    return {}


def allowed(access: Access, entity: str) -> Allowed:
    """What the actor may write and know of an entity's fields."""
    def find() -> Allowed:
        return Allowed(access.policy.writable(entity), access.policy.readable(entity))

    return access.plans.kept.get(("allowed", entity, access.rights_key), find)

