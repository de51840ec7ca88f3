"""What the operators do, null included: the pinned meaning in Python."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from decimal import Decimal
from operator import eq, ne
from typing import Any

from engine.expressions.values import EXACT, divide, multiply

Number = Decimal | None


def _add(left: Number, right: Number) -> Number:
    return None if left is None or right is None else EXACT.add(left, right)


def _subtract(left: Number, right: Number) -> Number:
    return None if left is None or right is None else EXACT.subtract(left, right)


def _multiply(left: Number, right: Number) -> Number:
    return None if left is None or right is None else multiply(left, right)


def _divide(left: Number, right: Number) -> Number:
    return None if left is None or right is None else divide(left, right)


def _minus(value: Number) -> Number:
    return None if value is None else EXACT.minus(value)


def _not(value: bool | None) -> bool:  # noqa: FBT001
    return not value


def _less(left: Any, right: Any) -> bool:
    return left is not None and right is not None and left < right


def _at_most(left: Any, right: Any) -> bool:
    return left is not None and right is not None and left <= right


def _greater(left: Any, right: Any) -> bool:
    return left is not None and right is not None and left > right


def _at_least(left: Any, right: Any) -> bool:
    return left is not None and right is not None and left >= right


def _in(item: Any, values: Any) -> bool:
    return values is not None and item in values


def _not_in(item: Any, values: Any) -> bool:
    return values is None or item not in values


OPERATORS: Mapping[type[ast.AST], Callable[..., Any]] = {
    ast.Add: _add, ast.Sub: _subtract, ast.Mult: _multiply, ast.Div: _divide, ast.USub: _minus,
    ast.Not: _not, ast.Eq: eq, ast.NotEq: ne, ast.Lt: _less, ast.LtE: _at_most,
    ast.Gt: _greater, ast.GtE: _at_least, ast.In: _in, ast.NotIn: _not_in,
}  # fmt: skip
