"""Python, SQLite and PostgreSQL give the answers of the shared vectors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from engine.expressions import FUNCTIONS, compile, evaluate, register, to_sql  # noqa: A004
from engine.fields.column_types import Bytes16, Exact, Ids, Instant, Texts, binary_text
from engine.kernel.errors import Invalid
from tests.unit.expressions.expression_vectors import (
    CASES,
    KINDS,
    NOW,
    SCOPE,
    TIMEZONE,
    VECTORS,
    same,
    value_of,
)

CONSTANTS = {"actor.id", "actor.roles", "is_new()", "old.amount", "old.status"}


def column_type(kind: str, raw: Any) -> Any:
    if kind == "number":
        return sa.BigInteger() if isinstance(raw, int) else Exact(_scale(raw))
    types = {
        "yes_no": sa.Boolean(), "date": sa.Date(), "datetime": Instant(), "list": Texts(),
        "reference": Bytes16(), "file": Ids(),
    }  # fmt: skip
    return types.get(kind) or binary_text()


def _scale(raw: str | None) -> int:
    return len(raw.partition(".")[2]) if raw else 2


STORED = {
    name: entry
    for name, entry in VECTORS["names"].items()
    if name not in CONSTANTS and entry[0] != "rows"
}
TABLE = sa.Table(
    "thing", sa.MetaData(), *[sa.Column(name, column_type(*entry)) for name, entry in STORED.items()]
)


def stored(name: str) -> Any:
    return int(SCOPE[name]) if isinstance(TABLE.c[name].type, sa.BigInteger) else SCOPE[name]


def names_in_sql(name: str) -> Any:
    return TABLE.c[name] if name in STORED else SCOPE[name]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def connection(request: pytest.FixtureRequest) -> Iterator[sa.Connection]:
    url = "sqlite://" if request.param == "sqlite" else request.getfixturevalue("postgresql_url")
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    if request.param == "sqlite":
        sa.event.listen(engine, "connect", lambda raw, _record: register(raw))
    with engine.connect() as opened:
        opened.execute(_create(TABLE))
        opened.execute(TABLE.insert(), [{name: stored(name) for name in STORED}])
        yield opened
    engine.dispose()


def _create(table: sa.Table) -> sa.schema.CreateTable:
    table._prefixes = ["TEMPORARY"]
    return sa.schema.CreateTable(table)


SECTIONS = sorted({case["about"] for case in CASES})


def of_section(section: str) -> list[dict[str, Any]]:
    return [case for case in CASES if case["about"] == section]


@pytest.mark.parametrize("section", SECTIONS)
def test_python_answers_as_the_vectors_say(section: str) -> None:
    wrong = []
    for case in of_section(section):
        expression = compile(case["text"], KINDS)
        found = evaluate(expression, SCOPE, now=NOW, timezone=TIMEZONE)
        if expression.kind != case["kind"] or not same(found, value_of(case["kind"], case["expect"])):
            wrong.append((case["text"], expression.kind, found))
    assert wrong == []


@pytest.mark.parametrize("section", SECTIONS)
def test_sql_answers_as_the_vectors_say(section: str, connection: sa.Connection) -> None:
    dialect = connection.dialect.name
    wrong = []
    for case in of_section(section):
        if case.get("sql") or case.get(dialect):
            with pytest.raises(Invalid):
                translated(case, dialect)
            continue
        expected = value_of(case["kind"], case["expect"])
        found = selected(connection, case, expected)
        if found != expected or (case["kind"] == "text" and type(found) is not type(expected)):
            wrong.append((case["text"], found))
        if case["kind"] == "yes_no" and is_found(connection, case) is not bool(expected):
            wrong.append((case["text"], "as a condition"))
    assert wrong == []


def selected(connection: sa.Connection, case: dict[str, Any], expected: Any) -> Any:
    as_type = None if case["kind"] == "null" else column_type(case["kind"], None)
    if case["kind"] == "number":
        as_type = Exact(4 if expected is not None and abs(expected) > 9_000_000 else 12)
    element = translated(case, connection.dialect.name, as_type)
    return connection.execute(sa.select(element).select_from(TABLE)).scalar_one()


def is_found(connection: sa.Connection, case: dict[str, Any]) -> bool:
    element = translated(case, connection.dialect.name)
    statement = sa.select(sa.literal(1)).select_from(TABLE).where(element)
    return connection.execute(statement).first() is not None


def translated(case: dict[str, Any], dialect: str, as_type: Any = None) -> sa.ColumnElement[Any]:
    expression = compile(case["text"], KINDS)
    return to_sql(expression, names_in_sql, dialect=dialect, now=NOW, timezone=TIMEZONE, as_type=as_type)


def test_what_is_wrong_is_refused_with_its_place() -> None:
    wrong = []
    for case in VECTORS["refused"]:
        with pytest.raises(Invalid) as caught:
            compile(case["text"], KINDS)
        found = [(problem.code, problem.path) for problem in caught.value.problems]
        if (case["code"], (case["at"],)) not in found:
            wrong.append((case["text"], found))
    assert wrong == []


def test_every_function_is_in_the_vectors() -> None:
    told = " ".join(case["text"].lower() for case in CASES)
    assert [key for key in FUNCTIONS.keys if f"{key}(" not in told] == []


def test_the_example_of_each_function_gives_what_it_says() -> None:
    wrong = []
    for function in FUNCTIONS:
        expression = compile(f"text({function.example})", KINDS)
        if evaluate(expression, SCOPE, now=NOW, timezone=TIMEZONE) != function.result:
            wrong.append(function.key)
        assert all(function.description[language] for language in ("en", "zh-CN"))
    assert wrong == []
