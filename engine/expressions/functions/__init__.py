"""The functions of the language, one registry for all who need them."""

from __future__ import annotations

from engine.expressions.functions import dates, intervals, lists, logic, number, records, text
from engine.expressions.functions.function import Function, Parameter
from engine.kernel.registry import Registry

FUNCTIONS: Registry[Function] = Registry(
    "functions",
    (
        *logic.FUNCTIONS,
        *text.FUNCTIONS,
        *number.FUNCTIONS,
        *dates.FUNCTIONS,
        *intervals.FUNCTIONS,
        *lists.FUNCTIONS,
        *records.FUNCTIONS,
    ),
)
FUNCTIONS.freeze()

__all__ = ["FUNCTIONS", "Function", "Parameter"]
