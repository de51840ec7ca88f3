"""Which values are certain to be there: what the guard analysis may assume never to be null."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping

from engine.definitions.model import Entity, Field
from engine.definitions.paths import computation_of, target_of
from engine.expressions import Expression
from engine.fields.capabilities import SystemValue

IsCertain = Callable[[str], bool]
"""Asked with a name: can it be relied upon never to be null?"""

_WHATEVER = frozenset({"concat", "count", "is_blank"})
"""Functions that have a result whatever they are given."""

_FAITHFUL = frozenset(
    {
        "abs", "round", "floor", "ceiling", "min", "max", "sum", "average", "text", "upper", "lower",
        "len", "year", "quarter", "month", "week", "day", "weekday", "hour", "minute", "add_days",
        "add_months", "add_years", "add_hours", "add_minutes", "days_between", "hours_between",
        "minutes_between", "months_between", "years_between", "start_of_month", "end_of_month",
    }
)
"""Functions that have a result whenever all their arguments have a value."""

_FILLED_SYSTEM = frozenset({"created_on", "changed_on"})
_FILLED_ROLLUPS = frozenset({"sum", "count"})


def has_value(tree: ast.expr, is_certain: IsCertain) -> bool:
    """Is the result of an expression certain not to be null? False where we can't tell."""
    if isinstance(tree, ast.Constant):
        return tree.value is not None
    if isinstance(tree, ast.Name):
        return tree.id.startswith("@") or is_certain(tree.id)
    if isinstance(tree, (ast.Compare, ast.BoolOp)):
        return True
    if isinstance(tree, ast.UnaryOp):
        return isinstance(tree.op, ast.Not) or has_value(tree.operand, is_certain)
    if isinstance(tree, ast.BinOp):
        both = has_value(tree.left, is_certain) and has_value(tree.right, is_certain)
        return both and (not isinstance(tree.op, ast.Div) or _is_divisor(tree.right))
    if isinstance(tree, ast.IfExp):
        return has_value(tree.body, is_certain) and has_value(tree.orelse, is_certain)
    return isinstance(tree, ast.Call) and _call_has_value(tree, is_certain)


def _is_divisor(tree: ast.expr) -> bool:
    """Dividing by zero gives null; a fixed number other than zero is safe."""
    return isinstance(tree, ast.Constant) and bool(tree.value)


def _call_has_value(tree: ast.Call, is_certain: IsCertain) -> bool:
    name = tree.func.id if isinstance(tree.func, ast.Name) else ""
    if name in _WHATEVER:
        return True
    if name == "if_blank":
        return has_value(tree.args[1], is_certain)
    return name in _FAITHFUL and all(has_value(argument, is_certain) for argument in tree.args)


class Certainty:
    """What an entity's fields can be relied upon, given those that are known to be filled in."""

    def __init__(
        self, entities: Mapping[str, Entity], formulas: Mapping[tuple[str, str], Expression]
    ) -> None:
        self.entities = entities
        self.formulas = formulas

    def of_path(self, entity: str, path: str, filled: frozenset[str] = frozenset()) -> bool:
        """Is the value at a path certain? `filled` are own fields that have a value just now."""
        first, _, rest = path.partition(".")
        if path == "id":
            return True
        owner = self.entities.get(entity)
        item = owner.fields.get(first) if owner else None
        if item is None or not self.of_field(entity, item, filled):
            return False
        if not rest:
            return True
        return self.of_path(target_of(item) or "", rest)

    def of_field(
        self, entity: str, item: Field, filled: frozenset[str], seen: frozenset[str] = frozenset()
    ) -> bool:
        """Is a field of the record itself certain to have a value?"""
        if item.required or item.key in filled:
            return True
        if isinstance(item.type, SystemValue):
            return item.key in _FILLED_SYSTEM
        computation = computation_of(item)
        if computation == "rollup":
            return item.options.get("function") in _FILLED_ROLLUPS
        formula = self.formulas.get((entity, item.key))
        if computation != "formula" or formula is None or item.key in seen:
            return computation == "number"
        fields = self.entities[entity].fields

        def is_certain(name: str) -> bool:
            known = fields.get(name)
            if known is None:
                return self.of_path(entity, name, filled)
            return self.of_field(entity, known, filled, seen | {item.key})

        return has_value(formula.tree, is_certain)
