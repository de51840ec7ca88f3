"""Functions that make dates and take them apart; `intervals` has those that move them."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from engine.expressions.functions.function import Function, Parameter, day, number
from engine.expressions.functions.zones import date_in, in_zone
from engine.expressions.values import whole

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def parse_date(text: str) -> date | None:
    """The date written as 2026-11-24, or None."""
    if not _DATE.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def run_date(year: Decimal | None, month: Decimal | None, day: Decimal | None) -> date | None:
    if year is None or month is None or day is None:
        return None
    try:
        return date(whole(year), whole(month), whole(day))
    except (ValueError, OverflowError):
        return None


def run_to_date(value: Any, zone: str) -> date | None:
    if isinstance(value, datetime):
        return date_in(value, zone)
    return parse_date(value) if isinstance(value, str) else None


def run_year(value: date | None) -> Decimal | None:
    return None if value is None else Decimal(value.year)


def run_quarter(value: date | None) -> Decimal | None:
    return None if value is None else Decimal((value.month + 2) // 3)


def run_month(value: date | None) -> Decimal | None:
    return None if value is None else Decimal(value.month)


def run_week(value: date | None) -> Decimal | None:
    return None if value is None else Decimal(value.isocalendar().week)


def run_day(value: date | None) -> Decimal | None:
    return None if value is None else Decimal(value.day)


def run_weekday(value: date | None) -> Decimal | None:
    return None if value is None else Decimal(value.isoweekday())


def run_hour(value: datetime | None, zone: str) -> Decimal | None:
    return None if value is None else Decimal(in_zone(value, zone).hour)


def run_minute(value: datetime | None, zone: str) -> Decimal | None:
    return None if value is None else Decimal(in_zone(value, zone).minute)


def run_start_of_month(value: date | None) -> date | None:
    return None if value is None else value.replace(day=1)


def run_end_of_month(value: date | None) -> date | None:
    if value is None:
        return None
    return value.replace(day=monthrange(value.year, value.month)[1])


_MOMENT = Parameter("moment", ("datetime",))


def _function(
    key: str, parameters: tuple[Parameter, ...], returns: str, run: Any,
    en: str, zh: str, example: str, result: str, **more: Any,
) -> Function:  # fmt: skip
    return Function(
        key, "dates", parameters, returns, {"en": en, "zh-CN": zh}, example, result, run, **more
    )


FUNCTIONS = (
    _function(
        "today", (), "date", None, "Today's date in the time zone.", "今天的日期（按所在时区）。",
        "today()", "2026-11-24",
    ),
    _function(
        "now", (), "datetime", None, "This moment.", "当前时间。", "text(now())", "2026-11-24 16:30",
    ),
    _function(
        "date", (number("year"), number("month"), number("day")), "date", run_date,
        "The date of a year, month and day; empty when there is no such day.",
        "由年、月、日组成日期；没有这一天时为空。", "date(2026, 11, 24)", "2026-11-24",
    ),
    _function(
        "to_date", (Parameter("value", ("datetime", "text")),), "date", run_to_date,
        "The date of a moment in the time zone, or the date written in a text as 2026-11-24.",
        "时间在所在时区的日期，或把 2026-11-24 这样的文本转换为日期。",
        "to_date(created_on)", "2026-11-21", needs_zone=True,
    ),
    _function(
        "year", (day("date"),), "number", run_year, "The year of a date.", "日期的年份。",
        "year(due_on)", "2026",
    ),
    _function(
        "quarter", (day("date"),), "number", run_quarter, "The quarter of a date, 1 to 4.",
        "日期所在的季度，1 到 4。", "quarter(due_on)", "4",
    ),
    _function(
        "month", (day("date"),), "number", run_month, "The month of a date, 1 to 12.",
        "日期的月份，1 到 12。", "month(due_on)", "12",
    ),
    _function(
        "week", (day("date"),), "number", run_week, "The week of the year by ISO 8601, 1 to 53.",
        "日期在一年中的周数（ISO 8601），1 到 53。", "week(due_on)", "49",
    ),
    _function(
        "day", (day("date"),), "number", run_day, "The day of the month, 1 to 31.",
        "日期是当月的第几天，1 到 31。", "day(due_on)", "1",
    ),
    _function(
        "weekday", (day("date"),), "number", run_weekday,
        "The day of the week: 1 is Monday, 7 is Sunday.", "星期几：1 是星期一，7 是星期日。",
        "weekday(due_on)", "2",
    ),
    _function(
        "hour", (_MOMENT,), "number", run_hour, "The hour of a moment in the time zone, 0 to 23.",
        "时间的小时数（按所在时区），0 到 23。", "hour(now())", "16", needs_zone=True,
    ),
    _function(
        "minute", (_MOMENT,), "number", run_minute, "The minute of a moment, 0 to 59.",
        "时间的分钟数，0 到 59。", "minute(now())", "30", needs_zone=True,
    ),
    _function(
        "start_of_month", (day("date"),), "date", run_start_of_month,
        "The first day of the month.", "当月的第一天。", "start_of_month(today())", "2026-11-01",
    ),
    _function(
        "end_of_month", (day("date"),), "date", run_end_of_month,
        "The last day of the month.", "当月的最后一天。", "end_of_month(today())", "2026-11-30",
    ),
)  # fmt: skip
