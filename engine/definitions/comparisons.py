"""Names compared with fixed texts in an expression: `level = "gold"`, `region in ("east", "west")`."""

from __future__ import annotations

import ast
from collections.abc import Iterator


def comparisons(tree: ast.expr) -> Iterator[tuple[str, str]]:
    """Every (name, text) that a checked expression compares."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Compare):
            continue
        left, right = node.left, node.comparators[0]
        for one, other in ((left, right), (right, left)):
            if isinstance(one, ast.Name):
                yield from ((one.id, text) for text in _texts(other))


def _texts(node: ast.expr) -> Iterator[str]:
    items = node.elts if isinstance(node, ast.List) else [node]
    for item in items:
        if isinstance(item, ast.Constant) and isinstance(item.value, str):
            yield item.value
