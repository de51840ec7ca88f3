"""Functions on dates and moments for PostgreSQL.

Results outside the years 1 to 9999 are null, as in Python; the guards come before the arithmetic,
because PostgreSQL's own range is another and leaving it is an error.
"""

from __future__ import annotations

import ast
from abc import abstractmethod

from engine.expressions.to_sql.fragment import Pieces, fill
from engine.expressions.to_sql.part import Part
from engine.expressions.to_sql.postgresql_texts import constant
from engine.expressions.to_sql.translator import Translator
from engine.expressions.values import DECIMALS, whole

_FIRST = "DATE '0001-01-01'"  # a Monday
_DAYS = 3_652_059  # from there to the day after the last one
_START = -62_135_596_800  # seconds from 1970 to the first moment of the year 1
_END = 253_402_300_800  # … and to the first one after the year 9999
_MONTHS = (12, 120_000)  # year * 12 + month - 1 of the first, and of the one after the last
_DATE = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"


class DateCalls(Translator):
    """Calls, each in a method `call_<function>`."""

    @abstractmethod
    def number(self, node: ast.expr, pieces: Pieces, *parts: Part, scale: int = DECIMALS) -> Part:
        """A part that is a number."""

    @abstractmethod
    def integer(self, part: Part, least: int, most: int) -> Pieces:
        """A number as INTEGER."""

    @abstractmethod
    def text(self, part: Part) -> Pieces:
        """A text."""

    # -- parts of a date -----------------------------------------------------------------------

    def field(self, node: ast.Call, name: str, value: Part) -> Part:
        pieces = fill(f"CAST(extract({name} FROM {{}}) AS numeric)", self.pieces(value))
        return self.number(node, pieces, value, scale=0)

    def call_year(self, node: ast.Call, value: Part) -> Part | None:
        return self.field(node, "year", value)

    def call_quarter(self, node: ast.Call, value: Part) -> Part | None:
        return self.field(node, "quarter", value)

    def call_month(self, node: ast.Call, value: Part) -> Part | None:
        return self.field(node, "month", value)

    def call_week(self, node: ast.Call, value: Part) -> Part | None:
        return self.field(node, "week", value)

    def call_day(self, node: ast.Call, value: Part) -> Part | None:
        return self.field(node, "day", value)

    def call_weekday(self, node: ast.Call, value: Part) -> Part | None:
        return self.field(node, "isodow", value)

    def call_hour(self, node: ast.Call, value: Part, _zone: Part) -> Part | None:
        return self.clock(node, "hour", value)

    def call_minute(self, node: ast.Call, value: Part, _zone: Part) -> Part | None:
        return self.clock(node, "minute", value)

    def clock(self, node: ast.Call, name: str, value: Part) -> Part:
        pieces = fill(
            f"CAST(extract({name} FROM {{}} AT TIME ZONE {{}}) AS numeric)",
            self.pieces(value), constant(self.timezone),
        )  # fmt: skip
        return self.number(node, pieces, value, scale=0)

    def call_start_of_month(self, node: ast.Call, value: Part) -> Part | None:
        pieces = fill("CAST(date_trunc('month', CAST({} AS timestamp)) AS date)", self.pieces(value))
        return self.sql(node, pieces, value)

    def call_end_of_month(self, node: ast.Call, value: Part) -> Part | None:
        pieces = fill(
            "CAST(date_trunc('month', CAST({} AS timestamp)) + INTERVAL '1 month' - INTERVAL '1 day'"
            " AS date)",
            self.pieces(value),
        )
        return self.sql(node, pieces, value)

    # -- making dates --------------------------------------------------------------------------

    def made(self, year: Pieces, month: Pieces, day: Pieces) -> Pieces:
        """make_date() for what is a date, else null. Nested CASE keeps the order of the tests."""
        return fill(
            "(CASE WHEN {} BETWEEN 1 AND 9999 AND {} BETWEEN 1 AND 12 AND {} BETWEEN 1 AND 31"
            " THEN CASE WHEN {} <= extract(day FROM make_date({}, {}, 1) + INTERVAL '1 month'"
            " - INTERVAL '1 day') THEN make_date({}, {}, {}) END END)",
            year, month, day, day, year, month, year, month, day,
        )  # fmt: skip

    def call_date(self, node: ast.Call, year: Part, month: Part, day: Part) -> Part | None:
        pieces = self.made(
            self.integer(year, -1, 10_000), self.integer(month, -1, 100), self.integer(day, -1, 100)
        )
        return self.sql(node, pieces, year, month, day)

    def call_to_date(self, node: ast.Call, value: Part, _zone: Part) -> Part | None:
        if value.kind == "text":
            return self.read_date(node, value)
        pieces = fill(
            "CAST({} AT TIME ZONE {} AS date)", self.pieces(value), constant(self.timezone)
        )
        return self.sql(node, pieces, value)

    def read_date(self, node: ast.Call, value: Part) -> Part:
        own = self.text(value)
        digits = [
            fill(f"CAST(substr({{}}, {place}) AS integer)", own) for place in ("1, 4", "6, 2", "9, 2")
        ]
        pieces = fill("(CASE WHEN {} ~ {} THEN {} END)", own, constant(_DATE), self.made(*digits))
        return self.sql(node, pieces, value)

    # -- moving --------------------------------------------------------------------------------

    def call_add_days(self, node: ast.Call, value: Part, count: Part) -> Part | None:
        if value.kind == "datetime":
            return self.later(node, value, count, 86_400)
        day_number = fill(
            f"({{}} - {_FIRST}) + {{}}", self.pieces(value), self.integer(count, -_DAYS, _DAYS)
        )
        # NULLIF and the clamp look at the sum once; GREATEST makes null the first sentinel.
        pieces = fill(
            f"({_FIRST} + nullif(nullif(least(greatest({{}}, -1), {_DAYS}), -1), {_DAYS}))",
            day_number,
        )
        return self.sql(node, pieces, value, count)

    def call_add_hours(self, node: ast.Call, value: Part, count: Part) -> Part | None:
        return self.later(node, value, count, 3_600)

    def call_add_minutes(self, node: ast.Call, value: Part, count: Part) -> Part | None:
        return self.later(node, value, count, 60)

    def later(self, node: ast.Call, value: Part, count: Part, seconds: int) -> Part:
        """A moment so many steps later; hours and minutes elapse, whatever the session's zone."""
        own, steps = self.pieces(value), self.wholes(count, _END * 2 // seconds)
        pieces = fill(
            f"(CASE WHEN floor(extract(epoch FROM {{}})) + {{}} * {seconds} BETWEEN {_START} AND {_END - 1}"
            f" THEN {{}} + CAST({{}} * {seconds} AS double precision) * INTERVAL '1 second' END)",
            own, steps, own, steps,
        )  # fmt: skip
        return self.sql(node, pieces, value, count)

    def wholes(self, part: Part, limit: int) -> Pieces:
        """A number cut to a whole one, as NUMERIC. PostgreSQL computes with constants before it
        looks at the guard, so a constant stays within the limit."""
        if part.is_fixed:
            return (f"CAST({max(-limit, min(limit, whole(part.value)))} AS numeric)",)
        return fill("trunc({})", self.pieces(part))

    def call_add_months(self, node: ast.Call, value: Part, count: Part) -> Part | None:
        return self.months_later(node, value, count, 1)

    def call_add_years(self, node: ast.Call, value: Part, count: Part) -> Part | None:
        return self.months_later(node, value, count, 12)

    def months_later(self, node: ast.Call, value: Part, count: Part, step: int) -> Part:
        own, steps = self.pieces(value), fill(f"({{}} * {step})", self.wholes(count, _MONTHS[1]))
        pieces = fill(
            "(CASE WHEN extract(year FROM {}) * 12 + extract(month FROM {}) - 1 + {}"
            f" BETWEEN {_MONTHS[0]} AND {_MONTHS[1] - 1}"
            " THEN CAST({} + make_interval(months => CAST({} AS integer)) AS date) END)",
            own, own, steps, own, steps,
        )  # fmt: skip
        return self.sql(node, pieces, value, count)

    # -- between -------------------------------------------------------------------------------

    def call_days_between(self, node: ast.Call, start: Part, end: Part) -> Part | None:
        if "datetime" in (start.kind, end.kind):
            return self.elapsed(node, start, end, 86_400)
        pieces = fill("CAST({} - {} AS numeric)", self.pieces(end), self.pieces(start))
        return self.number(node, pieces, start, end, scale=0)

    def call_hours_between(self, node: ast.Call, start: Part, end: Part) -> Part | None:
        return self.elapsed(node, start, end, 3_600)

    def call_minutes_between(self, node: ast.Call, start: Part, end: Part) -> Part | None:
        return self.elapsed(node, start, end, 60)

    def elapsed(self, node: ast.Call, start: Part, end: Part, seconds: int) -> Part:
        pieces = fill(
            f"div(CAST(extract(epoch FROM {{}} - {{}}) AS numeric), {seconds})",
            self.pieces(end), self.pieces(start),
        )  # fmt: skip
        return self.number(node, pieces, start, end, scale=0)

    def call_months_between(self, node: ast.Call, start: Part, end: Part) -> Part | None:
        first, last = (
            fill(
                "(extract(year FROM {}) * 12 + extract(month FROM {}) + extract(day FROM {}) / 100)",
                own, own, own,
            )
            for own in (self.pieces(start), self.pieces(end))
        )  # fmt: skip
        return self.number(node, fill("trunc({} - {})", last, first), start, end, scale=0)

    def call_years_between(self, node: ast.Call, start: Part, end: Part) -> Part | None:
        first, last = (
            fill("CAST(to_char({}, 'YYYY.MMDD') AS numeric)", self.pieces(part))
            for part in (start, end)
        )
        return self.number(node, fill("trunc({} - {})", last, first), start, end, scale=0)

    def call_workdays_between(self, node: ast.Call, start: Part, end: Part) -> Part | None:
        first, last = (
            fill(f"(({{}} - {_FIRST}) / 7 * 5 + least(mod({{}} - {_FIRST}, 7), 5))", own, own)
            for own in (self.pieces(start), self.pieces(end))
        )
        pieces = fill("CAST({} - {} AS numeric)", last, first)
        return self.number(node, pieces, start, end, scale=0)
