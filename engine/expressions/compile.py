"""From text to an `Expression`: names and kinds checked, every overload decided.

After this the tree is homogeneous, so the backends (Python, two SQL dialects, the browser) need no
overloads: arithmetic is on numbers only, `&` is `concat` of texts, a date plus a number is
`add_days`, a text next to a date or an id has become a date or an id, `if` is a conditional,
`today()` and `now()` are given names, and functions that need the time zone get it as an argument.
"""

from __future__ import annotations

import ast
import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from engine.expressions.calls import CallChecks
from engine.expressions.coerce import coerced
from engine.expressions.grammar import call, parse
from engine.expressions.kinds import (
    LABELS,
    ORDERED,
    Given,
    Kind,
    ResultKind,
    common_kind,
    kind_of,
    mark,
)
from engine.kernel.errors import Problem, raise_invalid

Names = Mapping[str, Kind] | Callable[[str], Kind | None]


@dataclass(frozen=True)
class Expression:
    """A checked expression. `names` are the scope's names that it reads, dotted ones whole.

    `kind` is "null" for the bare literal and "any" where names of kind "any" leave it open.
    `is_volatile` says that it reads the clock, so that its value must not be stored.
    """

    text: str
    tree: ast.expr = field(repr=False, compare=False)
    names: frozenset[str]
    kind: ResultKind
    is_volatile: bool


def compile(text: str, names: Names, *, expects: Kind | None = None) -> Expression:
    """Check an expression; raises Invalid with every problem found, each at its offset.

    `names` says of what kind a name is: a mapping, or a function that answers None for a name that
    isn't there. `expects` is the kind that the result must have (null fits every kind).
    """
    checker = _Checker(names)
    tree = checker.checked(parse(text))
    if expects is not None:
        tree = coerced(tree, expects)
        checker.problems += _unfit(tree, expects)
    raise_invalid(checker.problems)
    return Expression(
        text, tree, frozenset(checker.names), kind_of(tree), is_volatile=checker.is_volatile
    )


def _unfit(tree: ast.expr, expects: Kind) -> list[Problem]:
    kind = kind_of(tree)
    if common_kind(kind, expects) is not None:
        return []
    return [Problem("expression.expects", {"expected": LABELS[expects], "kind": LABELS[kind]}, (0,))]


class _Checker(CallChecks):
    """Walks a tree once; each method gives back the node to use instead."""

    def __init__(self, names: Names) -> None:
        self.known = names if isinstance(names, Mapping) else {}
        self.find = names.get if isinstance(names, Mapping) else names
        self.problems: list[Problem] = []
        self.names: set[str] = set()
        self.is_volatile = False

    def problem(self, code: str, node: ast.expr, **values: object) -> None:
        self.problems.append(Problem(f"expression.{code}", values, (node.col_offset,)))

    def checked(self, node: ast.expr) -> ast.expr:
        if isinstance(node, ast.Constant):
            return mark(node, _constant_kind(node.value))
        if isinstance(node, ast.Name):
            return self.name(node)
        if isinstance(node, ast.List):
            return self.list(node)
        if isinstance(node, ast.UnaryOp):
            return self.unary(node)
        if isinstance(node, ast.BinOp):
            return self.arithmetic(node)
        if isinstance(node, ast.BoolOp):
            node.values = [self.condition(value) for value in node.values]
            return mark(node, "yes_no")
        if isinstance(node, ast.Compare):
            return self.comparison(node)
        if isinstance(node, ast.Call):
            return self.call(node)
        raise TypeError(type(node).__name__)  # pragma: no cover (the grammar has no other nodes)

    def name(self, node: ast.Name) -> ast.expr:
        kind = self.find(node.id)
        if kind is not None:
            self.names.add(node.id)
            return mark(node, kind)
        near = difflib.get_close_matches(node.id, self.known, 1)
        if near:
            self.problem("unknown_name_near", node, name=node.id, near=near[0])
        else:
            self.problem("unknown_name", node, name=node.id)
        return mark(node, "any")

    def given(self, name: str, kind: Kind, node: ast.expr) -> ast.expr:
        self.is_volatile = self.is_volatile or name != "@zone"
        return mark(Given(id=name, ctx=ast.Load(), lineno=1, col_offset=node.col_offset), kind)

    def list(self, node: ast.List) -> ast.expr:
        node.elts = [self.checked(item) for item in node.elts]
        if len(node.elts) == 1 and kind_of(node.elts[0]) == "list":
            return node.elts[0]
        for item in node.elts:
            if common_kind(kind_of(item), "text") is None:
                self.problem("list_entry", item, kind=LABELS[kind_of(item)])
        return mark(node, "list")

    def unary(self, node: ast.UnaryOp) -> ast.expr:
        if isinstance(node.op, ast.Not):
            node.operand = self.condition(node.operand)
            return mark(node, "yes_no")
        node.operand = self.checked(node.operand)
        self.need(node.operand, "number", node)
        if isinstance(node.op, ast.UAdd):
            return node.operand
        if isinstance(node.operand, ast.Constant) and node.operand.value is not None:
            node.operand.value = -node.operand.value  # type: ignore[operator]
            return node.operand
        return mark(node, "number")

    def condition(self, node: ast.expr) -> ast.expr:
        node = self.checked(node)
        if common_kind(kind_of(node), "yes_no") is None:
            self.problem("condition", node, kind=LABELS[kind_of(node)])
        return node

    def need(self, node: ast.expr, kind: Kind, place: ast.expr) -> None:
        if common_kind(kind_of(node), kind) is None:
            self.problem("operand", place, kind=LABELS[kind_of(node)])

    def arithmetic(self, node: ast.BinOp) -> ast.expr:
        left, right = self.checked(node.left), self.checked(node.right)
        node.left, node.right = left, right
        kinds = kind_of(left), kind_of(right)
        if "date" in kinds or "datetime" in kinds:
            return self.moved(node)
        if "text" in kinds and isinstance(node.op, ast.Add):
            self.problem("join_texts", node)
        else:
            self.need(left, "number", node)
            self.need(right, "number", node)
        return mark(node, "number")

    def moved(self, node: ast.BinOp) -> ast.expr:
        """A date or moment plus or minus days, or the days between two dates."""
        left, right, place = node.left, node.right, node.col_offset
        kinds = kind_of(left), kind_of(right)
        if isinstance(node.op, ast.Add):
            if kinds[0] not in ("date", "datetime"):
                left, right = right, left
        elif kinds == ("date", "date"):
            return mark(call("days_between", (right, left), place), "number")
        elif kinds == ("datetime", "datetime"):
            self.problem("subtract_moments", node)
            return mark(node, "number")
        else:
            minus = ast.UnaryOp(op=ast.USub(), operand=right, lineno=1, col_offset=place)
            right = mark(minus, kind_of(right))
        if not isinstance(node.op, (ast.Add, ast.Sub)) or kind_of(left) not in ("date", "datetime"):
            kind = "date" if "date" in kinds else "datetime"
            self.problem("operand", node, kind=LABELS[kind])
            return mark(node, "number")
        self.need(right, "number", node)
        return mark(call("add_days", (left, right), place), kind_of(left))

    def comparison(self, node: ast.Compare) -> ast.expr:
        if isinstance(node.ops[0], (ast.In, ast.NotIn)):
            return self.membership(node)
        left, right = self.checked(node.left), self.checked(node.comparators[0])
        right = coerced(right, kind_of(left))
        left = coerced(left, kind_of(right))
        node.left, node.comparators = left, [right]
        kind = common_kind(kind_of(left), kind_of(right))
        if kind is None:
            self.mismatch(node, kind_of(left), kind_of(right))
        elif not isinstance(node.ops[0], (ast.Eq, ast.NotEq)) and kind not in ORDERED:
            self.problem("not_ordered", node, kind=LABELS[kind])
        return mark(node, "yes_no")

    def membership(self, node: ast.Compare) -> ast.expr:
        """`x in ("a", "b")` over entries of x's kind, or `x in tags` over a list."""
        left, right = self.checked(node.left), node.comparators[0]
        if isinstance(right, ast.List):
            right = self.entries(right, left)
            if isinstance(right, ast.List):
                for item in right.elts:
                    left = coerced(left, kind_of(item))
        else:
            right = self.checked(right)
        if common_kind(kind_of(right), "list") is None:
            self.problem("in_list", node, kind=LABELS[kind_of(right)])
        elif not isinstance(right, ast.List) and common_kind(kind_of(left), "text") is None:
            self.mismatch(node, kind_of(left), "text")
        node.left, node.comparators = left, [right]
        return mark(node, "yes_no")

    def entries(self, node: ast.List, left: ast.expr) -> ast.expr:
        items = [coerced(self.checked(item), kind_of(left)) for item in node.elts]
        if len(items) == 1 and kind_of(items[0]) == "list" != kind_of(left):
            return items[0]
        for item in items:
            if common_kind(kind_of(left), kind_of(item)) is None:
                self.mismatch(item, kind_of(left), kind_of(item))
        node.elts = items
        return mark(node, "list")

    def mismatch(self, node: ast.expr, left: ResultKind, right: ResultKind) -> None:
        code = "date_and_moment" if {left, right} == {"date", "datetime"} else "mismatch"
        self.problem(code, node, left=LABELS[left], right=LABELS[right])


def _constant_kind(value: object) -> ResultKind:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "yes_no"
    return "text" if isinstance(value, str) else "number"
