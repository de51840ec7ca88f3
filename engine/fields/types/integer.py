"""Whole numbers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import BigInteger
from sqlalchemy.types import TypeEngine

from engine.fields.exact_numbers import parse_number, range_problems
from engine.fields.field_type import FieldType, Option, Options
from engine.fields.number_schemas import number_schema, ordered
from engine.kernel.errors import Problem


class Integer(FieldType[int]):
    """A count: pieces, days, heads."""

    key = "integer"
    kind = "number"
    widget = "number"
    options = (Option("minimum", "integer"), Option("maximum", "integer"))
    samples = (0, 7, -3, "42", "+8", "１２", 5.0, "12.00")

    def column(self, options: Options) -> TypeEngine[Any]:
        return BigInteger()

    def parse(self, raw: object, options: Options) -> int:
        if type(raw) is int and -(10**18) < raw < 10**18:
            return raw
        number = parse_number(raw, 0)
        if number is None:
            raise self.unreadable(raw)
        return int(number)

    def check(self, value: int, options: Options) -> Iterable[Problem]:
        return range_problems(value, options["minimum"], options["maximum"])

    def dump(self, value: int, options: Options) -> int:
        return int(value)

    def schema(self, options: Options) -> dict[str, Any]:
        return number_schema(0, options["minimum"], options["maximum"])

    def lint(self, options: Options) -> Iterable[Problem]:
        """The lower bound is below the upper one."""
        return ordered(options["minimum"], options["maximum"])
