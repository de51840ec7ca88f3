"""What can be asked of a field in a filter, and how that reads as an expression.

Operators follow from a field's kind, so a new field type has its filters at once. Texts from people
never reach an expression but as a quoted literal, a plain number or a date; a field's key is checked
to be one. The periods are by calendar, weeks begin on Monday, and today is by the zone in which
the expression is evaluated.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from engine.fields.capabilities import Offers
from engine.fields.derived import effective
from engine.fields.exact_numbers import SCALES, dump_number, parse_number
from engine.fields.field_type import FieldType, Options, shown
from engine.fields.ids import parse_id
from engine.fields.moments import parse_date, parse_moment
from engine.fields.plain_texts import parse_line
from engine.kernel.errors import Invalid, Problem
from engine.kernel.registry import Registry

Values = Literal["none", "one", "two", "many"]
Write = Callable[[str, list[str]], str]

TEXT_LIMIT = 1000
MANY_LIMIT = 39
DAYS_LIMIT = 36500
_is_path = re.compile(r"[a-z][a-z0-9_]{0,62}(?:\.[a-z][a-z0-9_]{0,62}){0,3}").fullmatch


@dataclass(frozen=True)
class Operator:
    """One question. Its label is the message `field_operator.<key>`.

    `faces` are the kinds of field it can be asked of: kinds of expressions, and "choice" for a text
    that is one of a list, "user" and "department" for references to those. `values` says how many
    arguments it takes; `write` makes the expression from the field's name and the arguments, which
    are expressions already.
    """

    key: str
    faces: tuple[str, ...]
    values: Values
    write: Write
    takes_days: bool = False

    @property
    def label(self) -> str:
        """Code of the label."""
        return f"field_operator.{self.key}"


_PLAIN = ("text", "choice", "number", "reference", "user", "department")
_REFERENCES = ("reference", "user", "department")
_DATES = ("date", "datetime")
_ALL = (*_PLAIN, *_DATES, "yes_no", "list", "file")


def _compare(sign: str) -> Write:
    return lambda name, values: f"{name} {sign} {values[0]}"


def _call(function: str) -> Write:
    return lambda name, values: f"{function}({', '.join((name, *values))})"


def _deny(write: Write) -> Write:
    return lambda name, values: f"not {write(name, values)}"


def _among(word: str) -> Write:
    return lambda name, values: f"{name} {word} [{', '.join(values)}]"


def _span(first: str, last: str) -> Write:
    """From one day to before another, both expressions."""
    return lambda name, _: f"{name} >= {first} and {name} < {last}"


def _within(name: str, values: list[str]) -> str:
    return f"{name} >= {values[0]} and {name} <= {values[1]}"


_MONDAY = "add_days(today(), 1 - weekday(today()))"
_FIRST = "start_of_month(today())"
_QUARTER = f"add_months({_FIRST}, 0 - mod(month(today()) - 1, 3))"
_YEAR = "date(year(today()), 1, 1)"


def _later(start: str, function: str, count: int) -> str:
    return f"{function}({start}, {count})" if count else start


def _periods(unit: str, start: str, function: str, step: int = 1) -> Iterable[Operator]:
    for word, count in (("last", -step), ("this", 0), ("next", step)):
        first, last = _later(start, function, count), _later(start, function, count + step)
        yield Operator(f"{word}_{unit}", _DATES, "none", _span(first, last))


OPERATORS: Registry[Operator] = Registry(
    "filter operators",
    (
        Operator("equals", (*_PLAIN, *_DATES), "one", _compare("=")),
        Operator("not_equals", (*_PLAIN, *_DATES), "one", _compare("<>")),
        Operator("contains", ("text",), "one", _call("contains")),
        Operator("lacks", ("text",), "one", _deny(_call("contains"))),
        Operator("starts_with", ("text",), "one", _call("starts_with")),
        Operator("ends_with", ("text",), "one", _call("ends_with")),
        Operator("one_of", ("text", "choice", *_REFERENCES), "many", _among("in")),
        Operator("none_of", ("text", "choice", *_REFERENCES), "many", _among("not in")),
        Operator("more_than", ("number",), "one", _compare(">")),
        Operator("at_least", ("number",), "one", _compare(">=")),
        Operator("less_than", ("number",), "one", _compare("<")),
        Operator("at_most", ("number",), "one", _compare("<=")),
        Operator("after", _DATES, "one", _compare(">")),
        Operator("on_or_after", _DATES, "one", _compare(">=")),
        Operator("before", _DATES, "one", _compare("<")),
        Operator("on_or_before", _DATES, "one", _compare("<=")),
        Operator("between", ("number", *_DATES), "two", _within),
        Operator("is_yes", ("yes_no",), "none", lambda name, _: f"{name} = true"),
        Operator("is_no", ("yes_no",), "none", lambda name, _: f"not ({name} = true)"),
        Operator("has_any", ("list",), "many", _call("has_any")),
        Operator("has_all", ("list",), "many", _call("has_all")),
        Operator("has_none", ("list",), "many", _deny(_call("has_any"))),
        Operator("is_me", ("user",), "none", lambda name, _: f"{name} = actor.id"),
        Operator(
            "is_mine", ("department",), "none", lambda name, _: f"{name} = actor.department"
        ),
        Operator("today", _DATES, "none", lambda name, _: f"{name} = today()"),
        Operator("yesterday", _DATES, "none", lambda name, _: f"{name} = add_days(today(), -1)"),
        Operator("tomorrow", _DATES, "none", lambda name, _: f"{name} = add_days(today(), 1)"),
        Operator(
            "last_days", _DATES, "one", takes_days=True,
            write=lambda name, values: (
                f"{name} >= add_days(today(), 0 - {values[0]}) and {name} <= today()"
            ),
        ),
        Operator(
            "next_days", _DATES, "one", takes_days=True,
            write=lambda name, values: (
                f"{name} >= today() and {name} <= add_days(today(), {values[0]})"
            ),
        ),
        *_periods("week", _MONDAY, "add_days", 7),
        *_periods("month", _FIRST, "add_months"),
        *_periods("quarter", _QUARTER, "add_months", 3),
        *_periods("year", _YEAR, "add_years"),
        Operator("is_blank", _ALL, "none", _call("is_blank")),
        Operator("is_filled", _ALL, "none", _deny(_call("is_blank"))),
    ),
)  # fmt: skip
OPERATORS.freeze()
"""All operators, in the order in which they are offered."""


def face_of(type_: FieldType[Any], options: Options) -> str:
    """What a field is to a filter: its kind, or more exactly "choice", "user", "department"."""
    shape, _ = effective(type_, options)
    if shape.key in {"user", "department"}:
        return shape.key
    return "choice" if isinstance(shape, Offers) and shape.kind == "text" else shape.kind


def operators_of(type_: FieldType[Any], options: Options) -> tuple[Operator, ...]:
    """What can be asked of a field; nothing of owned rows."""
    face = face_of(type_, options)
    return tuple(operator for operator in OPERATORS if face in operator.faces)


def to_expression(operator: str, field: str, arguments: Sequence[object], face: str) -> str:
    """The condition as expression text, in brackets where it consists of several parts.

    `face` is a kind or a face (`face_of`). Raises Invalid (`field_operator.*`, or the field type's
    own code for an argument that can't be read).
    """
    found = OPERATORS.find(operator)
    if found is None or not any(face == each or _kind(each) == face for each in found.faces):
        raise Invalid(Problem("field_operator.unknown", {"operator": shown(operator)}))
    if not _is_path(field):
        raise Invalid(Problem("field_operator.field", {"field": shown(field)}))
    values = [_literal(raw, found, _kind(face)) for raw in _given(found, arguments)]
    name = f"to_date({field})" if face == "datetime" and found.key not in _EMPTINESS else field
    text = found.write(name, values)
    return f"({text})" if " and " in text or text.startswith("not ") else text


def all_of(conditions: Iterable[str]) -> str:
    """Conditions joined: all of them must hold."""
    return " and ".join(conditions)


_EMPTINESS = {"is_blank", "is_filled"}
_KINDS = {"choice": "text", "user": "reference", "department": "reference"}


def _kind(face: str) -> str:
    return _KINDS.get(face, face)


def _given(operator: Operator, arguments: Sequence[object]) -> list[object]:
    if operator.values == "many":
        listed = arguments[0] if len(arguments) == 1 else arguments
        found = list(listed) if isinstance(listed, (list, tuple)) else [listed]
        if not 1 <= len(found) <= MANY_LIMIT:
            raise Invalid(Problem("field_operator.values", {"count": MANY_LIMIT}))
        return found
    count = {"none": 0, "one": 1, "two": 2}[operator.values]
    if len(arguments) != count:
        raise Invalid(Problem("field_operator.arguments", {"count": count}))
    return list(arguments)


def _literal(raw: object, operator: Operator, kind: str) -> str:
    """One argument as an expression."""
    if operator.takes_days:
        return _days(raw)
    if kind == "number":
        number = parse_number(raw, SCALES)
        if number is None:
            raise _unreadable("decimal", raw)
        return dump_number(number.normalize())
    if kind in {"date", "datetime"}:
        return _day(raw)
    if kind == "reference":
        found = parse_id(raw)
        if found is None:
            raise _unreadable("reference", raw)
        return f'"{found}"'
    if not isinstance(raw, str):
        raise _unreadable("text", raw)
    return json.dumps(parse_line(raw, TEXT_LIMIT), ensure_ascii=False)


def _day(raw: object) -> str:
    day = parse_date(raw)
    if day is None and (moment := parse_moment(raw)) is not None:
        day = moment.date()
    if day is None:
        raise _unreadable("date", raw)
    return f'"{day}"'


def _days(raw: object) -> str:
    number = parse_number(raw, 0)
    if number is None or not 0 <= number <= DAYS_LIMIT:
        raise Invalid(Problem("field_operator.days", {"count": DAYS_LIMIT}))
    return str(int(number))


def _unreadable(type_key: str, raw: object) -> Invalid:
    return Invalid(Problem(f"field.{type_key}.unreadable", {"value": shown(raw)}))
