"""What the SQL of an expression looks like: constants first, bare columns, indexes used."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.util import ClauseAdapter

from engine.expressions import compile, register, to_sql  # noqa: A004
from engine.expressions.to_sql.fragment import fill
from engine.expressions.to_sql.sqlite import SqliteTranslator
from engine.expressions.to_sql.types import Entries, Id, Moment, Scaled
from engine.fields.column_types import Bytes16, Exact, Instant, Texts, binary_text
from engine.kernel.errors import Invalid

NOW = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
OWNER = UUID("01939e2c-6f00-7abc-8def-0123456789ab")
NAMES: dict[str, Any] = {
    "amount": "number", "paid": "number", "quantity": "number", "ratio": "number", "name": "text", "due_on": "date",
    "created_on": "datetime", "open": "yes_no", "tags": "list", "owner": "reference", "lines": "rows", "what": "any", "files": "file",
    "actor.id": "reference", "actor.roles": "list", "now.zone": "text",
}  # fmt: skip
TABLE = sa.Table(
    "deal",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("amount", Exact(2), index=True),
    sa.Column("paid", Exact(4)),
    sa.Column("quantity", sa.BigInteger(), index=True),
    sa.Column("ratio", sa.Float()),
    sa.Column("name", binary_text(), index=True),
    sa.Column("due_on", sa.Date(), index=True),
    sa.Column("created_on", Instant(), index=True),
    sa.Column("open", sa.Boolean(), index=True),
    sa.Column("tags", Texts()),
    sa.Column("owner", Bytes16(), index=True),
)
PLAIN = {"actor.id": OWNER, "actor.roles": ("sales",), "now.zone": "x"}


def names(name: str) -> Any:
    return PLAIN[name] if name in PLAIN else TABLE.c[name] if name in TABLE.c else sa.column(name, sa.Text())


def sql(text: str, dialect: str, *, columns: Any = names, as_type: Any = None) -> sa.ColumnElement[Any]:
    return to_sql(compile(text, NAMES), columns, dialect=dialect, now=NOW, timezone="Asia/Shanghai", as_type=as_type)


def shown(text: str, dialect: str, **more: Any) -> str:
    compiler = sqlite.dialect() if dialect == "sqlite" else postgresql.dialect()
    return str(sql(text, dialect, **more).compile(dialect=compiler)).replace("\n", " ")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def connection(request: pytest.FixtureRequest) -> Iterator[sa.Connection]:
    url = "sqlite://" if request.param == "sqlite" else request.getfixturevalue("postgresql_url")
    engine = sa.create_engine(url)
    if request.param == "sqlite":
        sa.event.listen(engine, "connect", lambda raw, _record: register(raw))
    with engine.connect() as opened:
        TABLE.create(opened)
        rows = [
            {
                "id": number, "amount": Decimal(number), "paid": None, "quantity": number, "ratio": 0.5 * number, "name": f"n{number:04}",
                "due_on": date.fromordinal(740_000 + number), "created_on": NOW.replace(year=2000 + number % 50), "open": number % 50 == 0,
                "tags": ("a", "b") if number % 2 else (), "owner": OWNER if number == 7 else UUID(int=number),
            }
            for number in range(2000)
        ]  # fmt: skip
        opened.execute(TABLE.insert(), rows)
        if request.param == "postgresql":
            opened.execute(sa.text("ANALYZE deal"))
        yield opened
        opened.rollback()
    engine.dispose()


@pytest.mark.parametrize(
    "text",
    [
        "amount > 1990", "amount = 5", "amount = 1.50", "quantity > 1995.5", "quantity in (1, 2)", 'name = "n0005"',
        'name in ("n0001", "n0002")', 'name < "n0003"', "due_on < add_days(date(2027, 1, 15), 2)", "owner = actor.id",
        'due_on = "2027-01-15" and amount > 5', 'to_date(created_on) = "2000-11-24"', 'to_date(created_on) < "2000-01-02"', "created_on < \"2000-01-02T00:00:00Z\"", "5 > quantity",
    ],
)  # fmt: skip
def test_comparing_a_field_with_a_constant_uses_its_index(text: str, connection: sa.Connection) -> None:
    statement = sa.select(TABLE.c.id).where(sql(text, connection.dialect.name))
    compiled = statement.compile(connection, compile_kwargs={"literal_binds": False})
    explain = "EXPLAIN QUERY PLAN " if connection.dialect.name == "sqlite" else "EXPLAIN "
    connection.execute(statement)

    @sa.event.listens_for(connection, "before_cursor_execute", retval=True)
    def prefixed(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> Any:
        return explain + statement, parameters

    try:
        plan = str(connection.execute(statement).fetchall())
    finally:
        sa.event.remove(connection, "before_cursor_execute", prefixed)
    assert "ix_deal_" in plan, (str(compiled), plan)


def found(connection: sa.Connection, text: str) -> list[int]:
    condition = sql(text, connection.dialect.name)
    return list(connection.scalars(sa.select(TABLE.c.id).where(condition).order_by(TABLE.c.id)))


def test_conditions_find_the_right_records(connection: sa.Connection) -> None:
    assert found(connection, "owner = actor.id") == [7]
    assert found(connection, "amount < 3 or quantity > 1997.5") == [0, 1, 2, 1998, 1999]
    assert found(connection, "ratio * 2 = quantity and quantity < 2") == [0, 1]
    assert found(connection, "open and quantity < 60 and not (paid > 5)") == [0, 50]
    assert found(connection, "true and quantity = 3") == [3]
    assert found(connection, "false or 1 > 2") == []
    assert len(found(connection, "true")) == 2000
    assert found(connection, "count(tags) = 2 and quantity < 4") == [1, 3]


def test_results_sort_and_come_back_as_values(connection: sa.Connection) -> None:
    dialect = connection.dialect.name
    rest = sql("amount - quantity * 2", dialect)
    assert list(connection.scalars(sa.select(rest).order_by(rest).limit(2))) == [Decimal(-1999), Decimal(-1998)]
    for text, first in [
        ("round(amount / 3, 2)", Decimal(0)), ("add_days(due_on, 1)", date.fromordinal(740_001)),
        ("add_hours(created_on, 1)", datetime(2000, 11, 24, 9, 30, tzinfo=UTC)), ("if(open, owner, actor.id)", UUID(int=0)),
        ("if(quantity > 5, tags, [\"x\"])", ("x",)), ("name & \"!\"", "n0000!"), ("quantity", 0), ("amount", Decimal(0)),
        ("null", None), ("5.25", Decimal("5.25")), ('"x"', "x"), ("now()", NOW), ("today()", date(2026, 11, 24)), ("actor.id", OWNER),
        ("if(quantity < 0, \"2026-01-01\", today())", date(2026, 11, 24)), ("-ratio", Decimal(0)),
    ]:  # fmt: skip
        element = sql(text, dialect)
        assert connection.scalars(sa.select(element).where(TABLE.c.id == 0)).first() == first, text


def test_a_value_is_stored_as_the_field_stores_it(connection: sa.Connection) -> None:
    dialect = connection.dialect.name
    for text, type_, value in [
        ("quantity / 3", Exact(2), Decimal("0.33")), ("0.005", Exact(2), Decimal("0.01")), ("null", Exact(2), None),
        ("quantity", Exact(4), Decimal(1)), ("amount / 7", Exact(0), Decimal(0)), ("paid", Exact(2), None),
        ("paid > 5", sa.Boolean(), False), ("open and paid > 5", sa.Boolean(), False), ("true", sa.Boolean(), True),
        ("quantity * 10000000000 * 10000000000", Exact(2), Decimal(10**20)),
    ]:  # fmt: skip
        element = sql(text, dialect, as_type=type_)
        got = connection.scalars(sa.select(element).where(TABLE.c.id == 1)).first()
        assert got == value, text
        assert got is not None or value is None, text


def test_what_is_constant_is_worked_out_first() -> None:
    for dialect in ("sqlite", "postgresql"):
        assert shown("due_on < today() + 7 and 1 < 2", dialect).count("due_on") == 1
        assert "today" not in shown("due_on < add_months(today(), 1)", dialect)
        assert shown('"sales" in actor.roles', dialect) in ("1", "true")
        assert shown('"finance" in actor.roles', dialect) in ("0", "false")
        assert shown("if(2 > 1, amount, paid) > 5", dialect).startswith("(deal.amount >")
        assert shown("amount = null and 1 = 2", dialect) in ("0", "false")


def test_a_bound_parameter_counts_as_its_value() -> None:
    bound = sa.bindparam(None, OWNER, type_=Bytes16(), unique=True)
    empty = sa.bindparam(None, None, type_=Bytes16(), unique=True)
    assert "IS NULL" in shown("owner = actor.id", "sqlite", columns=lambda name: empty if name == "actor.id" else names(name))
    assert "deal.owner = ?" in shown("owner = actor.id", "sqlite", columns=lambda name: bound if name == "actor.id" else names(name))


def test_deep_expressions_become_one_call_on_sqlite() -> None:
    text = "name"
    for _ in range(35):
        text = f'concat({text}, "x")'
    element = sql(text, "sqlite")
    assert str(element).count("formwork_expression") == 1
    engine = sa.create_engine("sqlite://")
    sa.event.listen(engine, "connect", lambda raw, _record: register(raw))
    with engine.connect() as connection:
        TABLE.create(connection)
        connection.execute(TABLE.insert().values(id=1, name="n0001"))
        assert connection.scalars(sa.select(element)).one() == "n0001" + "x" * 35
    engine.dispose()


def test_what_no_database_holds_is_refused() -> None:
    for dialect, text in [
        ("sqlite", "count(lines) > 1"), ("postgresql", "count(lines) > 1"), ("postgresql", "chinese_amount(amount) = \"x\""),
        ("postgresql", '["a", name]'), ("sqlite", "what"), ("sqlite", "is_blank(if_blank(files, files))"), ("postgresql", "what = 5"),
    ]:  # fmt: skip
        with pytest.raises(Invalid) as caught:
            sql(text, dialect)
        assert caught.value.problems[0].code == "expression.not_in_sql"


def test_a_statement_that_would_explode_is_refused() -> None:
    text = "to_number(name)"
    for _ in range(8):
        text = f"to_number(text(round({text}, to_number(name))))"
    with pytest.raises(Invalid) as caught:
        for _ in range(10):
            text = f"to_date(upper(text(add_months(to_date(text({text})), 1))))"
            sql(text, "postgresql")
    assert caught.value.problems[0].code in ("expression.too_large_for_database", "expression.too_deep")


def test_too_many_columns_for_one_call_are_refused_on_sqlite() -> None:
    many = {f"c{number}": "number" for number in range(120)}
    expression = compile(f"min({', '.join(list(many)[:40])}) + min({', '.join(list(many)[40:80])}) + min({', '.join(list(many)[80:])}) > 1", many)
    with pytest.raises(Invalid):
        to_sql(expression, lambda name: sa.column(name, Exact(2)), dialect="sqlite", now=NOW)


def test_a_value_that_an_expression_cannot_hold_is_refused() -> None:
    with pytest.raises(Invalid):
        sql("actor.id = owner", "sqlite", columns=lambda name: object() if name == "actor.id" else names(name))
    with pytest.raises(Invalid):
        sql("upper(now.zone) = name", "sqlite", columns=lambda name: Decimal(1) if name == "now.zone" else names(name))


def test_an_expression_follows_an_alias_and_caches_its_statement() -> None:
    alias = TABLE.alias("other")
    element = ClauseAdapter(alias).traverse(sql("amount > 5 and contains(name, \"x\")", "postgresql"))
    assert "deal." not in str(element)
    assert str(element).count("other.") == 2
    one, two = (sa.select(sql(f"amount > {number}", "postgresql"))._generate_cache_key() for number in (5, 6))
    assert one is not None
    assert one == two
    other = sa.select(sql("amount < 5", "postgresql"))._generate_cache_key()
    assert one != other
    assert str(sa.select(TABLE.c.id).where(~sql("amount > 5", "postgresql"))).count("NOT") == 1


def test_computed_values_are_stored_like_those_of_fields() -> None:
    dialects = [sqlite.dialect(), postgresql.dialect()]
    for own, theirs, value in [(Moment(), Instant(), NOW), (Id(), Bytes16(), OWNER), (Entries(), Texts(), ("a", "b"))]:
        for dialect in dialects:
            bound = theirs.process_bind_param(value, dialect)
            assert own.process_bind_param(value, dialect) == bound
            assert own.process_result_value(bound, dialect) == value
            assert own.process_bind_param(None, dialect) is None
            assert own.process_result_value(None, dialect) is None
    assert Scaled(2).process_result_value(150, dialects[0]) == Decimal("1.50")
    assert Scaled(2).process_result_value(None, dialects[0]) is None


def test_the_sqlite_function_answers_null_for_what_is_too_large() -> None:
    connection = sqlite3.connect(":memory:")
    register(connection)
    call = "SELECT formwork_expression(?, ?, ?)"
    square = '["*",["f","0","number"],["f","0","number"]]'
    assert connection.execute(call, (square, "number2,number0", 10**17)).fetchone() == (None,)
    assert connection.execute(call, (square, "number2,number0", 10**12)).fetchone() == (1e26,)
    assert connection.execute(call, (square, "number2,number0", None)).fetchone() == (None,)
    assert connection.execute(call, (square, "number2,number0", 1.5)).fetchone() == (225,)
    connection.close()


def test_templates_must_fit_their_arguments() -> None:
    with pytest.raises(RuntimeError):
        fill("{} + {}", ("a",))
    assert SqliteTranslator.same == "IS"
