"""A checked tree as JSON, and back: what the browser evaluates, and what SQLite hands to Python.

    null, true, false, "text"       literals
    ["n", "12.50"]                  number
    ["d", "2026-11-24"]             date
    ["t", "2026-11-24T08:30:00.000000Z"]  moment
    ["id", "0192…"]                 id
    ["f", "account.level", "text"]  a name of the scope and its kind
    ["@today"] ["@now"] ["@zone"]   what the evaluation brings along
    ["list", …]                     list
    ["+", a, b] ["<>", a, b] ["in", a, list] ["and", …] ["not", a] ["neg", a] ["if", c, a, b]
    ["round", a, 2]                 any function, by its key
"""

from __future__ import annotations

import ast
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from engine.expressions.compile import Expression
from engine.expressions.functions import FUNCTIONS
from engine.expressions.grammar import call, constant
from engine.expressions.kinds import Given, kind_of, mark

_BINARY: dict[type[ast.AST], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Eq: "=", ast.NotEq: "<>",
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.In: "in", ast.NotIn: "not in",
    ast.And: "and", ast.Or: "or", ast.Not: "not", ast.USub: "neg",
}  # fmt: skip
_OPERATORS: dict[str, type[Any]] = {word: operator for operator, word in _BINARY.items()}
_PLACE = {"lineno": 1, "col_offset": 0}


def to_conditions(expression: Expression) -> Any:
    """The tree for `runtime/ui/shared/expression.ts`; None when a function can't run there."""
    for node in ast.walk(expression.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            function = FUNCTIONS.find(node.func.id)
            if function is not None and not function.in_browser:
                return None
    return dump(expression.tree)


def dump(node: ast.expr) -> Any:  # noqa: PLR0911 (one return for each sort of node)
    """A checked tree as JSON."""
    if isinstance(node, ast.Constant):
        return literal(node.value)
    if isinstance(node, Given):
        return [node.id]
    if isinstance(node, ast.Name):
        return ["f", node.id, kind_of(node)]
    if isinstance(node, ast.List):
        return ["list", *map(dump, node.elts)]
    if isinstance(node, ast.UnaryOp):
        return [_BINARY[type(node.op)], dump(node.operand)]
    if isinstance(node, ast.BinOp):
        return [_BINARY[type(node.op)], dump(node.left), dump(node.right)]
    if isinstance(node, ast.BoolOp):
        return [_BINARY[type(node.op)], *map(dump, node.values)]
    if isinstance(node, ast.Compare):
        return [_BINARY[type(node.ops[0])], dump(node.left), dump(node.comparators[0])]
    if isinstance(node, ast.IfExp):
        return ["if", dump(node.test), dump(node.body), dump(node.orelse)]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return [node.func.id, *map(dump, node.args)]
    raise TypeError(type(node).__name__)  # pragma: no cover (the grammar has no other nodes)


def moment_text(moment: datetime) -> str:
    """A moment in UTC as text of fixed width, so that it sorts."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat("T", "microseconds") + "Z"


def literal(value: Any) -> Any:
    """A value as a node of the tree."""
    if isinstance(value, Decimal):
        return ["n", format(value, "f")]
    if isinstance(value, datetime):
        return ["t", moment_text(value)]
    if isinstance(value, date):
        return ["d", value.isoformat()]
    if isinstance(value, UUID):
        return ["id", str(value)]
    if isinstance(value, tuple):
        return ["list", *map(literal, value)]
    return value


def load(tree: Any) -> ast.expr:
    """The tree that `dump` wrote; raises Invalid's cousins (LookupError …) for anything else."""
    if not isinstance(tree, list):
        return constant(tree, 0)
    head, *rest = tree
    if head in _READERS:
        return constant(_READERS[head](rest[0]), 0)
    if head == "f":
        return mark(ast.Name(id=rest[0], ctx=ast.Load(), **_PLACE), rest[1])
    if head.startswith("@"):
        return Given(id=head, ctx=ast.Load(), **_PLACE)
    operands = [load(item) for item in rest]
    if head == "list":
        return ast.List(elts=operands, ctx=ast.Load(), **_PLACE)
    if head == "if":
        return ast.IfExp(test=operands[0], body=operands[1], orelse=operands[2], **_PLACE)
    if head in _OPERATORS:
        return _operation(_OPERATORS[head](), operands)
    return call(FUNCTIONS[head].key, operands, 0)


def _operation(operator: ast.AST, operands: list[ast.expr]) -> ast.expr:
    if isinstance(operator, ast.boolop):
        return ast.BoolOp(op=operator, values=operands, **_PLACE)
    if isinstance(operator, ast.unaryop):
        return ast.UnaryOp(op=operator, operand=operands[0], **_PLACE)
    if isinstance(operator, ast.cmpop):
        return ast.Compare(left=operands[0], ops=[operator], comparators=operands[1:], **_PLACE)
    assert isinstance(operator, ast.operator)  # noqa: S101 (the table holds four sorts)
    return ast.BinOp(left=operands[0], op=operator, right=operands[1], **_PLACE)


_READERS: dict[str, Any] = {
    "n": Decimal, "d": date.fromisoformat, "t": datetime.fromisoformat, "id": UUID,
}  # fmt: skip
