"""Remove records, which can be undone, and see to those that refer to them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from engine.definitions.model import Entity, Field
from engine.kernel.changes import Change
from engine.kernel.errors import Conflict, Forbidden, NotFound, Problem
from engine.kernel.ids import find_id
from engine.records.access import Access, access_to, no_record
from engine.records.change_record import REMOVAL, check_rev, write_system
from engine.records.history_entries import history_entry
from engine.records.query.single import find_for_write
from engine.records.query.statements import OPEN
from engine.records.store.history import write_history
from engine.records.store.load import load, load_rows
from engine.records.store.referrers import referrers
from engine.records.store.save import update
from engine.records.values import Draft
from engine.storage import Work

MAX_TOUCHED = 2_000
"""Records that one removal may clear or take along."""


@dataclass
class Removal:
    """What a removal amounts to: records that go, references that are cleared, what stands against it."""

    gone: dict[str, set[UUID]] = field(default_factory=dict)
    cleared: list[tuple[str, UUID, str]] = field(default_factory=list)
    held: list[tuple[Entity, Field, set[UUID]]] = field(default_factory=list)

    @property
    def size(self) -> int:
        """How many records are touched."""
        return sum(map(len, self.gone.values())) + len(self.cleared)


def remove_record(work: Work, app: str, entity: str, id_: UUID | str, rev: int | None = None, *, cause: str | None = None) -> None:
    """Take a record out of use, with its owned rows; `restore_record` brings it back.

    Records that refer to it hold it, lose the reference, or go along, as their field says. Raises
    NotFound, Forbidden; Conflict when it is locked, has moved on, or is held.
    """
    access = access_to(work, app)
    access.entity(entity)
    known = id_ if isinstance(id_, UUID) else find_id(id_)
    found = find_for_write(access, entity, known, "remove") if known else None
    if found is None:
        raise NotFound(no_record())
    before, may = found
    if not may:
        raise Forbidden(Problem("record.may_not_remove_this"))
    check_rev(access, entity, before, rev)
    if before[OPEN] is not None and REMOVAL not in before[OPEN]:
        raise Conflict(Problem("record.locked"))
    removal = plan_removal(access, entity, [before["id"]])
    if removal.held:
        raise Conflict(*(_held(*each) for each in removal.held))
    if removal.size > MAX_TOUCHED:
        raise Conflict(Problem("record.too_many_referrers", {"count": MAX_TOUCHED}))
    carry_out(access, removal, cause)


def plan_removal(access: Access, entity: str, ids: Iterable[UUID]) -> Removal:
    """Follow the references to these records; changes nothing."""
    removal = Removal()
    clears: dict[tuple[str, str], set[UUID]] = {}
    holds: list[tuple[Entity, Field, set[UUID]]] = []
    waiting = [(entity, set(ids))]
    while waiting and removal.size <= MAX_TOUCHED:
        target, some = waiting.pop()
        fresh = some - removal.gone.get(target, set())
        if not fresh:
            continue
        removal.gone.setdefault(target, set()).update(fresh)
        waiting.extend(_owned(access, target, fresh))
        for other, item in access.model.referrers.get(target, ()):
            referring = referrers(access, other.key, item, fresh, limit=MAX_TOUCHED + 1)
            how = item.options.get("on_remove", "restrict")
            if not referring:
                continue
            if how == "cascade":
                waiting.append((other.key, referring))
            elif how == "clear" and not item.required:
                clears.setdefault((other.key, item.key), set()).update(referring)
            else:
                holds.append((other, item, referring))
    removal.cleared = [
        (other, id_, key) for (other, key), some in clears.items() for id_ in sorted(some - removal.gone.get(other, set()))
    ]
    removal.held = [
        (other, item, left) for other, item, some in holds if (left := some - removal.gone.get(other.key, set()))
    ]
    return removal


def carry_out(access: Access, removal: Removal, cause: str | None) -> None:
    """Do what was planned: clear first, so that nothing points to what goes."""
    by_record: dict[tuple[str, UUID], dict[str, None]] = {}
    for other, id_, key in removal.cleared:
        by_record.setdefault((other, id_), {})[key] = None
    for (other, id_), values in by_record.items():
        write_system(access.work, access.app, other, id_, values, cause=cause)
    for entity, ids in removal.gone.items():
        _remove(access, entity, ids, cause)


def _remove(access: Access, entity: str, ids: Iterable[UUID], cause: str | None) -> None:
    standing = load(access, entity, ids, lock=True)
    if any(values[OPEN] is not None and REMOVAL not in values[OPEN] for values in standing.values()):
        raise Conflict(Problem("record.locked"))
    now, who = access.work.now, access.actor.user_id
    update(access, entity, [
        (id_, {"rev": values["rev"] + 1, "removed_on": now, "changed_on": now, "changed_by": who})
        for id_, values in standing.items()
    ])
    announce(access, entity, standing, "removed", cause)


def announce(access: Access, entity: str, standing: dict[UUID, Any], verb: Any, cause: str | None) -> None:
    """History and word of records that went or came back; owned rows are part of their owner's."""
    plan = access.plan(entity)
    entries = []
    for id_, values in standing.items():
        stored = {key: values[key] for key in plan.stored}
        draft = Draft(plan, id_, stored, stored, is_new=False, rev=values["rev"] + 1)
        if plan.entity.part_of is None:
            entries.append(history_entry(access, draft, verb, cause))
        access.work.add(Change(access.app, entity, id_, verb, rev=draft.rev, cause=cause))
    write_history(access, [entry for entry in entries if entry])


def _owned(access: Access, entity: str, ids: set[UUID]) -> list[tuple[str, set[UUID]]]:
    found = []
    for child in access.plan(entity).rows.values():
        rows = {id_ for some in load_rows(access, child, ids).values() for id_ in some}
        if rows:
            found.append((child, rows))
    return found


def _held(other: Entity, item: Field, ids: set[UUID]) -> Problem:
    return Problem("record.referred_to", {"count": len(ids), "entity": other.plural or other.label, "field": item.label})

