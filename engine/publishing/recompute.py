"""Which entities hold values that a new release works out differently."""

from __future__ import annotations

from typing import Any

from engine.definitions import Entity, Field, Model
from engine.definitions.paths import LOOKING, computation_of
from engine.storage import TablePlan, is_stored


def stale_entities(before: Model | None, model: Model, plan: TablePlan) -> tuple[str, ...]:
    """Keys of entities whose derived columns or search texts have to be worked out anew.

    Tables that this plan makes are empty, so they are not among them. What depends on a recomputed
    value in another entity is the business of whoever recomputes.
    """
    fresh = {step.entity for step in plan.steps if step.kind == "create_table"}
    old = {entity.uid: entity for entity in before.entities.values()} if before else {}
    return tuple(
        entity.key
        for entity in model.entities.values()
        if entity.key not in fresh
        and (entity.key in plan.recomputed or _signature(entity) != _signature(old.get(entity.uid)))
    )


def _signature(entity: Entity | None) -> Any:
    """All that stored values of an entity follow from, besides what people enter."""
    if entity is None:
        return None
    stored = [item for item in entity.fields.values() if is_stored(item)]
    derived = {item.uid: _rule(item) for item in stored if computation_of(item) in {"formula", *LOOKING}}
    return derived, {item.uid for item in stored if item.searchable}


def _rule(item: Field) -> Any:
    formula = item.formula.text if item.formula else None
    filter_ = item.filter.text if item.filter else None
    return item.type.key, repr(sorted(item.options.items())), formula, filter_
