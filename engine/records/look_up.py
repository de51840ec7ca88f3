"""Finding records to refer to: what a picker shows while somebody types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.definitions.paths import BUILT_IN
from engine.expressions import Expression
from engine.kernel.errors import Invalid, Problem
from engine.records.access import Access, access_to, actor_value
from engine.records.plan import EntityPlan
from engine.records.query.look_up import find_people, find_records
from engine.records.query.question import read_search
from engine.records.scope import steps_of
from engine.storage import Work

MAX_LIMIT = 50


def look_up(
    work: Work, app: str, entity: str, text: str = "", limit: int = 20, *,
    field: str | None = None, record: Mapping[str, Any] | None = None,
) -> list[dict[str, Any]]:
    """Records whose title has every word of `text`: [{"id", "title", "subtitle"}], best first.

    Without `field`, records of `entity`. With it, `entity` is the one that is being edited, and the
    answer is what its reference field may point to, by the field's filter, whose `record.` names are
    taken from `record` (raw or Python values). "@user" and "@department" are entities too here.
    Raises NotFound, Invalid.
    """
    access = access_to(work, app)
    words = read_search(text)
    limit = max(1, min(limit, MAX_LIMIT))
    if field is None:
        if entity in BUILT_IN:
            return find_people(access, entity, words, limit)
        access.entity(entity)
        return find_records(access, entity, words, limit)
    access.entity(entity)
    plan = access.plan(entity)
    slot = plan.slots.get(field)
    if slot is None or slot.target is None or access.policy.field_right(entity, field) == "hidden":
        raise Invalid(Problem("query.unknown_field", {"field": field[:80]}, ("field",)))
    filter_ = slot.field.filter
    own = _own_values(access, plan, filter_, record or {})
    if slot.target in BUILT_IN:
        return find_people(access, slot.target, words, limit, filter_, own)
    if not access.policy.may("read", slot.target):
        return []
    return find_records(access, slot.target, words, limit, filter_, own)


def _own_values(access: Access, plan: EntityPlan, filter_: Expression | None, record: Mapping[str, Any]) -> dict[str, Any]:
    """What the filter's `record.` and `actor.` names stand for."""
    if filter_ is None:
        return {}
    names = {name.removeprefix("record.") for name in filter_.names if name.startswith("record.")}
    values = {key: _value(plan, key, record.get(key)) for key in {name.partition(".")[0] for name in names}}
    values["id"] = record.get("id")
    steps = steps_of(access, plan.entity.key, [values], [name for name in names if "." in name])[0]
    found = {f"record.{name}": steps.get(name) if "." in name else values.get(name) for name in names}
    return {**found, **{name: actor_value(access, name) for name in filter_.names if name.startswith("actor.")}}


def _value(plan: EntityPlan, key: str, raw: Any) -> Any:
    """A value of the record being edited; what is not yet a sound value counts as empty."""
    slot = plan.slots.get(key)
    if slot is None or raw is None or raw == "":
        return None
    try:
        return slot.parse(raw)
    except Invalid:
        return None
