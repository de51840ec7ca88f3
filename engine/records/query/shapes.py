"""Filters of one shape share a statement: `amount >= 1000` and `amount >= 2000` differ by a parameter.

A filter that joins plain comparisons by `and` is most filters. Those comparisons become parameters;
whatever else stands in the filter stays in the statement as it is.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.definitions.paths import fields_on_path, find_field
from engine.expressions import Expression
from engine.expressions.kinds import mark
from engine.records.access import Access
from engine.records.graph import Node
from engine.records.plan import Slot, slot_of
from engine.records.query.columns import Column, Columns

_OPERATORS: dict[type[ast.cmpop], Callable[[Column, Column], Column]] = {
    ast.Eq: lambda column, value: column == value,
    ast.NotEq: lambda column, value: column.is_distinct_from(value),
    ast.Lt: lambda column, value: column < value,
    ast.LtE: lambda column, value: column <= value,
    ast.Gt: lambda column, value: column > value,
    ast.GtE: lambda column, value: column >= value,
}
_TURNED: dict[type[ast.cmpop], type[ast.cmpop]] = {ast.Lt: ast.Gt, ast.LtE: ast.GtE, ast.Gt: ast.Lt, ast.GtE: ast.LtE}
_LIMIT = Decimal(10) ** 18


@dataclass(frozen=True, eq=False)
class Shape:
    """A filter in two parts: comparisons with a parameter each, and the rest.

    `key` is equal for filters whose statement is the same; `values` are the parameters by name.
    """

    comparisons: tuple[tuple[str, type[ast.cmpop]], ...]
    values: dict[str, Any]
    rest: Expression | None
    key: Hashable

    def conditions(self, columns: Columns) -> list[Column]:
        """The filter as conditions that must all hold."""
        found = []
        for at, (name, operator) in enumerate(self.comparisons):
            column = columns(name)
            found.append(_OPERATORS[operator](column, sa.bindparam(f"given_{at}", type_=column.type)))
        return found if self.rest is None else [*found, columns.sql(self.rest)]


NO_FILTER = Shape((), {}, None, None)


def shape_of(access: Access, entity: str, expression: Expression | None) -> Shape:
    """The shape of a checked filter."""
    if expression is None:
        return NO_FILTER
    tree = expression.tree
    parts = list(tree.values) if isinstance(tree, ast.BoolOp) and isinstance(tree.op, ast.And) else [tree]
    comparisons: list[tuple[str, type[ast.cmpop]]] = []
    values: dict[str, Any] = {}
    rest: list[ast.expr] = []
    for part in parts:
        found = _comparison(access, entity, part)
        if found is None:
            rest.append(part)
            continue
        name, operator, value = found
        values[f"given_{len(comparisons)}"] = value
        comparisons.append((name, operator))
    remaining = _joined(expression, rest)
    key = (tuple(comparisons), None if remaining is None else tuple(ast.dump(part) for part in rest))
    return Shape(tuple(comparisons), values, remaining, key)


def _joined(expression: Expression, parts: list[ast.expr]) -> Expression | None:
    if not parts:
        return None
    tree = parts[0] if len(parts) == 1 else mark(ast.BoolOp(op=ast.And(), values=parts, lineno=1, col_offset=0), "yes_no")
    return Expression(expression.text, tree, expression.names, "yes_no", expression.is_volatile)


def _comparison(access: Access, entity: str, node: ast.expr) -> tuple[str, type[ast.cmpop], Any] | None:
    """Name, operator and value of a plain comparison; None for anything else."""
    if not isinstance(node, ast.Compare) or type(node.ops[0]) not in _OPERATORS:
        return None
    left, right, operator = node.left, node.comparators[0], type(node.ops[0])
    if isinstance(left, ast.Constant):
        left, right, operator = right, left, _TURNED.get(operator, operator)
    if type(left) is not ast.Name or not isinstance(right, ast.Constant):
        return None
    slot = _stored(access, entity, left.id)
    value = None if slot is None else _value(slot, right.value)
    return None if value is None else (left.id, operator, value)


def _stored(access: Access, entity: str, name: str) -> Slot | None:
    """The field that a name ends in, if its value is stored."""
    item = find_field(access.model.entities, entity, name)
    if item is None or not item.column:
        return None
    owner = fields_on_path(access.model.entities, entity, name)[-1][0]
    return None if Node(owner, item.key) in access.plans.graph.volatile else slot_of(item)


def _value(slot: Slot, value: object) -> Any:
    """A constant as the column takes it, if it can hold it exactly."""
    if slot.scale is not None and isinstance(value, Decimal):
        exact = value.is_finite() and abs(value) < _LIMIT.scaleb(-slot.scale) and value == round(value, slot.scale)
        return (value if slot.is_exact else int(value)) if exact else None
    expected = {"text": str, "date": date, "datetime": datetime, "reference": UUID}.get(slot.kind)
    return value if expected is not None and type(value) is expected else None
