"""A text written next to a date, a moment or an id is read as one."""

from __future__ import annotations

import ast
from datetime import UTC, datetime
from uuid import UUID

from engine.expressions.functions.dates import parse_date
from engine.expressions.grammar import constant
from engine.expressions.kinds import ResultKind, mark
from engine.kernel.ids import find_id


def coerced(node: ast.expr, kind: ResultKind) -> ast.expr:
    """The constant read as `kind` where it can be; else the node as it is."""
    if kind not in ("date", "datetime", "reference"):
        return node
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
        return node
    found: object
    if kind == "date":
        found = parse_date(node.value)
    else:
        found = _moment(node.value) if kind == "datetime" else find_id(node.value)
    if found is None:
        return node
    return mark(constant(found, node.col_offset), kind_of_value(found))


def kind_of_value(value: object) -> ResultKind:
    """The kind of a date, a moment or an id."""
    if isinstance(value, UUID):
        return "reference"
    return "datetime" if isinstance(value, datetime) else "date"


def _moment(text: str) -> datetime | None:
    """The moment in a text such as 2026-11-24T16:30:00Z; one without a zone is none."""
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None
