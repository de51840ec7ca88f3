"""Shares of a hundred."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal as Exactly
from typing import Any

from sqlalchemy.types import TypeEngine

from engine.fields.column_types import Exact
from engine.fields.exact_numbers import SCALES, dump_number, parse_number, range_problems
from engine.fields.field_type import FieldType, Option, Options
from engine.fields.number_schemas import number_schema, ordered
from engine.kernel.errors import Problem


class Percent(FieldType[Exactly]):
    """A percentage as people write it: 12.5 means 12.5 %, not 0.125."""

    key = "percent"
    kind = "number"
    widget = "percent"
    options = (
        Option("scale", "integer", default=2, settings={"minimum": 0, "maximum": SCALES}),
        Option("minimum", "constant_number"),
        Option("maximum", "constant_number"),
    )
    samples = ("12.5", 100, "-3.25")

    def column(self, options: Options) -> TypeEngine[Any]:
        return Exact(options["scale"])

    def parse(self, raw: object, options: Options) -> Exactly:
        number = parse_number(raw, options["scale"])
        if number is None:
            raise self.unreadable(raw)
        return number

    def check(self, value: Exactly, options: Options) -> Iterable[Problem]:
        return range_problems(value, options["minimum"], options["maximum"])

    def dump(self, value: Exactly, options: Options) -> str:
        return dump_number(value)

    def schema(self, options: Options) -> dict[str, Any]:
        return number_schema(options["scale"], options["minimum"], options["maximum"])

    def lint(self, options: Options) -> Iterable[Problem]:
        """The lower bound is below the upper one."""
        return ordered(options["minimum"], options["maximum"])
