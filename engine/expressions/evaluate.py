"""The value of an expression: simpleeval over the checked tree, which is parsed once.

This is the only user of simpleeval. Nothing but plain values enters (numbers, texts, dates, ids,
lists of them), so nothing in an expression can reach an object of ours. Each thread has one
evaluator; a call lends it the scope and the clock for as long as it lasts.
"""

from __future__ import annotations

import ast
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import simpleeval

from engine.expressions.compile import Expression
from engine.expressions.functions import FUNCTIONS
from engine.expressions.functions.zones import date_in
from engine.expressions.kinds import Given
from engine.expressions.operators import OPERATORS
from engine.expressions.values import MAX_DIGITS, MAX_RESULT_DIGITS, MAX_TEXT
from engine.kernel.errors import Invalid, Problem

Scope = Mapping[str, Any] | Callable[[str], Any]
FAILURES = (
    ArithmeticError, TypeError, ValueError, LookupError, AttributeError, RecursionError,
    MemoryError, simpleeval.InvalidExpression,
)  # fmt: skip
"""What values of a wrong kind can cause; each becomes Invalid."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def evaluate(
    expression: Expression, scope: Scope, *, now: datetime, timezone: str = "UTC"
) -> Any:
    """The value: Decimal, str, bool, date, datetime, UUID, tuple or None.

    `scope` gives the values by name; a missing name is null. `now` is an aware moment, `timezone`
    what "today" and the hours of a moment go by. Raises Invalid ("expression.*") for values that
    an expression can't hold and for results that are too large; nothing else of its own.
    """
    find = scope if callable(scope) else scope.get
    return evaluate_tree(expression.tree, find, now, timezone, expression.text)


def evaluate_tree(
    tree: ast.expr, find: Callable[[str], Any], now: datetime = _EPOCH, timezone: str = "UTC",
    text: str = "",
) -> Any:  # fmt: skip
    """The value of a checked tree; for backends that have no more than that."""
    evaluator = _evaluator()
    before = evaluator.lend(find, now, timezone)
    try:
        return _result(evaluator.eval("", previously_parsed=tree))
    except FAILURES as error:
        raise Invalid(Problem("expression.evaluation", {"text": text[:200]})) from error
    finally:
        evaluator.lend(*before)


def _result(value: Any) -> Any:
    if isinstance(value, Decimal) and value.adjusted() >= MAX_RESULT_DIGITS:
        raise Invalid(Problem("expression.result_too_large"))
    return value


def _same(value: Any) -> Any:
    return value


def _decimal(value: Decimal) -> Decimal:
    if not value.is_finite() or abs(value.adjusted()) > MAX_DIGITS:
        raise Invalid(Problem("expression.value", {"kind": "number"}))
    return value


def _text(value: str) -> str:
    if len(value) > MAX_TEXT:
        raise Invalid(Problem("expression.result_too_long", {"limit": MAX_TEXT}))
    return value


def _moment(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise Invalid(Problem("expression.value", {"kind": "datetime"}))
    return value.astimezone(UTC)


PLAIN: Mapping[type, Callable[[Any], Any]] = {
    type(None): _same,
    str: _text,
    Decimal: _decimal,
    int: lambda value: _decimal(Decimal(value)),
    float: lambda value: _decimal(Decimal(repr(value))),
    bool: _same,
    date: _same,
    datetime: _moment,
    UUID: _same,
    tuple: _same,
    list: tuple,
    frozenset: tuple,
}
"""What may enter, by exact type, and how it is made plain."""


def plain(value: Any) -> Any:
    """The value made plain; raises Invalid for what an expression can't hold."""
    accept = PLAIN.get(type(value))
    if accept is None:
        raise Invalid(Problem("expression.value", {"kind": type(value).__name__}))
    return accept(value)


class _Evaluator(simpleeval.SimpleEval):  # type: ignore[misc]
    """simpleeval with our operators and functions, and only the node types of our grammar."""

    def __init__(self) -> None:
        functions = {item.key: item.run for item in FUNCTIONS if item.run is not None}
        super().__init__(operators=OPERATORS, functions=functions, names={}, allowed_attrs={})
        self.ATTR_INDEX_FALLBACK = False
        self.nodes = {
            ast.Constant: self._eval_constant,
            ast.Name: self._eval_name,
            Given: self._eval_given,
            ast.List: self._eval_list,
            ast.UnaryOp: self._eval_unaryop,
            ast.BinOp: self._eval_binop,
            ast.BoolOp: self._eval_condition,
            ast.Compare: self._eval_compare,
            ast.IfExp: self._eval_ifexp,
            ast.Call: self._eval_call,
        }
        self.find: Callable[[str], Any] = str
        self.now = _EPOCH
        self.zone = "UTC"

    def lend(
        self, find: Callable[[str], Any], now: datetime, zone: str
    ) -> tuple[Callable[[str], Any], datetime, str]:
        """Use these from now on; gives back the ones used so far."""
        before = (self.find, self.now, self.zone)
        self.find, self.now, self.zone = find, now, zone
        return before

    def _eval(self, node: ast.expr) -> Any:
        # No check of every value for modules and functions: see PLAIN, none can come in.
        return self.nodes[type(node)](node)

    def _eval_name(self, node: ast.Name) -> Any:
        return plain(self.find(node.id))

    def _eval_given(self, node: ast.Name) -> Any:
        if node.id == "@zone":
            return self.zone
        now = _moment(self.now)
        return now if node.id == "@now" else date_in(now, self.zone)

    def _eval_list(self, node: ast.List) -> tuple[Any, ...]:
        return tuple([self._eval(item) for item in node.elts])

    def _eval_condition(self, node: ast.BoolOp) -> bool:
        """`and`, `or`: true or false, never null."""
        if isinstance(node.op, ast.And):
            return all(self._eval(value) for value in node.values)
        return any(self._eval(value) for value in node.values)


_threads = threading.local()


def _evaluator() -> _Evaluator:
    evaluator: _Evaluator | None = getattr(_threads, "evaluator", None)
    if evaluator is None:
        evaluator = _threads.evaluator = _Evaluator()
    return evaluator
