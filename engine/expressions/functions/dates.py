"""Functions on dates and moments.

Counts (days, months …) are cut to whole numbers. A result outside the years 1 to 9999 is null.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from engine.expressions.functions.function import Function, Parameter, day, number
from engine.expressions.functions.zones import date_in, in_zone
from engine.expressions.values import whole

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_FIRST = date(1, 1, 1)  # a Monday
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


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


def run_start_of_month(value: date | None) -> date | None:
    return None if value is None else value.replace(day=1)


def run_end_of_month(value: date | None) -> date | None:
    if value is None:
        return None
    return value.replace(day=monthrange(value.year, value.month)[1])


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
    _function(
        "start_of_month", (day("date"),), "date", run_start_of_month,
        "The first day of the month.", "当月的第一天。", "start_of_month(today())", "2026-11-01",
    ),
    _function(
        "end_of_month", (day("date"),), "date", run_end_of_month,
        "The last day of the month.", "当月的最后一天。", "end_of_month(today())", "2026-11-30",
    ),
)  # fmt: skip
