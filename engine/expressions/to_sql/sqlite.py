"""SQL for SQLite: plain where SQLite is exact, Python for the rest (see `sqlite_function`).

A number in SQL is a whole number of 10**-scale, as the columns hold it. SQLite goes on with floats
where 64 bits don't suffice; where a bound says that this may happen, the SQL asks whether it did, and
leaves it to Python then.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from decimal import Decimal
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.types import TypeEngine

from engine.expressions.kinds import kind_of
from engine.expressions.to_conditions import dump, literal
from engine.expressions.to_sql.comparing import against_whole
from engine.expressions.to_sql.fragment import Fragment, Piece, Pieces, fill, listed
from engine.expressions.to_sql.part import Part, Truth
from engine.expressions.to_sql.sqlite_calls import SqliteCalls
from engine.expressions.to_sql.sqlite_function import NAME
from engine.expressions.to_sql.types import Scaled, scale_of
from engine.expressions.values import DECIMALS, rounded
from engine.kernel.errors import Invalid, Problem

LIMIT = 2**62
"""Whole numbers up to here are exact; more is guarded."""
HOPELESS = 10**150
"""Floats might end here."""
COLUMN_BOUND = 10**18
"""Fields hold at most eighteen digits, so a stored whole number is below this."""
MAX_STACK = 48
"""SQLite's parser has a stack of a hundred; the statement around needs some of it."""
MAX_ARGUMENTS = 90
RESULT_DECIMALS = 6

class SqliteTranslator(SqliteCalls):
    """One expression for SQLite."""

    same = "IS"
    differs = "IS NOT"

    # -- numbers -------------------------------------------------------------------------------

    def number_column(self, node: ast.expr, column: sa.ColumnElement[Any]) -> Part:
        scale = scale_of(column.type)
        if scale is None:
            self.floats[kind_name(node)] = (sa.type_coerce(column, sa.Float()),)
            return Part(node, "number")
        raw = (sa.type_coerce(column, sa.BigInteger()),)
        return Part(node, "number", raw, type=column.type, scale=scale, bound=COLUMN_BOUND)

    def scaled(self, part: Part, scale: int) -> Pieces:
        """A number as a whole number of 10**-scale; the scale is at least its own."""
        if part.is_fixed:
            if part.value is None:
                return ("NULL",)
            return (sa.literal(int(part.value.scaleb(scale)), sa.BigInteger()),)
        assert part.pieces is not None and part.scale is not None  # noqa: S101, PT018
        if part.scale == scale:
            return part.pieces
        return fill(f"({{}} * {10 ** (scale - part.scale)})", part.pieces)

    def aligned(self, *parts: Part) -> tuple[int, int] | None:
        """A scale that suits all, and the bound of the greatest there; None without SQL."""
        if any(part.pieces is None and not part.is_fixed for part in parts):
            return None
        measured = [measure(part) for part in parts]
        scale = max(scale for scale, _ in measured)
        bound = max(bound * 10 ** (scale - own) for own, bound in measured)
        return (scale, bound) if bound < HOPELESS else None

    def number(self, node: ast.expr, pieces: Pieces, scale: int, bound: int, *parts: Part) -> Part:
        return replace(self.sql(node, pieces, *parts), scale=scale, bound=bound)

    def arithmetic(self, node: ast.BinOp, left: Part, right: Part) -> Part | None:
        if left.is_null or right.is_null:
            return self.fixed(node, None)
        if isinstance(node.op, ast.Div):
            return None
        if isinstance(node.op, ast.Mult):
            return self.product(node, left, right)
        both = self.aligned(left, right)
        if both is None:
            return None
        sign = "+" if isinstance(node.op, ast.Add) else "-"
        pieces = fill(
            f"({{}} {sign} {{}})", self.scaled(left, both[0]), self.scaled(right, both[0])
        )
        return self.number(node, pieces, both[0], both[1] * 2, left, right)

    def product(self, node: ast.BinOp, left: Part, right: Part) -> Part | None:
        if self.aligned(left) is None or self.aligned(right) is None:
            return None
        (own, bound), (other, factor) = measure(left), measure(right)
        if own + other > DECIMALS or bound * factor >= HOPELESS:
            return None
        pieces = fill("({} * {})", self.scaled(left, own), self.scaled(right, other))
        return self.number(node, pieces, own + other, bound * factor, left, right)

    def negated(self, node: ast.expr, operand: Part) -> Part | None:
        if operand.pieces is None or operand.scale is None:
            return None
        return self.number(
            node, fill("(- {})", operand.pieces), operand.scale, operand.bound, operand
        )

    def compared_numbers(self, node: ast.expr, word: str, left: Part, right: Part) -> Part | None:
        if left.pieces is None or left.scale is None:
            return None
        if right.is_fixed:
            return self.against_number(node, word, left, right.value)
        both = self.aligned(left, right)
        if both is None:
            return None
        sign = {"=": self.same, "<>": self.differs}.get(word, word)
        pair = self.scaled(left, both[0]), self.scaled(right, both[0])
        pieces = fill(f"({{}} {sign} {{}})", *pair)
        if both[1] > LIMIT:
            pieces = self.guarded(node, pieces, "yes_no", *pair)
        truth: Truth = "strict" if word in ("=", "<>") else "loose"
        return self.sql(node, pieces, left, right, truth=truth)

    def guarded(self, node: ast.expr, pieces: Pieces, code: str, *numbers: Pieces) -> Pieces:
        """The pieces, or what Python says where one of the numbers has become a float."""
        tests = listed(" OR ", [fill("typeof({}) = 'real'", number) for number in numbers])
        return fill(
            "(CASE WHEN {} THEN {} ELSE {} END)", tests, self.python(node, code), pieces
        )

    def against_number(self, node: ast.expr, word: str, left: Part, value: Decimal) -> Part:
        """The bare column against a whole number, so that an index serves."""
        assert left.pieces is not None and left.scale is not None  # noqa: S101, PT018
        found = against_whole(word, value.scaleb(left.scale))
        if found is None:
            return self.fixed(node, word == "<>")
        sign = self.differs if word == "<>" else found[0]
        pieces = fill(f"({{}} {sign} {{}})", left.pieces, (sa.literal(found[1], sa.BigInteger()),))
        if left.bound > LIMIT:
            pieces = self.guarded(node, pieces, "yes_no", left.pieces)
        return self.sql(node, pieces, left, truth="strict" if word == "<>" else "loose")

    def chosen_number(self, node: ast.IfExp, test: Pieces, body: Part, other: Part) -> Part | None:
        both = self.aligned(body, other)
        if both is None:
            return None
        pieces = fill(
            "(CASE WHEN {} THEN {} ELSE {} END)",
            test, self.scaled(body, both[0]), self.scaled(other, both[0]),
        )  # fmt: skip
        found = self.number(node, pieces, both[0], both[1], body, other)
        return replace(found, stack=found.stack + len(test) // 8)

    def finished_number(self, part: Part, as_type: TypeEngine[Any] | None) -> Any:
        scale = scale_of(as_type) if as_type is not None else None
        if part.is_null:
            return sa.cast(sa.null(), as_type or Scaled(0))
        if part.is_fixed:
            scale = measure(part)[0] if scale is None else scale
            value = int(rounded(part.value, scale).scaleb(scale))
            return Fragment((sa.literal(value, sa.BigInteger()),), as_type or Scaled(scale))
        if scale is None:
            scale = RESULT_DECIMALS if part.scale is None else part.scale
        type_ = as_type or part.type or Scaled(scale)
        if part.pieces is not None and part.scale is not None:
            step = scale - part.scale
            if step >= 0:
                pieces = self.scaled(part, scale)
                if part.bound * 10**step > LIMIT:
                    pieces = self.guarded(part.node, pieces, f"number{scale}", pieces)
                return Fragment(pieces, type_)
        return Fragment(self.python(part.node, f"number{scale}"), type_)

    # -- Python instead ------------------------------------------------------------------------

    def instead(self, node: ast.expr) -> Part:
        kind = kind_of(node)
        if kind == "number":
            return Part(node, "number")
        if kind == "null":
            return self.fixed(node, None)
        if kind in ("any", "rows", "file"):  # SQL has no values of these
            raise Invalid(Problem("expression.not_in_sql", {"name": kind}))
        return Part(node, kind, self.python(node, kind), stack=3)

    def settled(self, part: Part) -> Part:
        if part.stack > MAX_STACK and part.pieces is not None:
            return self.instead(part.node)
        return part

    def python(self, node: ast.expr, code: str) -> Pieces:
        """A call of the SQL function that evaluates the node over the columns it reads."""
        arguments: dict[str, int] = {}
        tree = self.bound(dump(node), arguments)
        codes, pieces = [code], list[Piece]()
        for name in arguments:
            part = self.names[name]
            if name in self.floats:
                codes.append("float")
                pieces += [", ", *self.floats[name]]
            else:
                codes.append(f"number{part.scale}" if part.kind == "number" else part.kind)
                pieces += [", ", *(part.pieces or ())]
        if len(arguments) > MAX_ARGUMENTS:
            raise Invalid(Problem("expression.too_large_for_database"))
        text = sa.literal(orjson.dumps(tree).decode(), sa.Text())
        return (f"{NAME}(", text, ", ", sa.literal(",".join(codes), sa.Text()), *pieces, ")")

    def bound(self, tree: Any, arguments: dict[str, int]) -> Any:
        """The tree with constants put in, and columns as arguments by number."""
        if not isinstance(tree, list):
            return tree
        if tree[0] == "f":
            part = self.names.get(tree[1])
            if part is None:  # in a branch that a constant condition left out
                return None
            if part.is_fixed:
                return literal(part.value)
            return ["f", str(arguments.setdefault(tree[1], len(arguments))), tree[2]]
        if str(tree[0]).startswith("@"):
            return literal(self.given(tree[0]))
        return [tree[0], *(self.bound(item, arguments) for item in tree[1:])]

def kind_name(node: ast.expr) -> str:
    """The name of a name node."""
    assert isinstance(node, ast.Name)  # noqa: S101 (only names have columns)
    return node.id

def measure(part: Part) -> tuple[int, int]:
    """Scale and bound of a number part."""
    if not part.is_fixed:
        return part.scale or 0, part.bound
    if part.value is None:
        return 0, 0
    value: Decimal = part.value
    scale = max(0, -int(value.normalize().as_tuple().exponent))
    return scale, abs(int(value.scaleb(scale)))
