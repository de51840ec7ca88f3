"""The safe expression language: one grammar, checked once, the same meaning everywhere."""

from engine.expressions.compile import Expression, compile  # noqa: A004
from engine.expressions.evaluate import evaluate
from engine.expressions.functions import FUNCTIONS, Function
from engine.expressions.kinds import Kind
from engine.expressions.to_conditions import to_conditions
from engine.expressions.to_sql import register, to_sql
from engine.expressions.words import Word, names_in

__all__ = [
    "FUNCTIONS", "Expression", "Function", "Kind", "Word", "compile", "evaluate", "names_in",
    "register", "to_conditions", "to_sql",
]  # fmt: skip
