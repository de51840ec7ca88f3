"""Checking calls: how many arguments, of which kinds, and what the call becomes."""

from __future__ import annotations

import ast
import difflib
from abc import ABC, abstractmethod
from typing import cast

from engine.expressions.coerce import coerced
from engine.expressions.functions import FUNCTIONS, Function, Parameter
from engine.expressions.functions.records import IS_NEW, OLD, ROLES
from engine.expressions.grammar import call, constant
from engine.expressions.kinds import KINDS, LABELS, Kind, ResultKind, common_kind, kind_of, mark

_JOINED = ("number", "yes_no", "date", "datetime")


def name_of(node: ast.Call) -> str:
    """The name of the function called; our grammar has no other calls."""
    return node.func.id if isinstance(node.func, ast.Name) else ""


class CallChecks(ABC):
    """The half of the checker that deals with calls."""

    @abstractmethod
    def checked(self, node: ast.expr) -> ast.expr:
        """The node to use instead, its kind written down."""

    @abstractmethod
    def condition(self, node: ast.expr) -> ast.expr:
        """A node that must be yes or no."""

    @abstractmethod
    def problem(self, code: str, node: ast.expr, **values: object) -> None:
        """Note a problem at the node."""

    @abstractmethod
    def given(self, name: str, kind: Kind, node: ast.expr) -> ast.expr:
        """A value that the evaluation brings along."""

    def call(self, node: ast.Call) -> ast.expr:
        key = name_of(node)
        function = FUNCTIONS.find(key)
        if function is None:
            near = difflib.get_close_matches(key, FUNCTIONS.keys, 1)
            code = "unknown_function_near" if near else "unknown_function"
            self.problem(code, node, name=key, near=near[0] if near else "")
            node.args = [self.checked(argument) for argument in node.args]
            return mark(node, "any")
        if not self.is_counted(node, function):
            node.args = [self.checked(argument) for argument in node.args]
            return mark(node, "any")
        special = getattr(self, f"call_{key}", None)
        if special is not None:
            replaced: ast.expr = special(node)
            return replaced
        node.args = [self.checked(argument) for argument in node.args]
        return self.finished(node, function)

    def is_counted(self, node: ast.Call, function: Function) -> bool:
        count, least, most = len(node.args), function.least, function.most
        if least <= count and (most is None or count <= most):
            return True
        if most is None:
            self.problem("arguments_least", node, name=function.key, count=least)
        elif most == least:
            self.problem("arguments", node, name=function.key, count=least)
        else:
            self.problem("arguments_between", node, name=function.key, least=least, most=most)
        return False

    def finished(self, node: ast.Call, function: Function) -> ast.expr:
        """Check the kinds of the arguments; the call's kind follows."""
        groups: dict[str, ResultKind] = {}
        for index, (parameter, argument) in enumerate(self.pairs(node, function)):
            node.args[index] = self.read_as(argument, parameter.kinds)
        for parameter, argument in self.pairs(node, function):
            if parameter.group:
                kind = groups.setdefault(parameter.group, kind_of(argument))
                groups[parameter.group] = common_kind(kind, kind_of(argument)) or kind
        for index, (parameter, argument) in enumerate(self.pairs(node, function)):
            expected = groups.get(parameter.group)
            node.args[index] = self.fitted(argument, parameter, expected, function)
        if function.needs_zone:
            node.args.append(self.given("@zone", "text", node))
        kind = groups.get(function.returns, cast("ResultKind", function.returns))
        return mark(node, groups["date"] if function.key == "add_days" else kind)

    def pairs(self, node: ast.Call, function: Function) -> list[tuple[Parameter, ast.expr]]:
        return [
            (function.parameter(index), argument) for index, argument in enumerate(node.args)
        ]

    def read_as(self, node: ast.expr, kinds: tuple[ResultKind, ...]) -> ast.expr:
        """A text where none is taken, read as what is: "2026-11-24" as a date."""
        for kind in () if "text" in kinds else kinds:
            node = coerced(node, kind)
        return node

    def fitted(
        self, node: ast.expr, parameter: Parameter, expected: ResultKind | None, function: Function
    ) -> ast.expr:
        """The argument turned into what the parameter takes, where that is safe."""
        if expected is not None:
            node = coerced(node, expected)
        found = kind_of(node)
        if found in _JOINED and parameter.kinds == ("text",) and function.key == "concat":
            return self.as_text(node)
        if parameter.as_date and found == "datetime":
            zone = self.given("@zone", "text", node)
            return mark(call("to_date", (node, zone), node.col_offset), "date")
        fits = any(common_kind(found, kind) is not None for kind in parameter.kinds)
        if not fits:
            self.problem(
                "argument", node, name=function.key, parameter=parameter.key,
                kind=LABELS[found], expected=[LABELS[kind] for kind in parameter.kinds],
            )  # fmt: skip
        elif expected is not None and common_kind(found, expected) is None:
            self.problem("group", node, name=function.key, left=LABELS[expected], right=LABELS[found])
        return node

    def as_text(self, node: ast.expr) -> ast.expr:
        zone = self.given("@zone", "text", node)
        return mark(call("text", (node, zone), node.col_offset), "text")

    def call_if(self, node: ast.Call) -> ast.expr:
        test = self.condition(node.args[0])
        body = self.checked(node.args[1])
        if len(node.args) > 2:
            otherwise = self.checked(node.args[2])
        else:
            otherwise = mark(constant(None, node.col_offset), "null")
        otherwise = coerced(otherwise, kind_of(body))
        body = coerced(body, kind_of(otherwise))
        kind = common_kind(kind_of(body), kind_of(otherwise))
        if kind is None:
            self.problem(
                "group", node, name="if", left=LABELS[kind_of(body)], right=LABELS[kind_of(otherwise)]
            )
        chosen = ast.IfExp(
            test=test, body=body, orelse=otherwise, lineno=1, col_offset=node.col_offset
        )
        return mark(chosen, kind or "any")

    def call_case(self, node: ast.Call) -> ast.expr:
        """case(value, match, result, match, result, …, otherwise)."""
        function = FUNCTIONS["case"]
        arguments = [self.checked(argument) for argument in node.args]
        is_match = [
            index == 0 or (index % 2 == 1 and index < len(arguments) - 1)
            for index in range(len(arguments))
        ]
        kinds: dict[bool, ResultKind] = {True: "null", False: "null"}
        for index, argument in enumerate(arguments):
            kind = kinds[is_match[index]]
            kinds[is_match[index]] = common_kind(kind, kind_of(argument)) or kind
        node.args = [
            self.fitted(argument, Parameter("value", KINDS), kinds[is_match[index]], function)
            for index, argument in enumerate(arguments)
        ]
        return mark(node, kinds[False])

    def call_and(self, node: ast.Call) -> ast.expr:
        return self.joined(node, ast.And())

    def call_or(self, node: ast.Call) -> ast.expr:
        return self.joined(node, ast.Or())

    def joined(self, node: ast.Call, operator: ast.boolop) -> ast.expr:
        values = [self.condition(argument) for argument in node.args]
        joined = ast.BoolOp(op=operator, values=values, lineno=1, col_offset=node.col_offset)
        return mark(joined, "yes_no")

    def call_today(self, node: ast.Call) -> ast.expr:
        return self.given("@today", "date", node)

    def call_now(self, node: ast.Call) -> ast.expr:
        return self.given("@now", "datetime", node)

    def call_is_new(self, node: ast.Call) -> ast.expr:
        return self.read(IS_NEW, node)

    def call_is_changed(self, node: ast.Call) -> ast.expr:
        named = node.args[0]
        if not isinstance(named, ast.Name):
            self.problem("is_changed", node)
            return mark(node, "yes_no")
        now, before = self.checked(named), self.read(OLD + named.id, node)
        comparison = ast.Compare(
            left=now, ops=[ast.NotEq()], comparators=[before], lineno=1, col_offset=node.col_offset
        )
        return mark(comparison, "yes_no")

    def call_has_role(self, node: ast.Call) -> ast.expr:
        role, roles = self.checked(node.args[0]), self.read(ROLES, node)
        if common_kind(kind_of(role), "text") is None:
            self.problem(
                "argument", role, name="has_role", parameter="role",
                kind=LABELS[kind_of(role)], expected=LABELS["text"],
            )  # fmt: skip
        comparison = ast.Compare(
            left=role, ops=[ast.In()], comparators=[roles], lineno=1, col_offset=node.col_offset
        )
        return mark(comparison, "yes_no")

    def read(self, name: str, node: ast.expr) -> ast.expr:
        """A name that a function stands for."""
        return self.checked(ast.Name(id=name, ctx=ast.Load(), lineno=1, col_offset=node.col_offset))
