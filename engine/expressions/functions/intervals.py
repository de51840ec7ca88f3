"""Functions that move dates and moments and measure what lies between.

Counts (days, months …) are cut to whole numbers. A result outside the years 1 to 9999 is null.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from engine.expressions.functions.function import Function, Parameter, day, number
from engine.expressions.values import whole

_FIRST = date(1, 1, 1)  # a Monday


def _moved(value: Any, count: Decimal | None, seconds: int) -> Any:
    if value is None or count is None:
        return None
    try:
        return value + timedelta(seconds=whole(count) * seconds)
    except OverflowError:
        return None


def run_add_days(value: Any, count: Decimal | None) -> Any:
    return _moved(value, count, 86_400)


def run_add_hours(value: datetime | None, count: Decimal | None) -> Any:
    return _moved(value, count, 3_600)


def run_add_minutes(value: datetime | None, count: Decimal | None) -> Any:
    return _moved(value, count, 60)


def run_add_months(value: date | None, count: Decimal | None) -> date | None:
    if value is None or count is None:
        return None
    year, month = divmod(value.year * 12 + value.month - 1 + whole(count), 12)
    if not 1 <= year <= 9999:
        return None
    return date(year, month + 1, min(value.day, monthrange(year, month + 1)[1]))


def run_add_years(value: date | None, count: Decimal | None) -> date | None:
    return None if count is None else run_add_months(value, Decimal(whole(count) * 12))


def run_days_between(start: Any, end: Any) -> Decimal | None:
    return None if start is None or end is None else Decimal(_cut(end - start, 86_400))


def run_hours_between(start: datetime | None, end: datetime | None) -> Decimal | None:
    return None if start is None or end is None else Decimal(_cut(end - start, 3_600))


def run_minutes_between(start: datetime | None, end: datetime | None) -> Decimal | None:
    return None if start is None or end is None else Decimal(_cut(end - start, 60))


def _cut(difference: timedelta, seconds: int) -> int:
    """How often so many seconds fit in, toward zero."""
    step = timedelta(seconds=seconds)
    return difference // step if difference >= timedelta(0) else -(-difference // step)


def run_months_between(start: date | None, end: date | None) -> Decimal | None:
    if start is None or end is None:
        return None
    if end < start:
        return -_full_months(end, start)
    return _full_months(start, end)


def _full_months(start: date, end: date) -> Decimal:
    months = (end.year - start.year) * 12 + end.month - start.month
    return Decimal(months - (end.day < start.day))


def run_years_between(start: date | None, end: date | None) -> Decimal | None:
    if start is None or end is None:
        return None
    if end < start:
        return -_full_years(end, start)
    return _full_years(start, end)


def _full_years(start: date, end: date) -> Decimal:
    before = (end.month, end.day) < (start.month, start.day)
    return Decimal(end.year - start.year - before)


def run_workdays_between(start: date | None, end: date | None) -> Decimal | None:
    if start is None or end is None:
        return None
    return Decimal(_workdays_before(end) - _workdays_before(start))


def _workdays_before(value: date) -> int:
    weeks, rest = divmod((value - _FIRST).days, 7)
    return weeks * 5 + min(rest, 5)


_MOMENT = Parameter("moment", ("datetime",))
_EITHER = Parameter("date", ("date", "datetime"), group="date")
_TWO_DAYS = (day("start"), day("end"))
_TWO_EITHER = (
    Parameter("start", ("date", "datetime"), group="date"),
    Parameter("end", ("date", "datetime"), group="date"),
)
_TWO_MOMENTS = (Parameter("start", ("datetime",)), Parameter("end", ("datetime",)))


def _function(
    key: str, parameters: tuple[Parameter, ...], returns: str, run: Any,
    en: str, zh: str, example: str, result: str, **more: Any,
) -> Function:  # fmt: skip
    return Function(
        key, "dates", parameters, returns, {"en": en, "zh-CN": zh}, example, result, run, **more
    )


FUNCTIONS = (
    _function(
        "add_days", (_EITHER, number("days")), "date", run_add_days,
        "A date or moment so many days later; the same as + with a number.",
        "若干天之后的日期或时间；与加上一个数字相同。", "add_days(due_on, 30)", "2026-12-31",
    ),
    _function(
        "add_months", (day("date"), number("months")), "date", run_add_months,
        "A date so many months later; the 31st becomes the month's last day where it must.",
        "若干个月之后的日期；没有 31 日的月份取当月最后一天。",
        "add_months(date(2026, 1, 31), 1)", "2026-02-28",
    ),
    _function(
        "add_years", (day("date"), number("years")), "date", run_add_years,
        "A date so many years later.", "若干年之后的日期。", "add_years(due_on, 1)", "2027-12-01",
    ),
    _function(
        "add_hours", (_MOMENT, number("hours")), "datetime", run_add_hours,
        "A moment so many hours later.", "若干小时之后的时间。",
        "text(add_hours(now(), 2))", "2026-11-24 18:30",
    ),
    _function(
        "add_minutes", (_MOMENT, number("minutes")), "datetime", run_add_minutes,
        "A moment so many minutes later.", "若干分钟之后的时间。",
        "text(add_minutes(now(), 45))", "2026-11-24 17:15",
    ),
    _function(
        "days_between", _TWO_EITHER, "number", run_days_between,
        "Full days from the first date or moment to the second; the same as second - first for dates.",
        "从第一个日期或时间到第二个之间的整天数；日期可直接相减。",
        "days_between(today(), due_on)", "7",
    ),
    _function(
        "hours_between", _TWO_MOMENTS, "number", run_hours_between,
        "Full hours from the first moment to the second.", "两个时间之间的整小时数。",
        "hours_between(created_on, now())", "80",
    ),
    _function(
        "minutes_between", _TWO_MOMENTS, "number", run_minutes_between,
        "Full minutes from the first moment to the second.", "两个时间之间的整分钟数。",
        "minutes_between(created_on, now())", "4830",
    ),
    _function(
        "months_between", _TWO_DAYS, "number", run_months_between,
        "Full months from the first date to the second.", "两个日期之间的整月数。",
        "months_between(date(2026, 1, 31), date(2026, 3, 1))", "1",
    ),
    _function(
        "years_between", _TWO_DAYS, "number", run_years_between,
        "Full years from the first date to the second, as an age is counted.",
        "两个日期之间的整年数（与周岁算法相同）。",
        "years_between(date(2000, 12, 1), today())", "25",
    ),
    _function(
        "workdays_between", _TWO_DAYS, "number", run_workdays_between,
        "Days from Monday to Friday, from the first date up to the day before the second. Holidays are not known.",
        "从第一个日期起、到第二个日期前一天为止的周一至周五天数，不考虑节假日。",
        "workdays_between(today(), due_on)", "5",
    ),
)  # fmt: skip
