"""Which names of an entity an actor may use: in filters, in sorting, in grouping, in what is returned.

A hidden field, a field that never was and a step into an entity that the actor may not read are one
and the same: the name isn't there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from engine.definitions.model import Field
from engine.definitions.names import Names
from engine.definitions.paths import find_field, target_of
from engine.expressions import Expression, Kind, compile  # noqa: A004
from engine.fields import effective
from engine.fields.capabilities import Offers
from engine.kernel.errors import Invalid, Problem
from engine.records.access import Access, access_to
from engine.records.plan import Slot, slot_of
from engine.storage import Work

MAX_SORT = 5
OPTION_ORDER = ":order"
"""Behind the name of a choice field: sort by the order of its choices instead of their keys."""
_UNSORTABLE = frozenset({"list", "file", "rows"})
_PEOPLE = ("@user", "@department")


class ReadableNames:
    """The names that a filter over an entity may use, each with its kind; None for all others."""

    def __init__(self, access: Access, entity: str, own: str | None = None) -> None:
        self._access = access
        self._names = Names(access.model.entities, entity, "choose" if own else "list", own)

    def __call__(self, name: str) -> Kind | None:
        kind = self._names.get(name)
        if kind is None or kind == "rows":
            return None
        start = self._names.entity_path(name)
        return kind if start is None or may_read(self._access, *start) else None


def may_read(access: Access, entity: str, path: str) -> bool:
    """May the actor read every field on this path, and the entities that it leads through?"""
    owner: str | None = entity
    for step in path.split("."):
        if owner in _PEOPLE:
            return True
        if owner is None or not access.policy.may("read", owner):
            return False
        if step == "id":
            continue
        item = access.model.entities[owner].fields.get(step)
        if item is None or access.policy.field_right(owner, step) == "hidden":
            return False
        owner = target_of(item)
    return True


def may_see(work: Work, app: str, entity: str, path: str) -> bool:
    """May the actor see the values of a field, or of a step into other records? No for what isn't there."""
    access = access_to(work, app)
    return ReadableNames(access, entity)(path) is not None and slot_at(access, entity, path) is not None


def readable(access: Access, entity: str) -> tuple[Slot, ...]:
    """The entity's fields that the actor may read, without owned rows, in the entity's order."""
    def find() -> tuple[Slot, ...]:
        right = access.policy.field_right
        return tuple(slot for key, slot in access.plan(entity).slots.items() if right(entity, key) != "hidden")

    return access.plans.kept.get(("readable", entity, access.rights_key), find)


def readable_rows(access: Access, entity: str) -> tuple[str, ...]:
    """The fields of owned rows that the actor may read."""
    right = access.policy.field_right
    return tuple(key for key in access.plan(entity).rows if right(entity, key) != "hidden")


def chosen(access: Access, entity: str, fields: Sequence[str] | None, *, with_rows: bool) -> tuple[tuple[Slot, ...], tuple[str, ...]]:
    """The slots and owned rows to return for `fields` (None: all, rows only `with_rows`).

    Raises Invalid (`query.unknown_field`) for names that aren't there for this actor.
    """
    slots = readable(access, entity)
    rows = readable_rows(access, entity)
    if fields is None:
        return slots, rows if with_rows else ()
    known = {slot.key: slot for slot in slots}
    for name in fields:
        if "." in name and name not in known and (slot := _further(access, entity, name)) is not None:
            known[name] = slot
    problems = [_unknown(name, "fields") for name in fields if name not in known and name not in rows and name not in {"id", "rev"}]
    if problems:
        raise Invalid(*problems)
    wanted = dict.fromkeys(fields)
    return tuple(known[name] for name in wanted if name in known), tuple(name for name in wanted if name in rows)


def _further(access: Access, entity: str, name: str) -> Slot | None:
    """The slot of a value one or more references away (`account.level`), under its whole name."""
    kind = ReadableNames(access, entity)(name)
    slot = None if kind in (None, "file") else slot_at(access, entity, name)
    return None if slot is None else replace(slot, key=name)


def read_filter(access: Access, entity: str, text: str) -> Expression | None:
    """A filter's text compiled with the names that the actor may use; None for an empty one.

    Raises Invalid with problems under `filter`.
    """
    if not text.strip():
        return None
    names = ReadableNames(access, entity)
    try:
        found = _compiled(access, entity, text)
    except Invalid as error:
        raise Invalid(*(problem.under("filter") for problem in error.problems)) from None
    hidden = sorted(name for name in found.names if names(name) is None)
    if hidden:  # compiled before for somebody who may read more: the answer is the compiler's own
        return _refused(text, names)
    return found


def _compiled(access: Access, entity: str, text: str) -> Expression:
    """Compiled with the actor's names, remembered per release: compiling costs more than checking names."""
    return access.plans.filters.get((entity, text), lambda: compile(text, ReadableNames(access, entity), expects="yes_no"))


def _refused(text: str, names: ReadableNames) -> Expression:
    try:
        return compile(text, names, expects="yes_no")
    except Invalid as error:
        raise Invalid(*(problem.under("filter") for problem in error.problems)) from None


def read_sort(access: Access, entity: str, sort: Iterable[str]) -> tuple[tuple[str, bool], ...]:
    """Sort keys as (name, descending) pairs; raises Invalid (`query.unknown_field`, …)."""
    found: list[tuple[str, bool]] = []
    problems: list[Problem] = []
    names = ReadableNames(access, entity)
    for text in sort:
        name = text.removeprefix("-")
        path = name.removesuffix(OPTION_ORDER)
        kind = names(path)
        if path != name and not options_at(access, entity, path):
            kind = None
        if kind is None:
            problems.append(_unknown(name, "sort"))
        elif kind in _UNSORTABLE or name.startswith("actor."):
            problems.append(Problem("query.not_sortable", {"field": name[:80]}, ("sort",)))
        elif name not in {each for each, _ in found}:
            found.append((name, text.startswith("-")))
    if len(found) > MAX_SORT:
        problems.append(Problem("query.too_many_sort_keys", {"count": MAX_SORT}, ("sort",)))
    if problems:
        raise Invalid(*problems)
    return tuple(found)


def options_at(access: Access, entity: str, path: str) -> tuple[str, ...]:
    """The keys of the choices of the field at a path, in their order; empty where it has none, or holds several."""
    slot = slot_at(access, entity, path)
    if slot is None or slot.kind != "text" or not slot.offers:
        return ()
    shape, options = effective(slot.field.type, slot.field.options)
    return tuple(str(option["key"]) for option in shape.choices(options)) if isinstance(shape, Offers) else ()


def _unknown(name: Any, place: str) -> Problem:
    return Problem("query.unknown_field", {"field": str(name)[:80]}, (place,))


def field_at(access: Access, entity: str, name: str) -> Field | None:
    """The field that a name ends in."""
    return find_field(access.model.entities, entity, name)


def slot_at(access: Access, entity: str, name: str) -> Slot | None:
    """The slot of the field that a name ends in."""
    found = field_at(access, entity, name)
    return None if found is None else slot_of(found)
