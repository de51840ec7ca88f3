"""Guards taken apart: a boolean combination of conditions that look at one name each.

That is the fragment in which gaps and overlaps can be decided exactly. What lies outside of it (two
fields compared, arithmetic, the clock) makes a guard "not analysed", which is said, never passed over.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from engine.definitions.cells import MEMBER
from engine.expressions import Expression, evaluate
from engine.kernel.errors import Invalid

_TESTS = {"is_blank"}


@dataclass(frozen=True, eq=False)
class Atom:
    """A condition on one name; `constants` are what it compares the name with.

    For a question of membership (`has_role("sales")`) the name is that of the question itself.
    """

    name: str
    tree: ast.expr
    constants: tuple[Any, ...] = ()
    is_ordered: bool = False
    is_member: bool = False


@dataclass(frozen=True, eq=False)
class Joined:
    """`and`, `or` or `not` over parts, or a fixed truth (`true` and `false` have no parts)."""

    operator: Literal["and", "or", "not", "true", "false"]
    parts: tuple[Guard, ...] = field(default_factory=tuple)


Guard = Atom | Joined


class NotAnalysed(Exception):
    """The guard lies outside of the fragment."""


def guard_of(expression: Expression) -> Guard:
    """The guard of a checked condition; raises NotAnalysed."""
    return _guard(expression.tree)


def atoms_of(guard: Guard) -> tuple[Atom, ...]:
    """All conditions of a guard."""
    if isinstance(guard, Atom):
        return (guard,)
    return tuple(atom for part in guard.parts for atom in atoms_of(part))


def _guard(tree: ast.expr) -> Guard:
    if isinstance(tree, ast.BoolOp):
        operator: Literal["and", "or"] = "and" if isinstance(tree.op, ast.And) else "or"
        return Joined(operator, tuple(_guard(value) for value in tree.values))
    if isinstance(tree, ast.UnaryOp) and isinstance(tree.op, ast.Not):
        return Joined("not", (_guard(tree.operand),))
    if not any(isinstance(node, ast.Name) for node in ast.walk(tree)):
        return Joined("true" if _fixed(tree) else "false")
    if isinstance(tree, ast.IfExp):
        test, body, otherwise = _guard(tree.test), _guard(tree.body), _guard(tree.orelse)
        return Joined("or", (Joined("and", (test, body)), Joined("and", (Joined("not", (test,)), otherwise))))
    if isinstance(tree, ast.Name) and not tree.id.startswith("@"):
        return Atom(tree.id, tree)
    if isinstance(tree, ast.Compare):
        return _comparison(tree)
    if isinstance(tree, ast.Call) and isinstance(tree.func, ast.Name) and tree.func.id in _TESTS:
        return Atom(_name(tree.args[0]), tree)
    raise NotAnalysed


def _fixed(tree: ast.expr) -> Any:
    """The value of what names nothing; raises NotAnalysed where it has none."""
    expression = Expression("", tree, frozenset(), "yes_no", is_volatile=False)
    try:
        return evaluate(expression, {}, now=datetime(2000, 1, 1, tzinfo=UTC))
    except Invalid:
        raise NotAnalysed from None


def _comparison(tree: ast.Compare) -> Guard:
    left, right, operator = tree.left, tree.comparators[0], tree.ops[0]
    if isinstance(operator, (ast.In, ast.NotIn)):
        if isinstance(left, ast.Constant) and isinstance(left.value, str) and isinstance(right, ast.Name):
            atom = Atom(f"{right.id}{MEMBER}{left.value}", tree, is_member=True)
            return atom if isinstance(operator, ast.In) else Joined("not", (atom,))
        return Atom(_name(left), tree, _constants(right))
    if isinstance(left, ast.Constant) and not isinstance(right, ast.Constant):
        left, right = right, left
    is_ordered = not isinstance(operator, (ast.Eq, ast.NotEq))
    return Atom(_name(left), tree, _constants(right), is_ordered=is_ordered)


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Name) and not node.id.startswith("@"):
        return node.id
    raise NotAnalysed


def _constants(node: ast.expr) -> tuple[Any, ...]:
    items = node.elts if isinstance(node, ast.List) else [node]
    if all(isinstance(item, ast.Constant) for item in items):
        return tuple(item.value for item in items if isinstance(item, ast.Constant))
    raise NotAnalysed
