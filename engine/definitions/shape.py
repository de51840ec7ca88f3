"""Is a value plain JSON of a sane size? Asked before anything walks it recursively."""

from __future__ import annotations

import math
import re
from typing import Any

from engine.kernel.errors import PathPart, Problem

MAX_DEPTH = 32
MAX_VALUES = 200_000
_UNFIT = re.compile("[\x00\ud800-\udfff]")
"""What no text may hold: the zero byte, and halves of characters."""


def shape_problems(value: Any) -> tuple[Problem, ...]:
    """Problems that make a value unfit for the schema check: not JSON, too deep, too large.

    Works without recursion, so that no nesting (a list that holds itself included) can exhaust the
    stack. Stops at the first problem of size; lists the others.
    """
    found: list[Problem] = []
    waiting: list[tuple[Any, tuple[PathPart, ...]]] = [(value, ())]
    count = 0
    while waiting:
        item, path = waiting.pop()
        count += 1
        if len(path) > MAX_DEPTH:
            return (*found, Problem("definition.too_deep", {"limit": MAX_DEPTH}, path[:3]))
        if count > MAX_VALUES:
            return (*found, Problem("definition.too_large", {"limit": MAX_VALUES}))
        if isinstance(item, dict):
            found.extend(_key_problems(item, path))
            waiting.extend((inner, (*path, name)) for name, inner in item.items() if isinstance(name, str))
        elif isinstance(item, list):
            waiting.extend((inner, (*path, index)) for index, inner in enumerate(item))
        elif not _is_plain(item):
            found.append(Problem("definition.not_json", {"type": type(item).__name__}, path))
    return tuple(found)


def _key_problems(item: dict[Any, Any], path: tuple[PathPart, ...]) -> list[Problem]:
    return [
        Problem("definition.not_json", {"type": type(name).__name__}, path)
        for name in item
        if not isinstance(name, str) or not _is_plain(name)
    ]


def _is_plain(item: Any) -> bool:
    if item is None or isinstance(item, bool):
        return True
    if isinstance(item, str):
        return _UNFIT.search(item) is None
    if isinstance(item, int):
        return -(2**63) <= item < 2**63
    return isinstance(item, float) and math.isfinite(item)
