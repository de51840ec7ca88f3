"""The column of every field type gives back what was put in, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from engine.fields import TYPES, FieldType
from tests.contract.field_cases import CASES, accepts


@pytest.fixture(params=["sqlite", "postgresql"])
def connection(request: pytest.FixtureRequest) -> Iterator[sa.Connection]:
    url = "sqlite://" if request.param == "sqlite" else request.getfixturevalue("postgresql_url")
    source = sa.create_engine(url, poolclass=sa.NullPool)
    with source.connect() as found:
        yield found
    source.dispose()


def test_columns_give_back_what_was_put_in(connection: sa.Connection) -> None:
    stored = [
        (f"c{place}", *case.values)
        for place, case in enumerate(CASES)
        if case.values[0].column(case.values[1]) is not None
    ]
    columns = [sa.Column(name, type_.column(options)) for name, type_, options in stored]
    table = sa.Table("samples", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), *columns, prefixes=["TEMPORARY"])
    table.create(connection)
    rows = [
        {name: _sample(type_, options, number) for name, type_, options in stored} for number in range(12)
    ]
    connection.execute(table.insert(), [{**row, "id": number} for number, row in enumerate(rows)])
    connection.execute(table.insert().values(id=99))

    for number, row in enumerate(rows):
        found = connection.execute(table.select().where(table.c.id == number)).mappings().one()
        for name, type_, _options in stored:
            assert found[name] == row[name], type_.key
            assert isinstance(found[name], type(row[name])), type_.key
            same = sa.select(table.c.id).where(table.c[name] == row[name], table.c.id == number)
            assert row[name] is None or connection.execute(same).scalar() == number, type_.key
    empty = connection.execute(table.select().where(table.c.id == 99)).mappings().one()
    assert {empty[name] for name, _, _ in stored} == {None}


def _sample(type_: FieldType[Any], options: dict[str, Any], number: int) -> Any:
    accepted = [raw for raw in (*type_.samples, "2024-02-29", 1, "A-1", True) if accepts(type_, raw, options)]
    return type_.parse(accepted[number % len(accepted)], options) if accepted else None


def test_texts_sort_alike_on_both_databases(connection: sa.Connection) -> None:
    texts = ["a", "B", "b", "_", "É", "é", "中", "Z", "aa", "a b", "a-b"]
    table = sa.Table("texts", sa.MetaData(), sa.Column("word", TYPES["text"].column({})), prefixes=["TEMPORARY"])
    table.create(connection)
    connection.execute(table.insert(), [{"word": text} for text in texts])

    found = connection.execute(sa.select(table.c.word).order_by(table.c.word)).scalars().all()

    assert found == sorted(texts)
