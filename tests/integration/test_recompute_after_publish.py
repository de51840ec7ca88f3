"""What a publish changes about derived values and search reaches the records that are there."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

import pytest
import sqlalchemy as sa

from engine.jobs import Worker
from engine.publishing import rollback
from engine.records import create_record, get_record, react
from engine.storage import Database, search_predicate
from tests.factories.small_app import (
    ACCOUNT,
    APP,
    LINE,
    QUOTATION,
    SYSTEM,
    a_field,
    an_app,
    publish_documents,
    with_fields,
)


@pytest.fixture
def published(database: Database) -> Database:
    database.reactions = (react,)
    publish_documents(database, an_app(), ACCOUNT, QUOTATION, LINE)
    return database


def a_quotation(database: Database) -> UUID:
    with database.work(SYSTEM) as work:
        return create_record(work, APP, "quotation", {"title": "Pumps", "amount": "12.50"}).id


def run_jobs(database: Database) -> None:
    worker = Worker(database)
    while worker.run_once():
        pass


def test_a_new_formula_is_worked_out_for_records_that_are_there(published: Database) -> None:
    record_id = a_quotation(published)
    double = a_field("double", "formula", formula="amount * 2", options={"result": "number"})

    publish_documents(published, with_fields(QUOTATION, double))
    run_jobs(published)

    with published.work(SYSTEM, writes=False) as work:
        assert get_record(work, APP, "quotation", record_id).values["double"] == Decimal("25.00")


def test_a_rollback_brings_the_old_formula_back(published: Database) -> None:
    record_id = a_quotation(published)
    for formula in ("amount * 2", "amount * 3"):
        field = a_field("total", "formula", formula=formula, options={"result": "number"})
        publish_documents(published, with_fields(QUOTATION, field))
    run_jobs(published)

    with published.work(SYSTEM) as work:
        rollback(work, APP, 2)
    run_jobs(published)

    with published.work(SYSTEM, writes=False) as work:
        assert get_record(work, APP, "quotation", record_id).values["total"] == Decimal("25.00")


def test_a_field_that_becomes_searchable_is_searched_at_once(published: Database) -> None:
    a_quotation(published)
    fields = [{**item, "searchable": item["key"] == "title"} for item in QUOTATION["fields"]]

    publish_documents(published, {**QUOTATION, "fields": fields})
    run_jobs(published)

    with published.work(SYSTEM, writes=False) as work:
        table = work.tables(APP)["quotation"]
        query = sa.select(sa.func.count()).where(search_predicate(table, "ump", work.dialect))
        assert work.connection.execute(query).scalar_one() == 1
