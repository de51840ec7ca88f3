"""Functions on lists: the options chosen in a field, files, owned rows."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from engine.expressions.functions.function import Function, Parameter, text
from engine.expressions.functions.text import run_concat


def run_count(value: Sequence[Any] | None) -> Decimal:
    return Decimal(len(value) if value else 0)


def run_join(value: Sequence[str] | None, separator: str | None) -> str | None:
    if value is None or separator is None:
        return None
    return run_concat(*[part for item in value for part in (separator, item)][1:])


def run_has_any(value: Sequence[str] | None, *items: str | None) -> bool:
    return bool(value) and any(item in value for item in items)  # type: ignore[operator]


def run_has_all(value: Sequence[str] | None, *items: str | None) -> bool:
    return bool(value) and all(item in value for item in items)  # type: ignore[operator]


_LIST = Parameter("list", ("list",))


def _function(
    key: str, parameters: tuple[Parameter, ...], returns: str, run: Any,
    en: str, zh: str, example: str, result: str,
) -> Function:  # fmt: skip
    return Function(
        key, "lists", parameters, returns, {"en": en, "zh-CN": zh}, example, result, run
    )


FUNCTIONS = (
    _function(
        "count", (Parameter("list", ("list", "file", "rows")),), "number", run_count,
        "How many options, files or rows there are; 0 when it is empty.",
        "选项、文件或明细行的数量；为空时得 0。", "count(tags)", "2",
    ),
    _function(
        "join", (_LIST, text("separator")), "text", run_join,
        "The entries of a list as one text.", "把列表的各项连接成一段文本。",
        'join(tags, ", ")', "key, export",
    ),
    _function(
        "has_any", (_LIST, text("option", repeats=True)), "yes_no", run_has_any,
        "Is at least one of these options chosen?", "是否选中了其中任意一个选项？",
        'has_any(tags, "key", "new")', "true",
    ),
    _function(
        "has_all", (_LIST, text("option", repeats=True)), "yes_no", run_has_all,
        "Are all of these options chosen?", "是否选中了全部这些选项？",
        'has_all(tags, "key", "new")', "false",
    ),
)  # fmt: skip
