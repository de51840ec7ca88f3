"""Functions on text. Positions and lengths count characters (code points), from 1."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from engine.expressions.functions.function import SCALAR, Function, Parameter, number, text
from engine.expressions.functions.zones import in_zone
from engine.expressions.values import (
    MAX_TEXT,
    number_text,
    rounded,
    to_capitals,
    to_small,
    whole,
)
from engine.kernel.errors import Invalid, Problem

SPACES = " \t\n\r\u00a0\u3000"
_NUMBER = re.compile(r"[+-]?[0-9]{1,18}(?:\.[0-9]{1,12})?")
MAX_PAD = 1000


def _bounded(length: int) -> None:
    if length > MAX_TEXT:
        raise Invalid(Problem("expression.result_too_long", {"limit": MAX_TEXT}))


def run_text(value: Any, *more: Any) -> str | None:
    """Any single value as text; the last argument is the time zone."""
    if value is None:
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        if len(more) < 2:
            return number_text(value)
        if more[0] is None:
            return None
        shown = format(rounded(value, _within(whole(more[0]), 0, 12)), "f")
        return shown.lstrip("-") if not shown.strip("-0.") else shown
    if isinstance(value, datetime):
        return in_zone(value, more[-1]).isoformat(" ", "minutes")[:16]
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def _within(value: int, least: int, most: int) -> int:
    return max(least, min(most, value))


def run_len(value: str | None) -> Decimal:
    return Decimal(len(value or ""))


def run_upper(value: str | None) -> str | None:
    return None if value is None else to_capitals(value)


def run_lower(value: str | None) -> str | None:
    return None if value is None else to_small(value)


def run_trim(value: str | None) -> str | None:
    return None if value is None else value.strip(SPACES)


def run_left(value: str | None, count: Decimal | None) -> str | None:
    if value is None or count is None:
        return None
    return value[: max(0, whole(count))]


def run_right(value: str | None, count: Decimal | None) -> str | None:
    if value is None or count is None:
        return None
    keep = max(0, whole(count))
    return value[-keep:] if keep else ""


def run_mid(value: str | None, start: Decimal | None, count: Decimal | None) -> str | None:
    if value is None or start is None or count is None:
        return None
    begin = max(1, whole(start)) - 1
    return value[begin : begin + max(0, whole(count))]


def run_contains(value: str | None, part: str | None) -> bool:
    if value is None or part is None:
        return False
    return to_small(part) in to_small(value)


def run_starts_with(value: str | None, part: str | None) -> bool:
    return value is not None and part is not None and value.startswith(part)


def run_ends_with(value: str | None, part: str | None) -> bool:
    return value is not None and part is not None and value.endswith(part)


def run_find(value: str | None, part: str | None) -> Decimal | None:
    if value is None or part is None:
        return None
    return Decimal(value.find(part) + 1)


def run_replace(value: str | None, old: str | None, new: str | None) -> str | None:
    if value is None or old is None or new is None:
        return None
    if not old:
        return value
    _bounded(len(value) + value.count(old) * (len(new) - len(old)))
    return value.replace(old, new)


def run_concat(*values: str | None) -> str:
    _bounded(sum(len(value) for value in values if value))
    return "".join([value for value in values if value])


def run_pad_left(value: str | None, length: Decimal | None, fill: str | None) -> str | None:
    if value is None or length is None or fill is None:
        return None
    missing = _within(whole(length), 0, MAX_PAD) - len(value)
    if missing <= 0 or not fill:
        return value
    return (fill * (missing // len(fill) + 1))[:missing] + value


def run_is_number(value: str | None) -> bool:
    return value is not None and _NUMBER.fullmatch(value.strip(SPACES)) is not None


def run_to_number(value: str | None) -> Decimal | None:
    if value is None:
        return None
    found = _NUMBER.fullmatch(value.strip(SPACES))
    return Decimal(found[0]) if found else None


def _function(
    key: str, parameters: tuple[Parameter, ...], returns: str, run: Any,
    en: str, zh: str, example: str, result: str, **more: Any,
) -> Function:  # fmt: skip
    return Function(
        key, "text", parameters, returns, {"en": en, "zh-CN": zh}, example, result, run, **more
    )


FUNCTIONS = (
    _function(
        "text", (Parameter("value", SCALAR), number("decimals", optional=True)), "text", run_text,
        "A value as text: numbers without zeros at the end or with so many decimals, dates as 2026-11-24, moments as 2026-11-24 16:30 in the time zone.",
        "把值转换为文本：数字可指定小数位数；日期写作 2026-11-24；时间按所在时区写作 2026-11-24 16:30。",
        "text(amount, 2)", "620000.00", needs_zone=True,
    ),
    _function(
        "len", (text("text"),), "number", run_len,
        "How many characters a text has; 0 when it is empty.",
        "文本的字符数；为空时得 0。",
        'len("报价单")', "3",
    ),
    _function(
        "upper", (text("text"),), "text", run_upper,
        "The text in capital letters.", "把字母转换为大写。", 'upper("qt-01")', "QT-01",
    ),
    _function(
        "lower", (text("text"),), "text", run_lower,
        "The text in small letters.", "把字母转换为小写。", 'lower("QT-01")', "qt-01",
    ),
    _function(
        "trim", (text("text"),), "text", run_trim,
        "The text without spaces and line breaks at its start and end.",
        "去掉文本首尾的空格和换行。", 'trim("  华东  ")', "华东",
    ),
    _function(
        "left", (text("text"), number("count")), "text", run_left,
        "The first characters of a text.", "取文本开头的若干个字符。", 'left("QT-2026", 2)', "QT",
    ),
    _function(
        "right", (text("text"), number("count")), "text", run_right,
        "The last characters of a text.", "取文本末尾的若干个字符。", 'right("QT-2026", 4)', "2026",
    ),
    _function(
        "mid", (text("text"), number("start"), number("count")), "text", run_mid,
        "Characters from the middle of a text; the first one is 1.",
        "从文本中间取若干个字符；第一个字符的位置是 1。", 'mid("QT-2026-11", 4, 4)', "2026",
    ),
    _function(
        "contains", (text("text"), text("part")), "yes_no", run_contains,
        "Is a part found in the text? Capital and small letters count as the same.",
        "文本中是否包含某段内容？不区分大小写。", 'contains("Shanghai Works", "works")', "true",
    ),
    _function(
        "starts_with", (text("text"), text("part")), "yes_no", run_starts_with,
        "Does the text begin with exactly this?", "文本是否以这段内容开头？（区分大小写）",
        'starts_with("QT-2026", "QT-")', "true",
    ),
    _function(
        "ends_with", (text("text"), text("part")), "yes_no", run_ends_with,
        "Does the text end with exactly this?", "文本是否以这段内容结尾？（区分大小写）",
        'ends_with("plan.pdf", ".pdf")', "true",
    ),
    _function(
        "find", (text("text"), text("part")), "number", run_find,
        "The position of a part in the text, counted from 1; 0 when it is not there.",
        "某段内容在文本中的位置，从 1 数起；找不到时得 0。", 'find("QT-2026", "-")', "3",
    ),
    _function(
        "replace", (text("text"), text("old"), text("new")), "text", run_replace,
        "The text with every occurrence of one part replaced by another.",
        "把文本中的某段内容全部替换为另一段。", 'replace("2026/11/24", "/", "-")', "2026-11-24",
    ),
    _function(
        "concat", (text("text", repeats=True),), "text", run_concat,
        "Texts joined into one, the same as &. An empty value adds nothing.",
        "把多个值连接成一段文本，与 & 相同；空值视为空文本。", 'concat("QT-", 2026)', "QT-2026",
    ),
    _function(
        "pad_left", (text("text"), number("length"), text("fill")), "text", run_pad_left,
        "The text made longer in front until it has this length (at most 1000).",
        "在文本前面补足字符，直到达到指定长度（最多 1000）。", 'pad_left("42", 5, "0")', "00042",
    ),
    _function(
        "is_number", (text("text"),), "yes_no", run_is_number,
        "Is the text a plain number such as -12.5?", "文本是否是 -12.5 这样的数字？",
        'is_number("12.5")', "true",
    ),
    _function(
        "to_number", (text("text"),), "number", run_to_number,
        "The number written in a text; empty when it is none.",
        "把文本转换为数字；不是数字时为空。", 'to_number("12.5") + 1', "13.5",
    ),
)  # fmt: skip
