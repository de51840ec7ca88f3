"""An expression as a sentence that people of the business read: labels for names, words for signs."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from engine.definitions.model import Field, Text
from engine.definitions.names import Names
from engine.definitions.paths import DEPARTMENT, USER, fields_on_path
from engine.expressions import Expression
from engine.expressions.kinds import Given, kind_of
from engine.fields import effective
from engine.fields.capabilities import Offers, Refers
from engine.kernel.messages import catalogue, pick, translate

Titles = Callable[[str, UUID], str | None]
"""What a record of an entity ("@user", "@department" too) is called."""

_COMPARED: dict[type[ast.AST], str] = {
    ast.Eq: "is", ast.NotEq: "is_not", ast.Gt: "more", ast.GtE: "at_least", ast.Lt: "less", ast.LtE: "at_most",
    ast.In: "in", ast.NotIn: "not_in",
}  # fmt: skip
_SIGNS: dict[type[ast.AST], str] = {ast.Add: "+", ast.Sub: "−", ast.Mult: "×", ast.Div: "÷"}
_POWERS: dict[type[ast.AST], int] = {ast.Add: 1, ast.Sub: 1, ast.Mult: 2, ast.Div: 2}
_BY_DATE = frozenset({"more", "at_least", "less", "at_most"})
"""Days are before and after each other, not smaller and larger."""
_NEGATED = {"contains": "not_contains", "is_blank": "filled", "has_any": "has_none", "starts_with": "not_starts_with", "ends_with": "not_ends_with"}
_ZONE = "@zone"
_AROUND_WIDE = re.compile(r" ?([（，])| *([）]) ?")
"""Full-width signs bring their own room."""
_ROOTS = ("actor", "initiator", "person", "link")


def in_words(
    expression: Expression, names: Names, language: str, *, titles: Titles | None = None,
    roles: Mapping[str, Text] | None = None, timezone: str = "UTC", about: str = "",
) -> str:  # fmt: skip
    """The expression as a sentence; `titles` says what records are called, `roles` what roles are.

    `about` is the name of the field that gets the value: it says how a fixed value reads.
    """
    teller = _Teller(names, language, titles or (lambda _, __: None), roles or {}, timezone)
    told = teller.told(expression.tree, ast.Name(id=about, ctx=ast.Load()) if about else None)
    return _AROUND_WIDE.sub(r"\1\2", told)


class _Teller:
    def __init__(self, names: Names, language: str, titles: Titles, roles: Mapping[str, Text], timezone: str) -> None:
        self.names = names
        self.language = language
        self.titles = titles
        self.roles = roles
        self.timezone = timezone

    def say(self, code: str, **values: object) -> str:
        return translate(f"words.{code}", values, self.language)

    def told(self, node: ast.expr, about: ast.expr | None = None) -> str:  # noqa: PLR0911 (one return for each sort of node)
        """`about` is what a value is compared with: it says how the value reads."""
        if isinstance(node, ast.Constant):
            return self.value(node.value, about)
        if isinstance(node, Given):
            return self.say("today" if node.id == "@today" else "now")
        if isinstance(node, ast.Name):
            return self.name(node.id)
        if isinstance(node, ast.List):
            return self.listed([self.told(item, about) for item in node.elts])
        if isinstance(node, ast.BoolOp):
            return self.joined(node)
        if isinstance(node, ast.UnaryOp):
            return self.negated(node.operand) if isinstance(node.op, ast.Not) else f"−{self.inner(node.operand)}"
        if isinstance(node, ast.BinOp):
            return self.calculated(node)
        if isinstance(node, ast.Compare):
            return self.compared(node)
        if isinstance(node, ast.IfExp):
            return self.say("if", condition=self.told(node.test), then=self.told(node.body, about), otherwise=self.told(node.orelse, about))
        assert isinstance(node, ast.Call)  # noqa: S101 (the grammar has no other nodes)
        return self.called(node)

    def joined(self, node: ast.BoolOp) -> str:
        parts = [self.bracketed(item) if isinstance(item, ast.BoolOp) else self.told(item) for item in node.values]
        return self.say("and" if isinstance(node.op, ast.And) else "or").join(parts)

    def bracketed(self, node: ast.expr) -> str:
        return self.say("brackets", inner=self.told(node))

    def inner(self, node: ast.expr) -> str:
        return self.bracketed(node) if isinstance(node, (ast.BinOp, ast.BoolOp, ast.IfExp)) else self.told(node)

    def negated(self, node: ast.expr) -> str:
        if isinstance(node, ast.Name):
            return self.say("no", left=self.told(node))
        name = _function(node)
        if isinstance(node, ast.Call) and name in _NEGATED:
            return self.called(node, _NEGATED[name])
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], (ast.In, ast.NotIn)) and _is_roles(node.comparators[0]):
            return self.has_role(node, is_in=isinstance(node.ops[0], ast.NotIn))
        return self.say("not", inner=self.told(node))

    def calculated(self, node: ast.BinOp) -> str:
        power = _POWERS[type(node.op)]
        # What stands right of a minus or a division keeps its brackets: a - (b - c) is another thing.
        is_strict = isinstance(node.op, (ast.Sub, ast.Div))
        return f"{self.operand(node.left, power)} {_SIGNS[type(node.op)]} {self.operand(node.right, power + is_strict)}"

    def operand(self, node: ast.expr, power: int) -> str:
        is_weaker = isinstance(node, ast.BinOp) and _POWERS[type(node.op)] < power
        return self.bracketed(node) if is_weaker or isinstance(node, (ast.IfExp, ast.BoolOp, ast.Compare)) else self.told(node)

    def compared(self, node: ast.Compare) -> str:
        left, operator, right = node.left, node.ops[0], node.comparators[0]
        if isinstance(operator, (ast.In, ast.NotIn)):
            return self.membership(node)
        if isinstance(operator, ast.NotEq) and isinstance(left, ast.Name) and isinstance(right, ast.Name) and right.id == f"old.{left.id}":
            return self.say("changed", left=self.told(left))
        if isinstance(operator, (ast.Eq, ast.NotEq)) and isinstance(right, ast.Constant) and right.value is None:
            return self.say("blank" if isinstance(operator, ast.Eq) else "filled", left=self.told(left))
        code = _COMPARED[type(operator)]
        if code in _BY_DATE and {kind_of(left), kind_of(right)} & {"date", "datetime"}:
            code += "_date"
        return self.say(code, left=self.told(left, right), right=self.told(right, left))

    def membership(self, node: ast.Compare) -> str:
        left, right, is_in = node.left, node.comparators[0], isinstance(node.ops[0], ast.In)
        if _is_roles(right):
            return self.has_role(node, is_in=is_in)
        if not isinstance(right, ast.List):
            code = "has_any" if is_in else "has_none"
            return self.say(code, left=self.told(right), right=self.told(left, right))
        return self.say("in" if is_in else "not_in", left=self.told(left), right=self.told(right, left))

    def has_role(self, node: ast.Compare, *, is_in: bool) -> str:
        role = node.left.value if isinstance(node.left, ast.Constant) else None
        label = pick(self.roles.get(str(role)), self.language) or self.told(node.left)
        return self.say("has_role" if is_in else "has_no_role", role=label)

    def called(self, node: ast.Call, code: str = "") -> str:
        name = _function(node)
        arguments = [item for item in node.args if not (isinstance(item, Given) and item.id == _ZONE)]
        if name == "concat":
            return " & ".join(self.inner(item) for item in arguments)
        if name == "add_days":
            return self.moved(arguments[0], arguments[1])
        known = f"words.{code or name}"
        if known in catalogue(self.language) and arguments:
            left, *more = arguments
            right = self.listed([self.told(item, left) for item in more])
            return translate(known, {"left": self.told(left), "right": right}, self.language)
        return self.say("call", name=name, arguments=(", " if not self.language.startswith("zh") else "，").join(self.told(item) for item in arguments))

    def moved(self, start: ast.expr, days: ast.expr) -> str:
        """A day some days from another one."""
        before = isinstance(days, ast.UnaryOp) and isinstance(days.op, ast.USub)
        number = days.operand if isinstance(days, ast.UnaryOp) and before else days
        if isinstance(number, ast.Constant) and isinstance(number.value, Decimal):
            before = before != (number.value < 0)
            count = abs(number.value)
            return self.say("days_before" if before else "days_after", count=int(count) if count == int(count) else count, start=self.told(start))
        return f"{self.inner(start)} {'−' if before else '+'} {self.inner(number)}"

    def listed(self, items: list[str]) -> str:
        return self.say("list_between").join(items)

    def name(self, name: str) -> str:
        """A name as labels: own fields bare, steps joined, what is no field by its own words."""
        special = {"is_new()": "is_new", "actor.roles": "roles"}.get(name)
        if special:
            return self.say(special)
        root, _, rest = name.partition(".")
        place = self.names.entity_path(name)
        if place is None and root not in _ROOTS:
            return name
        if place is None:
            labels = [self.say(f"root_{root}")] if root != "actor" else []
            step = f"words.{root}_{rest}" if root == "actor" else f"words.person_{rest.split('.')[-1]}"
            return self.say("step").join([*labels, *([translate(step, {}, self.language)] if rest else [])])
        found = [pick(self.names.entities[owner].fields[key].label, self.language) or key for owner, key in fields_on_path(self.names.entities, *place)]
        steps = place[1].split(".")
        found += [self.step(step) for step in steps[len(found):]]
        prefix = [self.say(f"root_{root}")] if root != steps[0] and root in ("old", "record") else []
        return self.say("step").join([*prefix, *found])

    def step(self, key: str) -> str:
        """A step into a user or a department."""
        code = f"words.person_{key}"
        return translate(code, {}, self.language) if code in catalogue(self.language) else key

    def value(self, value: object, about: ast.expr | None) -> str:
        if value is None:
            return self.say("nothing")
        if isinstance(value, bool):
            return self.say("true" if value else "false")
        if isinstance(value, Decimal):
            shown = f"{value:,f}"
            field = self.field(about)
            return f"{shown}%" if field is not None and effective(field.type, field.options)[0].key == "percent" else shown
        if isinstance(value, datetime):
            return value.astimezone(ZoneInfo(self.timezone)).strftime("%Y-%m-%d %H:%M")
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, UUID):
            return self.titles(self.target(about), value) or self.say("a_record")
        return self.text(str(value), about)

    def text(self, text: str, about: ast.expr | None) -> str:
        field = self.field(about)
        if field is not None:
            shown, settings = effective(field.type, field.options)
            if isinstance(shown, Offers):
                label = next((option.get("label") for option in shown.choices(settings) if option["key"] == text), None)
                return pick(label, self.language) or text
        return self.say("quoted", text=text)

    def target(self, node: ast.expr | None) -> str:
        """What a name refers to."""
        field = self.field(node)
        if field is not None:
            shown, settings = effective(field.type, field.options)
            return shown.target(settings) if isinstance(shown, Refers) else ""
        last = node.id.rpartition(".")[2] if isinstance(node, ast.Name) else ""
        return DEPARTMENT if last in ("department", "parent") else USER

    def field(self, node: ast.expr | None) -> Field | None:
        if not isinstance(node, ast.Name):
            return None
        place = self.names.entity_path(node.id)
        pairs = fields_on_path(self.names.entities, *place) if place else ()
        if not place or len(pairs) != len(place[1].split(".")):
            return None
        owner, key = pairs[-1]
        return self.names.entities[owner].fields[key]


def _function(node: ast.expr) -> str:
    return node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""


def _is_roles(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "actor.roles"
