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


def _function(
    key: str, parameters: tuple[Parameter, ...], returns: str, run: Any,
    en: str, zh: str, example: str, result: str,
) -> Function:  # fmt: skip
    return Function(
        key, "number", parameters, returns, {"en": en, "zh-CN": zh}, example, result, run
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
)  # fmt: skip
