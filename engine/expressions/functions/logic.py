"""Functions that choose and test."""

from __future__ import annotations

from typing import Any

from engine.expressions.functions.function import ANY, Function, Parameter


def run_is_blank(value: Any) -> bool:
    return value is None or value in ("", ())


def run_if_blank(value: Any, instead: Any) -> Any:
    return instead if run_is_blank(value) else value


def run_case(value: Any, *pairs: Any) -> Any:
    for index in range(0, len(pairs) - 1, 2):
        if pairs[index] == value:
            return pairs[index + 1]
    return pairs[-1] if len(pairs) % 2 else None


_CONDITION = Parameter("condition", ("yes_no",))
_CONDITIONS = (Parameter("condition", ("yes_no",), repeats=True),)


def _function(
    key: str, parameters: tuple[Parameter, ...], returns: str, run: Any,
    en: str, zh: str, example: str, result: str,
) -> Function:  # fmt: skip
    return Function(
        key, "logic", parameters, returns, {"en": en, "zh-CN": zh}, example, result, run
    )


FUNCTIONS = (
    _function(
        "if",
        (
            _CONDITION,
            Parameter("then", ANY, group="value"),
            Parameter("otherwise", ANY, group="value", optional=True),
        ),
        "value", None,
        "One value where the condition holds, the other (or nothing) where it doesn't.",
        "条件成立时取前一个值，否则取后一个值（不写则为空）。",
        'if(amount > 500000, "general manager", "manager")', "general manager",
    ),
    _function(
        "case",
        (
            Parameter("value", ANY, group="match"),
            Parameter("match", ANY, group="match"),
            Parameter("result", ANY, group="value", repeats=True),
        ),
        "value", run_case,
        "The result that stands behind the matching value; a last single one is for all others.",
        "取与值相匹配的结果；最后单独的一个用于其他情况。",
        'case(status, "draft", "open", "won", "closed", "?")', "open",
    ),
    _function(
        "is_blank", (Parameter("value", ANY),), "yes_no", run_is_blank,
        "Is there no value, an empty text or an empty list?", "是否没有填写（空值、空文本或空列表）？",
        "is_blank(note)", "true",
    ),
    _function(
        "if_blank",
        (Parameter("value", ANY, group="value"), Parameter("instead", ANY, group="value")),
        "value", run_if_blank,
        "The value, or the other one where it is blank.", "有值时取该值，为空时取后一个值。",
        "if_blank(discount, 0)", "0",
    ),
    _function(
        "and", _CONDITIONS, "yes_no", None, "Do all conditions hold?", "所有条件是否都成立？",
        "and(amount > 0, is_blank(note))", "true",
    ),
    _function(
        "or", _CONDITIONS, "yes_no", None, "Does at least one condition hold?",
        "是否至少有一个条件成立？", "or(amount < 0, is_blank(note))", "true",
    ),
    _function(
        "not", (_CONDITION,), "yes_no", None, "Does the condition not hold?", "条件是否不成立？",
        "not(is_blank(note))", "false",
    ),
)  # fmt: skip
