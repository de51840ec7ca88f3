"""What sorts of values an expression knows, and how a checked tree carries them."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Literal, TypeVar

Kind = Literal["text", "number", "yes_no", "date", "datetime", "reference", "list", "file", "rows"]
"""What an expression sees in a field. `list` is a list of texts, `reference` an id."""

ResultKind = Kind | Literal["any", "null"]
"""A kind, or "null" (the literal), or "any" (nothing is known before the value is there)."""

KINDS: tuple[Kind, ...] = (
    "text", "number", "yes_no", "date", "datetime", "reference", "list", "file", "rows",
)  # fmt: skip
ORDERED: frozenset[str] = frozenset({"text", "number", "date", "datetime", "any", "null"})
"""Kinds that have a smaller and a greater."""

LABELS: Mapping[str, Mapping[str, str]] = {
    "text": {"en": "text", "zh-CN": "文本"},
    "number": {"en": "a number", "zh-CN": "数字"},
    "yes_no": {"en": "yes or no", "zh-CN": "是或否"},
    "date": {"en": "a date", "zh-CN": "日期"},
    "datetime": {"en": "a moment", "zh-CN": "时间"},
    "reference": {"en": "a reference", "zh-CN": "引用"},
    "list": {"en": "a list", "zh-CN": "列表"},
    "file": {"en": "files", "zh-CN": "文件"},
    "rows": {"en": "rows", "zh-CN": "明细行"},
    "any": {"en": "anything", "zh-CN": "任意值"},
    "null": {"en": "nothing", "zh-CN": "空值"},
}
"""How messages name the kinds."""

Node = TypeVar("Node", bound=ast.expr)


class Given(ast.Name):
    """A value that the evaluation brings along: "@now", "@today" or "@zone"; nobody can type it."""


def mark(node: Node, kind: ResultKind) -> Node:
    """Write down the kind of a node's value; returns the node."""
    node.__dict__["means"] = kind
    return node


def kind_of(node: ast.expr) -> ResultKind:
    """The kind written down by `mark`."""
    kind: ResultKind = node.__dict__["means"]
    return kind


def common_kind(left: ResultKind, right: ResultKind) -> ResultKind | None:
    """The kind that both fit, or None: null and "any" fit everything."""
    if right in (left, "null"):
        return left
    if left == "null":
        return right
    if left == "any":
        return right
    return left if right == "any" else None
