"""From raw input to values: pure, all problems at once, each with its path.

A `Draft` is one record on its way into the database, new or changed, with its owned rows as drafts
of their own. Several drafts of one entity go the rest of the way together, so that a bulk write
asks the database once for what a single write asks once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from engine.fields.exact_numbers import round_number
from engine.kernel.errors import Invalid, PathPart, Problem
from engine.kernel.ids import find_id, new_id
from engine.records.plan import EntityPlan, Plans, Slot

MAX_ROWS = 1_000
"""Owned rows that one field of one record may hold."""


@dataclass
class Draft:
    """One record being written.

    `values` are its values after the write, of all stored fields; `old` those before it, empty
    for a new record; `given` the keys that the caller set; `rows` its owned rows by field, None
    where they stay as they are; `gone` the rows that the write takes away.
    """

    plan: EntityPlan
    id: UUID
    values: dict[str, Any]
    old: Mapping[str, Any] = field(default_factory=dict)
    is_new: bool = True
    rev: int = 1
    given: set[str] = field(default_factory=set)
    rows: dict[str, list[Draft]] = field(default_factory=dict)
    gone: dict[str, list[Draft]] = field(default_factory=dict)
    path: tuple[PathPart, ...] = ()
    problems: list[Problem] = field(default_factory=list)
    titles: dict[str, str] = field(default_factory=dict)
    position: int = 0

    @property
    def changed(self) -> set[str]:
        """Keys whose value differs from before."""
        if self.is_new:
            return {key for key, value in self.values.items() if value is not None}
        return {key for key, value in self.values.items() if value != self.old.get(key)}

    def family(self) -> Iterator[Draft]:
        """The draft and its owned rows, however deep."""
        yield self
        for rows in self.rows.values():
            for row in rows:
                yield from row.family()

    def refuse(self, code: str, key: PathPart | None = None, **values: Any) -> None:
        """Note a problem at one of the fields."""
        self.problems.append(Problem(code, values, self.path if key is None else (*self.path, key)))


@dataclass(frozen=True)
class Allowed:
    """Which fields a write may set, and which it may know of. None means all (the product itself)."""

    writable: frozenset[str] | None
    readable: frozenset[str] | None
    with_status: bool = False

    def slots(self, plan: EntityPlan) -> Mapping[str, Slot]:
        """The fields that may be written, owned rows aside."""
        closed = frozenset() if self.with_status else plan.status
        return {
            key: slot for key, slot in plan.inputs.items()
            if key not in closed and (self.writable is None or key in self.writable)
        }

    def refusal(self, plan: EntityPlan, key: str) -> str | None:
        """Why a key may not be written, as a code; None when it may.

        A hidden field is as unknown as one that never was.
        """
        known = key in plan.entity.fields and (self.readable is None or key in self.readable)
        if key not in plan.inputs and key not in plan.rows:
            return "field.computed" if known else "field.unknown"
        if key in plan.status and not self.with_status:
            return "field.by_workflow" if known else "field.unknown"
        if self.writable is not None and key not in self.writable:
            return "field.read_only" if known else "field.unknown"
        return None


def read_values(draft: Draft, raw: object, allowed: Allowed, slots: Mapping[str, Slot] | None = None) -> dict[str, Any]:
    """Put parsed values into the draft; returns the raw owned rows by field, still to be read.

    `slots` is `allowed.slots(…)`, for callers who read many drafts of one entity.
    """
    if not isinstance(raw, Mapping):
        draft.refuse("record.not_object")
        return {}
    slots = allowed.slots(draft.plan) if slots is None else slots
    values, old, is_new = draft.values, draft.old, draft.is_new
    draft.given.update(raw)
    rows: dict[str, Any] = {}
    for key, item in raw.items():
        slot = slots.get(key)
        if slot is None:
            _read_other(draft, key, item, allowed, rows)
            continue
        if item is None or item == "":
            values[key] = None
            continue
        try:
            value = slot.parse(item)
        except Invalid as error:
            draft.problems.extend(problem.under(*draft.path, key) for problem in error.problems)
            continue
        values[key] = value
        if slot.check is not None and (is_new or value != old.get(key)):
            for problem in slot.check(value):
                draft.problems.append(problem.under(*draft.path, key))
    return rows


def _read_other(draft: Draft, key: Any, item: Any, allowed: Allowed, rows: dict[str, Any]) -> None:
    """Owned rows are put aside; anything else may not be written."""
    code = allowed.refusal(draft.plan, key)
    if code is None:
        rows[key] = item
    else:
        draft.refuse(code, key, field=str(key)[:80])


AllowedOf = Callable[[str], Allowed]
OldRows = Callable[[str, UUID], Mapping[UUID, Mapping[str, Any]]]
"""The owned rows of a child entity that an owner has now, by id."""


def read_rows(plans: Plans, draft: Draft, rows: Mapping[str, Any], allowed: AllowedOf, old: OldRows) -> None:
    """Owned rows, as `read_values` left them, as drafts: rows with an id are changed, those without
    are new, and what is not in the list is gone. Rows may own rows in turn."""
    for key, raw in rows.items():
        _read_rows(plans, draft, key, raw, allowed, old)


def _read_rows(plans: Plans, draft: Draft, key: str, raw: Any, allowed: AllowedOf, old: OldRows) -> None:
    child = plans.entities[draft.plan.rows[key]]
    if raw is None or raw == "":
        raw = ()
    if not isinstance(raw, Sequence) or isinstance(raw, (str, bytes)):
        draft.refuse("rows.not_list", key)
        return
    if len(raw) > MAX_ROWS:
        draft.refuse("rows.too_many", key, count=MAX_ROWS)
        return
    before = {} if draft.is_new else old(child.entity.key, draft.id)
    found: list[Draft] = []
    seen: set[UUID] = set()
    for place, item in enumerate(raw):
        row = _row(child, (*draft.path, key, place), item, before)
        row.position = place
        if row.id in seen:
            row.refuse("rows.twice", "id")
        seen.add(row.id)
        given = {name: value for name, value in item.items() if name != "id"} if isinstance(item, Mapping) else item
        read_rows(plans, row, read_values(row, given, allowed(child.entity.key)), allowed, old)
        found.append(row)
    draft.rows[key] = found
    draft.gone[key] = [
        Draft(child, id_, dict(values), values, is_new=False, rev=values["rev"]) for id_, values in before.items() if id_ not in seen
    ]


def _row(child: EntityPlan, path: tuple[PathPart, ...], item: object, old: Mapping[UUID, Mapping[str, Any]]) -> Draft:
    given = item.get("id") if isinstance(item, Mapping) else None
    if given is None or given == "":
        return Draft(child, new_id(), dict.fromkeys(child.stored), path=path)
    id_ = find_id(given)
    before = old.get(id_) if id_ else None
    if id_ is None or before is None:
        row = Draft(child, new_id(), dict.fromkeys(child.stored), path=path)
        row.refuse("rows.unknown", "id")
        return row
    values = {key: before.get(key) for key in child.stored}
    return Draft(child, id_, values, before, is_new=False, rev=before["rev"], path=path)


def check_required(drafts: Iterable[Draft]) -> None:
    """Note required fields that are empty: of a new record all, of a changed one those that were set."""
    for draft in drafts:
        for key in draft.plan.required:
            if key in draft.plan.rows:
                is_empty = not draft.rows.get(key) and (draft.is_new or key in draft.rows)
            else:
                is_empty = draft.values.get(key) is None and (draft.is_new or key in draft.given)
            if is_empty and not _has_problem(draft, key):
                draft.refuse("field.required", key)


def _has_problem(draft: Draft, key: str) -> bool:
    place = (*draft.path, key)
    return any(problem.path[: len(place)] == place for problem in draft.problems)


def settle(slot: Slot, value: Any) -> Any:
    """A computed value as the field holds it: rounded to its scale, empty text as nothing.

    Raises Invalid for what the field can't hold.
    """
    if value is None or value == "":
        return None
    if slot.scale is not None:
        rounded = round_number(value, slot.scale)
        if rounded is None:
            raise Invalid(Problem("field.computed_too_large"))
        return rounded if slot.is_exact else int(rounded)
    if slot.kind == "text" and isinstance(value, str) and not value.strip():
        return None
    return slot.parse(value)
