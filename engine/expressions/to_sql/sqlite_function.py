"""What SQLite can't do exactly, Python does for it: one SQL function that evaluates a tree.

SQLite has no decimals, folds the case of ASCII letters only, and its parser gives up after some
twenty nested calls. So whatever is not plain there becomes

    formwork_expression(tree, codes, argument, …)

a flat call. `tree` is the checked tree as JSON with the columns as names "0", "1" …; `codes` says
how each argument is stored and how the result is wanted. The meaning is Python's by construction.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

import orjson

from engine.expressions.evaluate import evaluate_tree
from engine.expressions.to_conditions import load, moment_text
from engine.expressions.values import rounded
from engine.kernel.errors import Invalid

NAME = "formwork_expression"
_INTEGER_LIMIT = 2**63


def register(connection: sqlite3.Connection) -> None:
    """Make the function known to a connection; every connection that runs our SQL needs it."""
    connection.create_function(NAME, -1, _call, deterministic=True)


def _call(tree: str, codes: str, *arguments: Any) -> Any:
    parsed, readers, write = _prepared(tree, codes)
    scope = {
        name: None if argument is None else read(argument)
        for (name, read), argument in zip(readers, arguments, strict=True)
    }
    try:
        value = evaluate_tree(parsed, scope.get)
    except Invalid:  # a result too large to hold: nothing, as a formula field stores it
        return None
    return None if value is None else write(value)


@lru_cache(maxsize=1024)
def _prepared(
    tree: str, codes: str
) -> tuple[Any, list[tuple[str, Callable[[Any], Any]]], Callable[[Any], Any]]:
    result, *arguments = codes.split(",")
    readers = [(str(index), reader(code)) for index, code in enumerate(arguments) if code]
    return load(orjson.loads(tree)), readers, writer(result)


def _identity(value: Any) -> Any:
    return value


def _texts(value: str) -> tuple[str, ...]:
    return tuple(item for item in value.split("|") if item)


_READERS: dict[str, Callable[[Any], Any]] = {
    "text": _identity, "yes_no": bool, "date": date.fromisoformat,
    "datetime": datetime.fromisoformat, "reference": lambda value: UUID(bytes=bytes(value)),
    "list": _texts, "file": _texts, "float": lambda value: Decimal(repr(value)),
}  # fmt: skip
_WRITERS: dict[str, Callable[[Any], Any]] = {
    "text": _identity, "yes_no": int, "date": date.isoformat, "datetime": moment_text,
    "reference": lambda value: value.bytes,
    "list": lambda value: "|" + "".join(f"{item}|" for item in value),
}  # fmt: skip


def reader(code: str) -> Callable[[Any], Any]:
    """How a stored argument becomes a value. "number2" is a whole number of hundredths."""
    if not code.startswith("number"):
        return _READERS[code]
    scale = int(code[6:])

    def read(value: Any) -> Decimal:
        number = Decimal(value) if isinstance(value, int) else Decimal(repr(value))
        return number.scaleb(-scale)

    return read


def writer(code: str) -> Callable[[Any], Any]:
    """How a result becomes a stored value, the other way round."""
    if not code.startswith("number"):
        return _WRITERS[code]
    scale = int(code[6:])

    def write(value: Decimal) -> int | float:
        number = int(rounded(value, scale).scaleb(scale))
        return number if -_INTEGER_LIMIT <= number < _INTEGER_LIMIT else float(number)

    return write
