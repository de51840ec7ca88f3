"""The safe expression language: one grammar, checked once, the same meaning everywhere."""

from engine.expressions.compile import Expression, compile  # noqa: A004
from engine.expressions.evaluate import evaluate
from engine.expressions.functions import FUNCTIONS, Function
from engine.expressions.kinds import Kind

__all__ = ["FUNCTIONS", "Expression", "Function", "Kind", "compile", "evaluate"]
