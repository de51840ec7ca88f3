"""Are references sound: is the record there, may the actor read it, does the field's filter allow it?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from engine.kernel.errors import Invalid
from engine.records.access import Access, actor_value
from engine.records.plan import Slot
from engine.records.query.titles import find_titles
from engine.records.scope import answer, finders
from engine.records.store.referred import fetch
from engine.records.values import Draft


def check_references(access: Access, drafts: Sequence[Draft], *, is_free: bool) -> None:
    """Note every new reference that leads nowhere, and every one that its filter refuses.

    A record that the actor may not read is as missing as one that never was. Drafts are of one
    entity. What is found gives the drafts their titles too.
    """
    if not drafts or not drafts[0].plan.references:
        return
    fresh = [(draft, slot) for draft in drafts for slot in draft.plan.references if _is_fresh(draft, slot)]
    by_target: dict[str, list[tuple[Draft, Slot]]] = {}
    for draft, slot in fresh:
        by_target.setdefault(str(slot.target), []).append((draft, slot))
    for target, some in by_target.items():
        titles = find_titles(access, target, {draft.values[slot.key] for draft, slot in some}, is_free=is_free, to_choose=True)
        for draft, slot in some:
            title = titles.get(draft.values[slot.key])
            if title is None:
                draft.refuse("reference.missing", slot.key)
            elif title:
                draft.titles[slot.key] = title
    for slot in drafts[0].plan.references:
        if slot.field.filter is not None:
            _check_filter(access, slot, [draft for draft in drafts if _must_fit(draft, slot)])


def _is_fresh(draft: Draft, slot: Slot) -> bool:
    value = draft.values.get(slot.key)
    return value is not None and (draft.is_new or value != draft.old.get(slot.key))


def _must_fit(draft: Draft, slot: Slot) -> bool:
    """Is the reference new, or has a value changed that its filter compares with?"""
    if draft.values.get(slot.key) is None or any(problem.path == (*draft.path, slot.key) for problem in draft.problems):
        return False
    names = slot.field.filter.names if slot.field.filter else frozenset()
    own = {name.split(".")[1] for name in names if name.startswith("record.")}
    return draft.is_new or not draft.changed.isdisjoint(own | {slot.key})


def _check_filter(access: Access, slot: Slot, drafts: Sequence[Draft]) -> None:
    expression = slot.field.filter
    if expression is None or not drafts:
        return
    entity = drafts[0].plan.entity.key
    theirs = {name for name in expression.names if not name.startswith(("record.", "actor."))}
    others = fetch(access, str(slot.target), {draft.values[slot.key] for draft in drafts}, theirs)
    ours = {name.removeprefix("record.") for name in expression.names if name.startswith("record.")}
    for draft, find in zip(drafts, finders(access, entity, drafts, ours), strict=True):
        id_ = draft.values[slot.key]
        other = {**others.get(id_, {}), "id": id_}
        try:
            fits = answer(access, expression, partial(_value, access, find, other))
        except Invalid:
            fits = False
        if fits is not True:
            draft.refuse("reference.not_offered", slot.key)


def _value(access: Access, find: Any, other: Mapping[str, Any], name: str) -> Any:
    if name.startswith("record."):
        return find(name.removeprefix("record."))
    return actor_value(access, name) if name.startswith("actor.") else other.get(name)
