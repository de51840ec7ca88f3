"""Which entities hold values that a new release works out differently."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.definitions import Entity, Field, Model
from engine.definitions.paths import LOOKING, computation_of
from engine.fields import effective
from engine.fields.capabilities import Offers
from engine.storage import TablePlan, is_stored


@dataclass(frozen=True)
class Stale:
    """An entity whose derived columns, and perhaps search texts, have to be worked out anew."""

    entity: str
    search: bool


def stale_entities(before: Model | None, model: Model, plan: TablePlan) -> tuple[Stale, ...]:
    """Entities of which stored values don't follow from the others any more.

    Tables that this plan makes are empty, so they are not among them. What depends on a recomputed
    value in another entity is the business of whoever recomputes.
    """
    fresh = {step.entity for step in plan.steps if step.kind == "create_table"}
    old = {entity.uid: entity for entity in before.entities.values()} if before else {}
    found = []
    for entity in model.entities.values():
        known = old.get(entity.uid)
        search = known is None or _searched(known) != _searched(entity)
        derived = known is None or _derived(known) != _derived(entity) or entity.key in plan.recomputed
        if entity.key not in fresh and (search or derived):
            found.append(Stale(entity.key, search))
    return tuple(found)


def _derived(entity: Entity) -> dict[str, Any]:
    """How each derived column is worked out."""
    stored = (item for item in entity.fields.values() if is_stored(item))
    return {item.uid: _rule(item) for item in stored if computation_of(item) in {"formula", *LOOKING}}


def _rule(item: Field) -> Any:
    formula = item.formula.text if item.formula else None
    filter_ = item.filter.text if item.filter else None
    return item.type.key, repr(sorted(item.options.items())), formula, filter_


def _searched(entity: Entity) -> dict[str, str]:
    """What makes up the search text: which fields, and how their options are called."""
    found = {}
    for item in entity.fields.values():
        if is_stored(item) and item.searchable:
            shown, options = effective(item.type, item.options)
            found[item.uid] = repr(shown.choices(options)) if isinstance(shown, Offers) else ""
    return found
