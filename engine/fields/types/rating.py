"""Stars."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import SmallInteger
from sqlalchemy.types import TypeEngine

from engine.fields.exact_numbers import parse_number, range_problems
from engine.fields.field_type import FieldType, Option, Options
from engine.fields.number_schemas import number_schema
from engine.kernel.errors import Problem


class Rating(FieldType[int]):
    """A judgement from 1 to a few; no stars at all is an empty field."""

    key = "rating"
    kind = "number"
    widget = "rating"
    options = (Option("maximum", "integer", default=5, settings={"minimum": 2, "maximum": 10}),)
    samples = (1, 5, "3")

    def column(self, options: Options) -> TypeEngine[Any]:
        return SmallInteger()

    def parse(self, raw: object, options: Options) -> int:
        number = parse_number(raw, 0)
        if number is None:
            raise self.unreadable(raw)
        return int(number)

    def check(self, value: int, options: Options) -> Iterable[Problem]:
        return range_problems(value, 1, options["maximum"])

    def dump(self, value: int, options: Options) -> int:
        return int(value)

    def schema(self, options: Options) -> dict[str, Any]:
        return number_schema(0, 1, options["maximum"])
