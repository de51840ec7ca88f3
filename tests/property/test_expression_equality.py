"""Random expressions have the same value in Python, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings

from engine.expressions import Expression, compile, evaluate, register, to_sql  # noqa: A004
from engine.expressions.values import rounded
from engine.fields.column_types import Bytes16, Exact, Instant, Texts, binary_text
from engine.kernel.errors import Invalid
from tests.property.random_expressions import KINDS, ROWS, expressions

NOW = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
ZONE = "America/New_York"
ACTOR = ROWS[1]["owner"] or ROWS[2]["owner"]
NAMES = {**KINDS, "actor.id": "reference"}
_TYPES: dict[str, Any] = {
    "text": binary_text(), "yes_no": sa.Boolean(), "date": sa.Date(), "datetime": Instant(),
    "list": Texts(), "reference": Bytes16(), "number": Exact(2),
}  # fmt: skip
TABLE = sa.Table(
    "thing",
    sa.MetaData(),
    sa.Column("number", sa.Integer, primary_key=True),
    *[
        sa.Column(name, sa.BigInteger() if name == "quantity" else _TYPES[kind])
        for name, kind in KINDS.items()
    ],
    prefixes=["TEMPORARY"],
)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def connection(request: pytest.FixtureRequest) -> Iterator[sa.Connection]:
    url = "sqlite://" if request.param == "sqlite" else request.getfixturevalue("postgresql_url")
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    if request.param == "sqlite":
        sa.event.listen(engine, "connect", lambda raw, _record: register(raw))
    with engine.connect() as opened:
        opened.execute(sa.schema.CreateTable(TABLE))
        whole = [{**row, "quantity": None if row["quantity"] is None else int(row["quantity"])} for row in ROWS]
        opened.execute(TABLE.insert(), whole)
        yield opened
    engine.dispose()


def in_python(expression: Expression, row: dict[str, Any]) -> Any:
    """The value, or the error, which a database answers with null or not at all."""
    try:
        return evaluate(expression, {**row, "actor.id": ACTOR}, now=NOW, timezone=ZONE)
    except Invalid as error:
        return error


@settings(max_examples=150)
@given(text=expressions())
def test_python_and_the_database_agree(connection: sa.Connection, text: str) -> None:
    expression = compile(text, NAMES)
    dialect = connection.dialect.name
    kind = expression.kind
    as_type = Exact(6) if kind == "number" else _TYPES.get(kind)

    def names(name: str) -> Any:
        return ACTOR if name == "actor.id" else TABLE.c[name]

    try:
        element = to_sql(expression, names, dialect=dialect, now=NOW, timezone=ZONE, as_type=as_type)
        condition = to_sql(expression, names, dialect=dialect, now=NOW, timezone=ZONE)
    except Invalid:
        return
    found = dict(connection.execute(sa.select(TABLE.c.number, element)).all())
    for row in ROWS:
        expected = in_python(expression, row)
        if isinstance(expected, Invalid) or is_too_large(expected):
            continue
        if isinstance(expected, Decimal):
            expected = rounded(expected, 6)
        assert found[row["number"]] == expected, (text, row)
    if kind == "yes_no":
        numbers = set(connection.scalars(sa.select(TABLE.c.number).where(condition)))
        assert numbers == {row["number"] for row in ROWS if in_python(expression, row) is True}


def is_too_large(value: Any) -> bool:
    """Would it not fit the column that the result is read through?"""
    return isinstance(value, Decimal) and abs(value) >= 9 * 10**12
