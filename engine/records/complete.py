"""From parsed drafts to complete ones: defaults, references, files, numbers, derived values, rules.

Everything runs over many drafts at once; each draft collects its own problems.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.expressions.functions.zones import date_in
from engine.fields import format_number, period_of
from engine.kernel.errors import Invalid, Problem
from engine.records.access import Access
from engine.records.compute import compute_own
from engine.records.demands import check_demands
from engine.records.files import check_files
from engine.records.plan import Slot
from engine.records.references import check_references
from engine.records.rules import check_rules
from engine.records.scope import answer, finders, names_of
from engine.records.store.numbers import take_numbers
from engine.records.values import Draft, check_required, settle


def complete(access: Access, drafts: Sequence[Draft], *, is_free: bool = False) -> None:
    """Complete drafts of one entity and their owned rows. Afterwards each is sound or has problems.

    `is_free` is for the product's own writes, which may point to what their actor may not read, and need
    not fill in what a form asks people for.
    """
    families = _by_entity(drafts)
    for some in families.values():
        fill_defaults(access, [draft for draft in some if draft.is_new])
        stamp(access, some)
        check_references(access, some, is_free=is_free)
        check_files(access, some)
        check_required(some)
    sound = [draft for draft in drafts if not problems_of(draft)]
    for some in _by_entity(sound).values():
        give_numbers(access, [draft for draft in some if draft.is_new])
    compute_own(access, sound)
    for some in _by_entity(sound).values():
        check_rules(access, some)
        if not is_free and access.actor.user_id is not None:
            check_demands(access, some)


def problems_of(draft: Draft) -> list[Problem]:
    """All problems of a draft and its owned rows."""
    if not draft.rows:
        return draft.problems
    return [problem for each in draft.family() for problem in each.problems]


def _by_entity(drafts: Sequence[Draft]) -> dict[str, list[Draft]]:
    found: dict[str, list[Draft]] = {}
    if drafts and not drafts[0].plan.rows:
        return {drafts[0].plan.entity.key: list(drafts)}
    for draft in drafts:
        for each in draft.family():
            found.setdefault(each.plan.entity.key, []).append(each)
    return found


def fill_defaults(access: Access, drafts: Sequence[Draft]) -> None:
    """Give fields that were not mentioned their default; an explicit null stays null."""
    if not drafts:
        return
    plan = drafts[0].plan
    for draft in drafts:
        for key, status in plan.initial.items():
            if key not in draft.given:
                draft.values[key] = status
    if not plan.defaults:
        return
    names = names_of(expression for _, expression in plan.defaults)
    for draft, find in zip(drafts, finders(access, plan.entity.key, drafts, names), strict=True):
        for key, expression in plan.defaults:
            if key in draft.given or key in plan.initial:
                continue
            slot = plan.inputs[key]
            try:
                value = settle(slot, answer(access, expression, find))
            except Invalid as error:
                draft.problems.extend(problem.under(*draft.path, key) for problem in error.problems)
                continue
            draft.values[key] = value
            if value is not None and slot.check is not None:
                draft.problems.extend(problem.under(*draft.path, key) for problem in slot.check(value))


def stamp(access: Access, drafts: Sequence[Draft]) -> None:
    """Say who and when: of new records all of it, of changed ones only what has changed."""
    now, who = access.work.now, access.actor.user_id
    for draft in drafts:
        if draft.is_new:
            draft.values.update(created_on=now, created_by=who, changed_on=now, changed_by=who)
        elif is_touched(draft):
            draft.values.update(changed_on=now, changed_by=who)


def is_touched(draft: Draft) -> bool:
    """Does the write change anything in the record or its owned rows?"""
    if draft.is_new or draft.changed or any(draft.gone.values()):
        return True
    return any(
        is_touched(row) or row.position != row.old.get("position") for rows in draft.rows.values() for row in rows
    )


def give_numbers(access: Access, drafts: Sequence[Draft]) -> None:
    """Give new records their running numbers, in one step for all of them."""
    if not drafts:
        return
    day = date_in(access.work.now, access.timezone)
    for slot in drafts[0].plan.numbers:
        waiting = [draft for draft in drafts if draft.values.get(slot.key) is None]
        pattern = slot.field.options["pattern"]
        if waiting:
            counts = take_numbers(access, _counter(slot, period_of(pattern, day)), len(waiting))
            for draft, count in zip(waiting, counts, strict=True):
                draft.values[slot.key] = format_number(pattern, day, count)


def _counter(slot: Slot, period: str) -> str:
    return f"{slot.field.uid}:{period}"


def owner_fields(draft: Draft) -> set[str]:
    """The fields that say whose a record is: who changes them might give it away, or take it."""
    entity = draft.plan.entity
    return {key for key in (entity.owner, entity.department) if key}

