"""From a checked tree to SQL: what both dialects share.

Whatever is constant for the statement (literals, the actor, today) is computed first, by the same
Python functions that `evaluate` uses, so that `due_on < add_days(today(), 7)` compares a bare column
with a bound value and can use an index.

Null: SQL's third truth value is tolerated as long as only AND, OR and WHERE see it, because there
it does what our false does; `strict` turns it into false where it would matter.
"""

from __future__ import annotations

import ast
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeEngine

from engine.expressions.evaluate import plain
from engine.expressions.functions import FUNCTIONS
from engine.expressions.functions.zones import date_in
from engine.expressions.kinds import Given, ResultKind, kind_of
from engine.expressions.operators import OPERATORS
from engine.expressions.to_sql.fragment import Fragment, Pieces, fill, listed
from engine.expressions.to_sql.part import Part, Truth
from engine.expressions.to_sql.types import type_of
from engine.kernel.errors import Invalid, Problem

_TAKES_NULL = frozenset(
    {"is_blank", "if_blank", "case", "concat", "min", "max", "sum", "average", "has_any", "has_all"}
)
"""Functions that null does not simply pass through (or make false)."""


class Translator(ABC):
    """Translates one expression; holds what it was given and the names met so far."""

    def __init__(
        self, columns: Callable[[str], Any], *, now: datetime, timezone: str
    ) -> None:
        self.columns = columns
        self.now = now
        self.timezone = timezone
        self.names: dict[str, Part] = {}

    # -- what a dialect adds -------------------------------------------------------------------

    @abstractmethod
    def number_column(self, node: ast.expr, column: sa.ColumnElement[Any]) -> Part:
        """A column of numbers."""

    @abstractmethod
    def arithmetic(self, node: ast.BinOp, left: Part, right: Part) -> Part | None:
        """left + - * / right; None when only Python can."""

    @abstractmethod
    def negated(self, node: ast.expr, operand: Part) -> Part | None:
        """-operand."""

    @abstractmethod
    def comparison(self, node: ast.Compare) -> Part | None:
        """= <> < <= > >= in, not in."""

    @abstractmethod
    def chosen_number(self, node: ast.IfExp, test: Pieces, body: Part, other: Part) -> Part | None:
        """A conditional of numbers."""

    @abstractmethod
    def called(self, node: ast.Call, key: str, parts: list[Part]) -> Part | None:
        """A function with at least one argument that is no constant."""

    @abstractmethod
    def instead(self, node: ast.expr) -> Part:
        """What stands for a node that has no SQL; raises Invalid where nothing does."""

    @abstractmethod
    def settled(self, part: Part) -> Part:
        """The part within the dialect's limits; raises Invalid over them."""

    @abstractmethod
    def finished_number(self, part: Part, as_type: TypeEngine[Any] | None) -> Any:
        """A number as the column element that the caller gets."""

    # -- walking -------------------------------------------------------------------------------

    def part(self, node: ast.expr) -> Part:
        """The translation of a node."""
        if isinstance(node, ast.Constant):
            return self.fixed(node, node.value)
        if isinstance(node, Given):
            return self.fixed(node, self.given(node.id))
        if isinstance(node, ast.Name):
            return self.name(node)
        found = self._native(node)
        return found if found is not None and found.is_fixed else self.settled(
            found or self.instead(node)
        )  # fmt: skip

    def _native(self, node: ast.expr) -> Part | None:
        if isinstance(node, ast.UnaryOp):
            return self.unary(node, self.part(node.operand))
        if isinstance(node, ast.BinOp):
            left, right = self.part(node.left), self.part(node.right)
            return self.folded(node, node.op, left, right) or self.arithmetic(node, left, right)
        if isinstance(node, ast.BoolOp):
            return self.combined(node)
        if isinstance(node, ast.Compare):
            return self.comparison(node)
        if isinstance(node, ast.IfExp):
            return self.conditional(node)
        if isinstance(node, ast.List):
            items = [self.part(item) for item in node.elts]
            if all(item.is_fixed for item in items):
                return self.fixed(node, tuple(item.value for item in items))
            return None
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            return self.call(node, node.func.id)
        raise TypeError(type(node).__name__)  # pragma: no cover (the grammar has no other nodes)

    def fixed(self, node: ast.expr, value: Any) -> Part:
        return Part(node, kind_of(node), value=value)

    def sql(self, node: ast.expr, pieces: Pieces, *parts: Part, truth: Truth = "value") -> Part:
        """A part made of SQL; `parts` are those inside it."""
        stack = 4 + max((part.stack for part in parts), default=0)
        return Part(node, kind_of(node), pieces, truth=truth, stack=stack)

    def given(self, name: str) -> Any:
        if name == "@zone":
            return self.timezone
        return plain(self.now) if name == "@now" else date_in(self.now, self.timezone)

    def name(self, node: ast.Name) -> Part:
        found = self.names.get(node.id)
        if found is None:
            found = self.names[node.id] = self._name(node)
        return found

    def _name(self, node: ast.Name) -> Part:
        column = self.columns(node.id)
        if isinstance(column, sa.BindParameter) and not column.callable and not column.required:
            column = column.value
        if not isinstance(column, sa.ColumnElement):
            return self.fixed(node, plain(column))
        kind = kind_of(node)
        if kind == "number":
            return self.number_column(node, column)
        if kind in ("rows", "any"):
            raise Invalid(Problem("expression.not_in_sql", {"name": node.id}))
        return Part(node, kind, (column,), type=column.type)

    def folded(self, node: ast.expr, operator: ast.AST, *parts: Part) -> Part | None:
        """The constant that an operator makes of constants."""
        if not all(part.is_fixed for part in parts):
            return None
        return self.fixed(node, OPERATORS[type(operator)](*[part.value for part in parts]))

    def unary(self, node: ast.UnaryOp, operand: Part) -> Part | None:
        if operand.is_fixed:
            return self.folded(node, node.op, operand)
        if isinstance(node.op, ast.Not):
            return self.sql(node, fill("(NOT {})", self.strict(operand)), operand, truth="strict")
        return self.negated(node, operand)

    def combined(self, node: ast.BoolOp) -> Part:
        """`and`, `or`; a constant decides or drops out."""
        decides = isinstance(node.op, ast.Or)
        rest: list[Part] = []
        for value in node.values:
            part = self.part(value)
            if not part.is_fixed:
                rest.append(part)
            elif bool(part.value) == decides:
                return self.fixed(node, decides)
        if not rest:
            return self.fixed(node, not decides)
        word = " OR " if decides else " AND "
        pieces = fill("({})", listed(word, [self.condition(part) for part in rest]))
        is_strict = all(part.truth == "strict" for part in rest)
        return self.sql(node, pieces, *rest, truth="strict" if is_strict else "loose")

    def conditional(self, node: ast.IfExp) -> Part | None:
        test = self.part(node.test)
        if test.is_fixed:
            return self.part(node.body if test.value else node.orelse)
        body, other = self.part(node.body), self.part(node.orelse)
        condition = self.condition(test)
        if kind_of(node) == "number":
            return self.chosen_number(node, condition, body, other)
        pieces = fill(
            "(CASE WHEN {} THEN {} ELSE {} END)", condition,
            self.pieces(body, other.type), self.pieces(other, body.type),
        )  # fmt: skip
        return replace(
            self.sql(node, pieces, test, body, other), type=body.type or other.type
        )

    def call(self, node: ast.Call, key: str) -> Part | None:
        parts = [self.part(argument) for argument in node.args]
        run = FUNCTIONS[key].run
        if run is not None and all(part.is_fixed for part in parts):
            return self.fixed(node, run(*[part.value for part in parts]))
        if key not in _TAKES_NULL and any(part.is_null for part in parts):
            return self.fixed(node, False if kind_of(node) == "yes_no" else None)
        return self.called(node, key, parts)

    # -- the forms of a part -------------------------------------------------------------------

    def pieces(self, part: Part, like: TypeEngine[Any] | None = None) -> Pieces:
        """A part as a value; a constant as a parameter of the type it stands next to."""
        if part.is_fixed:
            if part.value is None:
                return ("NULL",)
            if part.kind == "yes_no":
                return (sa.true() if part.value else sa.false(),)
            return (sa.literal(part.value, like if like is not None else type_of(part.kind)),)
        if part.kind == "yes_no" and part.truth == "loose":
            return self.strict(part)
        assert part.pieces is not None  # noqa: S101 (dialects ask before they use a number)
        return part.pieces

    def condition(self, part: Part) -> Pieces:
        """A part where SQL wants a condition and NULL does no harm."""
        if part.is_fixed:
            return (sa.true() if part.value else sa.false(),)
        assert part.pieces is not None  # noqa: S101 (only numbers are without)
        if part.truth == "value":
            return fill("({} = {})", part.pieces, (sa.true(),))
        return part.pieces

    def strict(self, part: Part) -> Pieces:
        """A part as a condition that is never NULL."""
        pieces = self.condition(part)
        return pieces if part.truth == "strict" else fill("coalesce({}, {})", pieces, (sa.false(),))

    def finished(self, tree: ast.expr, as_type: TypeEngine[Any] | None) -> sa.ColumnElement[Any]:
        """The whole expression as a column element."""
        part = self.part(tree)
        kind: ResultKind = part.kind
        if kind == "number":
            found: sa.ColumnElement[Any] = self.finished_number(part, as_type)
            return found
        type_ = as_type or part.type or type_of(kind)
        if part.is_null:
            return sa.cast(sa.null(), type_)
        if kind == "yes_no":
            pieces = self.condition(part) if as_type is None else self.pieces(part)
            if as_type is None and part.is_fixed:
                return sa.true() if part.value else sa.false()
            return Fragment(pieces, sa.Boolean())
        return Fragment(self.pieces(part, type_), type_)
