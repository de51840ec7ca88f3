"""Calendar days."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import Date as DateColumn
from sqlalchemy.types import TypeEngine

from engine.fields.digit_ranges import date_pattern
from engine.fields.field_type import FieldType, Option, Options
from engine.fields.moments import DATE_PATTERN, parse_date, span_problems
from engine.fields.number_schemas import ordered
from engine.kernel.errors import Problem


class Date(FieldType[date]):
    """A day without a time: a due date, a birthday. The same day in every time zone."""

    key = "date"
    kind = "date"
    widget = "date"
    options = (Option("minimum", "date"), Option("maximum", "date"))
    samples = ("2026-11-24", "2024-02-29", "1000-01-01", "9999-12-31")

    def column(self, options: Options) -> TypeEngine[Any]:
        return DateColumn()

    def parse(self, raw: object, options: Options) -> date:
        day = parse_date(raw)
        if day is None:
            raise self.unreadable(raw)
        return day

    def check(self, value: date, options: Options) -> Iterable[Problem]:
        return span_problems(value, options["minimum"], options["maximum"])

    def dump(self, value: date, options: Options) -> str:
        return value.isoformat()

    def schema(self, options: Options) -> dict[str, Any]:
        found = {"type": "string", "format": "date", "maxLength": 10, "pattern": DATE_PATTERN}
        first, last = options["minimum"], options["maximum"]
        if first is None and last is None:
            return found
        span = date_pattern(str(first or "1000-01-01"), str(last or "9999-12-31"))
        return {**found, "allOf": [{"pattern": span}]}

    def lint(self, options: Options) -> Iterable[Problem]:
        """The first day is before the last one."""
        return ordered(options["minimum"], options["maximum"])
