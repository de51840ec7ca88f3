"""SQL for PostgreSQL: everything in SQL, numbers as NUMERIC.

Functions that raise errors for what we call null (casts, dates out of range) are guarded; texts are
compared and cut under the collation "C", so that the database's locale changes nothing.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import TypeEngine

from engine.expressions.functions import FUNCTIONS
from engine.expressions.to_sql.comparing import against_whole
from engine.expressions.to_sql.fragment import Fragment, Pieces, fill
from engine.expressions.to_sql.part import Part
from engine.expressions.to_sql.postgresql_dates import DateCalls
from engine.expressions.to_sql.postgresql_texts import TextCalls
from engine.expressions.to_sql.types import scale_of
from engine.expressions.values import DECIMALS
from engine.kernel.errors import Invalid, Problem

MAX_PIECES = 4000
_TEXTS = postgresql.ARRAY(sa.Text())


class PostgresqlTranslator(TextCalls, DateCalls):
    """One expression for PostgreSQL."""

    same = "IS NOT DISTINCT FROM"
    differs = "IS DISTINCT FROM"

    def __init__(self, columns: Callable[[str], Any], *, now: datetime, timezone: str) -> None:
        super().__init__(columns, now=now, timezone=timezone)
        self.integers: dict[ast.expr, Pieces] = {}

    def called(self, node: ast.Call, key: str, parts: list[Part]) -> Part | None:
        handler = getattr(self, f"call_{key}", None)
        if handler is None:
            return None
        found: Part | None = handler(node, *parts)
        return found

    def instead(self, node: ast.expr) -> Part:
        called = node.func if isinstance(node, ast.Call) else None
        name = called.id if isinstance(called, ast.Name) and called.id in FUNCTIONS else "[ ]"
        raise Invalid(Problem("expression.not_in_sql", {"name": name}))

    def settled(self, part: Part) -> Part:
        if part.pieces is not None and len(part.pieces) > MAX_PIECES:
            raise Invalid(Problem("expression.too_large_for_database"))
        return part

    # -- numbers -------------------------------------------------------------------------------

    def number_column(self, node: ast.expr, column: sa.ColumnElement[Any]) -> Part:
        raw = sa.type_coerce(column, sa.Numeric())
        if isinstance(column.type, sa.Integer):
            self.integers[node] = (column,)
            return Part(node, "number", fill("CAST({} AS numeric)", (column,)), scale=0)
        if isinstance(column.type, sa.Float):
            return Part(node, "number", fill("CAST({} AS numeric)", (column,)), scale=DECIMALS)
        return Part(node, "number", (raw,), type=column.type, scale=scale_of(column.type))

    def pieces(self, part: Part, like: TypeEngine[Any] | None = None) -> Pieces:
        if part.kind == "number" and part.is_fixed and part.value is not None:
            return (sa.literal(part.value, sa.Numeric()),)
        return super().pieces(part, None if part.kind == "number" else like)

    def number(self, node: ast.expr, pieces: Pieces, *parts: Part, scale: int = DECIMALS) -> Part:
        return replace(self.sql(node, pieces, *parts), scale=scale)

    def arithmetic(self, node: ast.BinOp, left: Part, right: Part) -> Part | None:
        if left.is_null or right.is_null:
            return self.fixed(node, None)
        pair = self.pieces(left), self.pieces(right)
        scales = decimals(left), decimals(right)
        if isinstance(node.op, ast.Div):
            # One digit more than is kept, cut by div(); round() then sees the exact digit.
            quotient = fill("div({} * 10000000000000, nullif({}, 0)) * 0.0000000000001", *pair)
            return self.number(node, fill("round({}, 12)", quotient), left, right)
        if isinstance(node.op, ast.Mult):
            product = fill("({} * {})", *pair)
            scale = sum(scales)
            if scale > DECIMALS:
                product = fill("round({}, 12)", product)
            return self.number(node, product, left, right, scale=min(scale, DECIMALS))
        sign = "+" if isinstance(node.op, ast.Add) else "-"
        return self.number(node, fill(f"({{}} {sign} {{}})", *pair), left, right, scale=max(scales))

    def negated(self, node: ast.expr, operand: Part) -> Part | None:
        pieces = fill("(- {})", self.pieces(operand))
        return self.number(node, pieces, operand, scale=decimals(operand))

    def compared_numbers(self, node: ast.expr, word: str, left: Part, right: Part) -> Part | None:
        pair = self.pieces(left), self.pieces(right)
        raw = self.integers.get(left.node)
        if raw is not None and right.is_fixed:
            found = against_whole(word, right.value)
            if found is None:
                return self.fixed(node, word == "<>")
            word, pair = found[0], (raw, (sa.literal(found[1], sa.BigInteger()),))
        if word == "<>":
            pieces = fill(f"({{}} {self.differs} {{}})", *pair)
            return self.sql(node, pieces, left, right, truth="strict")
        if word == "=" and not right.is_fixed:
            pieces = fill(f"({{}} {self.same} {{}})", *pair)
            return self.sql(node, pieces, left, right, truth="strict")
        return self.sql(node, fill(f"({{}} {word} {{}})", *pair), left, right, truth="loose")

    def chosen_number(self, node: ast.IfExp, test: Pieces, body: Part, other: Part) -> Part | None:
        pieces = fill(
            "(CASE WHEN {} THEN {} ELSE {} END)", test, self.pieces(body), self.pieces(other)
        )
        return self.number(node, pieces, body, other, scale=max(decimals(body), decimals(other)))

    def finished_number(self, part: Part, as_type: TypeEngine[Any] | None) -> Any:
        if part.is_null:
            return sa.cast(sa.null(), as_type or sa.Numeric())
        pieces = self.pieces(part)
        if as_type is None:
            raw = self.integers.get(part.node)
            return raw[0] if raw else Fragment(pieces, part.type or sa.Numeric())
        scale = scale_of(as_type)
        if scale is not None and (part.is_fixed or decimals(part) > scale):
            pieces = fill(f"round({{}}, {scale})", pieces)
        return Fragment(pieces, as_type)

    # -- texts and lists -----------------------------------------------------------------------

    def ordered_pieces(self, part: Part, like: TypeEngine[Any] | None) -> Pieces:
        pieces = self.pieces(part, like)
        if part.kind != "text" or part.is_fixed:
            return pieces
        return fill('{} COLLATE "C"', pieces)

    def has_entry(self, node: ast.expr, values: Part, item: Part) -> Part | None:
        if item.is_fixed:
            entries = (sa.literal([item.value], _TEXTS),)
            pieces = fill("({} @> {})", self.pieces(values), entries)
        else:
            pieces = fill("({} = ANY({}))", self.text(item), self.pieces(values))
        return self.sql(node, pieces, values, item, truth="loose")


def decimals(part: Part) -> int:
    """How many decimals a number part has at most."""
    if not part.is_fixed:
        return DECIMALS if part.scale is None else part.scale
    value: Decimal | None = part.value
    return 0 if value is None else max(0, -int(value.as_tuple().exponent))
