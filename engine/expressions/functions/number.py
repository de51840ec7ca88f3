"""Functions on numbers; null in gives null out, except where the description says otherwise."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from engine.expressions.functions.function import Function, Parameter, number
from engine.expressions.kinds import ResultKind
from engine.expressions.values import DECIMALS, EXACT, divide, rounded, whole

_ORDERED: tuple[ResultKind, ...] = ("number", "date", "datetime")


def run_abs(value: Decimal | None) -> Decimal | None:
    return None if value is None else EXACT.abs(value)


def _digits(decimals: Decimal) -> int:
    return max(-DECIMALS, min(DECIMALS, whole(decimals)))


def run_round(value: Decimal | None, *decimals: Decimal | None) -> Decimal | None:
    digits = decimals[0] if decimals else Decimal(0)
    return None if value is None or digits is None else rounded(value, _digits(digits))


def run_floor(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.to_integral_value("ROUND_FLOOR", EXACT)


def run_ceiling(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.to_integral_value("ROUND_CEILING", EXACT)


def run_mod(value: Decimal | None, divisor: Decimal | None) -> Decimal | None:
    if value is None or not divisor:
        return None
    return EXACT.remainder(value, divisor)


def run_min(*values: Any) -> Any:
    return min((value for value in values if value is not None), default=None)


def run_max(*values: Any) -> Any:
    return max((value for value in values if value is not None), default=None)


def run_sum(*values: Decimal | None) -> Decimal:
    total = Decimal(0)
    for value in values:
        if value is not None:
            total = EXACT.add(total, value)
    return total


def run_average(*values: Decimal | None) -> Decimal | None:
    count = sum(value is not None for value in values)
    return divide(run_sum(*values), Decimal(count)) if count else None


_NUMERALS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万")
_CHINESE_LIMIT = Decimal(10) ** 16


def run_chinese_amount(value: Decimal | None) -> str | None:
    """An amount of money in the characters that Chinese contracts and cheques ask for.

    The rules are those of the central bank for bills (支付结算办法, appendix 1).
    """
    if value is None or abs(value) >= _CHINESE_LIMIT - 1:
        return None
    cents = rounded(value, 2)
    digits, decimals = format(abs(cents), ".2f").split(".")
    found = _chinese_whole(digits)
    text = f"{found}元" if found else ""
    jiao, fen = (_NUMERALS[int(digit)] for digit in decimals)
    if decimals == "00":
        text = f"{text or '零元'}整"
    else:
        gap = "零" if text and jiao == "零" else ""
        text += f"{jiao}角" if jiao != "零" else gap
        text += f"{fen}分" if fen != "零" else "整"
    return f"负{text}" if cents < 0 else text


def _chinese_whole(digits: str) -> str:
    """A whole number in groups of four; a run of zeros between digits is read once."""
    padded = digits.zfill(-(-len(digits) // 4) * 4)
    found, is_gap = "", False
    for start in range(0, len(padded), 4):
        group = padded[start : start + 4]
        for place, digit in enumerate(group):
            if digit == "0":
                is_gap = bool(found)
                continue
            found += ("零" if is_gap else "") + _NUMERALS[int(digit)] + _PLACES[3 - place]
            is_gap = False
        level = (len(padded) - start) // 4 - 1
        if int(group) or (level == 2 and found):  # 亿 stands once, for all above it
            found += _GROUPS[level]
    return found


def _function(
    key: str, parameters: tuple[Parameter, ...], returns: str, run: Any,
    en: str, zh: str, example: str, result: str, **more: Any,
) -> Function:  # fmt: skip
    return Function(
        key, "number", parameters, returns, {"en": en, "zh-CN": zh}, example, result, run, **more
    )


FUNCTIONS = (
    _function(
        "abs", (number("number"),), "number", run_abs,
        "The number without its sign.", "数字的绝对值。", "abs(-12.5)", "12.5",
    ),
    _function(
        "round", (number("number"), number("decimals", optional=True)), "number", run_round,
        "Rounded half up to so many decimals (0 when left out; -2 means hundreds).",
        "四舍五入到指定的小数位数（不写为 0；-2 表示到百位）。", "round(2.345, 2)", "2.35",
    ),
    _function(
        "floor", (number("number"),), "number", run_floor,
        "The next whole number below.", "向下取整。", "floor(-2.5)", "-3",
    ),
    _function(
        "ceiling", (number("number"),), "number", run_ceiling,
        "The next whole number above.", "向上取整。", "ceiling(2.1)", "3",
    ),
    _function(
        "mod", (number("number"), number("divisor")), "number", run_mod,
        "The remainder of a division, with the sign of the number; empty when the divisor is 0.",
        "除法的余数，符号与被除数相同；除数为 0 时为空。", "mod(17, 5)", "2",
    ),
    _function(
        "min", (Parameter("value", _ORDERED, group="value", repeats=True),), "value", run_min,
        "The smallest of the values (numbers, dates or moments); empty ones are left out.",
        "若干数字、日期或时间中最小的一个；忽略空值。", "min(amount, 50000)", "50000",
    ),
    _function(
        "max", (Parameter("value", _ORDERED, group="value", repeats=True),), "value", run_max,
        "The greatest of the values (numbers, dates or moments); empty ones are left out.",
        "若干数字、日期或时间中最大的一个；忽略空值。", "max(amount, 50000)", "620000",
    ),
    _function(
        "sum", (number("number", repeats=True),), "number", run_sum,
        "The numbers added up; empty ones count as 0.", "把若干数字相加；空值按 0 计。",
        "sum(1, null, 2.5)", "3.5",
    ),
    _function(
        "average", (number("number", repeats=True),), "number", run_average,
        "The mean of the numbers; empty ones are left out.", "若干数字的平均值；忽略空值。",
        "average(1, null, 2)", "1.5",
    ),
    _function(
        "chinese_amount", (number("amount"),), "text", run_chinese_amount,
        "An amount of money in Chinese capital numerals, as contracts need it.",
        "把金额转换为中文大写，用于合同和票据。", "chinese_amount(amount)", "陆拾贰万元整",
        in_sql=False, in_browser=False,
    ),
)  # fmt: skip
