"""What a computed field is computed from."""

from __future__ import annotations

from collections.abc import Mapping

from engine.definitions.model import Entity, Field
from engine.definitions.paths import computation_of, counts, fields_on_path, rolled_up, target_of
from engine.expressions import Expression

FieldName = tuple[str, str]
"""Entity and field."""


def computed_from(
    entities: Mapping[str, Entity],
    entity: str,
    item: Field,
    formula: Expression | None,
    filter_: Expression | None,
) -> frozenset[FieldName]:
    """The fields whose change may change this field's value; empty for a field that isn't computed.

    A path counts with all its steps: when the reference points elsewhere, the value changes too.
    """
    computation = computation_of(item)
    if computation == "formula" and formula is not None:
        return _of_names(entities, entity, formula)
    if computation == "mirror":
        path = f"{item.options.get('via')}.{item.options.get('field')}"
        return frozenset(fields_on_path(entities, entity, path))
    if computation == "rollup":
        return _of_rollup(entities, entity, item, filter_)
    return frozenset()


def _of_rollup(
    entities: Mapping[str, Entity], entity: str, item: Field, filter_: Expression | None
) -> frozenset[FieldName]:
    owner = rolled_up(entities, entity, item)
    if owner is None:
        return frozenset()
    found: set[FieldName] = set()
    rows, via = item.options.get("rows"), item.options.get("via")
    if rows:
        found.add((entity, rows))
    elif via and via in entities[owner].fields and target_of(entities[owner].fields[via]) == entity:
        found.add((owner, via))
    if not counts(item) and item.options.get("field") in entities[owner].fields:
        found.add((owner, item.options["field"]))
    if filter_ is not None:
        found |= _of_names(entities, owner, filter_)
    return frozenset(found)


def _of_names(entities: Mapping[str, Entity], entity: str, expression: Expression) -> frozenset[FieldName]:
    return frozenset(
        pair for name in expression.names for pair in fields_on_path(entities, entity, name)
    )
