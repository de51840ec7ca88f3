"""Values that change by themselves, with the clock, and are worked out whenever they are read."""

from __future__ import annotations

from collections.abc import Mapping

from engine.definitions.dependencies import computed_from
from engine.definitions.model import Entity, Field
from engine.definitions.paths import computation_of


def is_live(entities: Mapping[str, Entity], entity: str, item: Field) -> bool:
    """Does a computed value depend on the time of reading, itself or through what it is made of?

    Such a value is in no column. Circles can't be: publishing refuses them.
    """
    if computation_of(item) in (None, "number"):
        return False
    if any(part is not None and part.is_volatile for part in (item.formula, item.filter)):
        return True
    sources = computed_from(entities, entity, item, item.formula, item.filter)
    return any(is_live(entities, owner, entities[owner].fields[key]) for owner, key in sources)
