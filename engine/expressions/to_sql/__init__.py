"""Expressions as SQL, with the same answers as `evaluate`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeEngine

from engine.expressions.compile import Expression
from engine.expressions.evaluate import FAILURES
from engine.expressions.to_sql.postgresql import PostgresqlTranslator
from engine.expressions.to_sql.sqlite import SqliteTranslator
from engine.expressions.to_sql.sqlite_function import register
from engine.expressions.to_sql.translator import Translator
from engine.kernel.errors import Invalid, Problem

_TRANSLATORS: dict[str, type[Translator]] = {
    "sqlite": SqliteTranslator,
    "postgresql": PostgresqlTranslator,
}


def to_sql(
    expression: Expression, columns: Callable[[str], Any], *, dialect: str, now: datetime,
    timezone: str = "UTC", as_type: TypeEngine[Any] | None = None,
) -> sa.ColumnElement[Any]:  # fmt: skip
    """The expression as a column element; a connection to SQLite needs `register` before.

    `columns` gives, by name, a column element of the type that the field stores, or a plain value
    (or bound parameter) that is constant for the statement.
    Without `as_type` a yes/no expression is a condition for WHERE, ON and their AND and OR, where
    NULL does what false does: it must not be negated or selected. With `as_type`, the column type
    of a field, the result is a value as that field stores it: true or false, numbers rounded half
    up to the type's scale.
    Raises Invalid (`expression.*`) for what a database can't compute.
    """
    translator = _TRANSLATORS[dialect](columns, now=now, timezone=timezone)
    try:
        return translator.finished(expression.tree, as_type)
    except FAILURES as error:
        values = {"text": expression.text[:200]}
        raise Invalid(Problem("expression.evaluation", values)) from error


__all__ = ["register", "to_sql"]
