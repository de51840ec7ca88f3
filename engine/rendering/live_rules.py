"""Computed fields and defaults as rules for the browser, once for a form and once for each grid of rows."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import orjson

from engine.definitions import Entity, Field, Model
from engine.fields.capabilities import Computes
from engine.rendering.form_rules import Rules

Formulas = dict[str, dict[str, Any]]


def formulas(rules: Rules, grids: Collection[str] = ()) -> Formulas:
    """How the browser works out computed fields: `{"compute": tree}` or `{"rollup": {…}}` by field.

    `grids` are the rows fields that the form shows; a roll-up over others keeps the server's value, as
    does whatever looks at something that this reader may not see.
    """
    found: Formulas = {}
    for target in rules.entity.fields.values():
        if not isinstance(target.type, Computes) or not _may_see(rules, target.key):
            continue
        if target.formula is not None:
            tree = rules.tree(target.formula)
            if tree:
                found[target.key] = {"compute": orjson.loads(tree)}
        elif target.options.get("rows") in grids and (rule := _roll_up(rules, target)):
            found[target.key] = {"rollup": rule}
    return found


def late_defaults(rules: Rules) -> dict[str, Any]:
    """Defaults that look through a reference (`product.price`): they come when it is chosen."""
    found = {}
    for target in rules.entity.fields.values():
        if target.default is None or not _may_see(rules, target.key):
            continue
        if any(
            "." in name and name.partition(".")[0] in rules.entity.fields
            for name in target.default.names
        ):
            tree = rules.tree(target.default)
            if tree:
                found[target.key] = orjson.loads(tree)
    return found


def unshown_defaults(rules: Rules) -> frozenset[str]:
    """Fields whose default the page can't fill in while the form is open: it looks at other fields of the record,
    and not merely through a reference to something that this reader may see."""
    shown = late_defaults(rules)
    return frozenset(
        target.key
        for target in rules.entity.fields.values()
        if target.default is not None
        and target.key not in shown
        and any(name.partition(".")[0] in rules.entity.fields for name in target.default.names)
    )


def child_of(model: Model, entity: Entity, rows_key: str) -> Entity | None:
    """The entity of a rows field."""
    return next(
        (
            model.entities[key]
            for key, rows in model.children.get(entity.key, ())
            if rows.key == rows_key
        ),
        None,
    )


def _roll_up(rules: Rules, target: Field) -> dict[str, Any] | None:
    options = target.options
    child = child_of(rules.model, rules.entity, str(options["rows"]))
    if child is None:
        return None
    inner = Rules(rules.model, rules.policy, child, {})
    found: dict[str, Any] = {
        "rows": options["rows"],
        "function": options["function"],
        "field": options["field"],
    }
    summed = child.fields.get(str(options["field"]))
    if summed is not None:
        is_hidden = not _may_see(inner, summed.key)
        if is_hidden or (isinstance(summed.type, Computes) and summed.key not in formulas(inner)):
            return None
    if target.filter is not None:
        tree = inner.tree(target.filter)
        if tree is None:
            return None
        found["filter"] = orjson.loads(tree)
    return found


def _may_see(rules: Rules, key: str) -> bool:
    return rules.policy.field_right(rules.entity.key, key) != "hidden"
