"""A field becomes another type with its values, and goes back without losing any."""

from __future__ import annotations

import sys
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from engine.definitions import Field
from engine.jobs import Worker
from engine.kernel.errors import Invalid
from engine.publishing import check, publish, rollback
from engine.records import (
    Query,
    change_record,
    create_record,
    get_record,
    history,
    preview_conversion,
    query_records,
    react,
    unread_values,
)
from engine.storage import Database, Work, find_conversion
from tests.factories.small_app import (
    ACCOUNT,
    APP,
    LINE,
    QUOTATION,
    SYSTEM,
    a_field,
    an_app,
    publish_documents,
    put,
    uid_of,
    with_fields,
)

JOB = sys.modules["engine.records.convert_field"]
CODE = a_field("code")
DOUBLE = a_field("double", "formula", formula="code * 2", options={"result": "number"})


def coded(type_: str, *more: dict[str, Any], **options: Any) -> dict[str, Any]:
    """Quotations with a code of this type."""
    return with_fields(QUOTATION, {**a_field("code", type_, searchable=True), **({"options": options} if options else {})}, *more)


@pytest.fixture
def published(database: Database) -> Database:
    database.reactions = (react,)
    publish_documents(database, an_app(), ACCOUNT, coded("text"), LINE)
    return database


def a_quotation(database: Database, code: Any = None, title: str = "Pumps") -> UUID:
    with database.work(SYSTEM) as work:
        return create_record(work, APP, "quotation", {"title": title, "code": code}).id


def code_of(database: Database, id_: UUID, key: str = "code") -> Any:
    with database.work(SYSTEM, writes=False) as work:
        return get_record(work, APP, "quotation", id_).values[key]


def codes(database: Database, ids: list[UUID]) -> list[Any]:
    return [code_of(database, id_) for id_ in ids]


def write(database: Database, id_: UUID, code: Any) -> None:
    with database.work(SYSTEM) as work:
        change_record(work, APP, "quotation", id_, {"code": code})


def run_jobs(database: Database) -> None:
    worker = Worker(database)
    while worker.run_once():
        pass


def field(work: Work, release: int, key: str = "code") -> Field:
    return work.model_of(APP, release).entities["quotation"].fields[key]


def test_values_come_along_and_what_can_not_be_read_is_kept_and_named(published: Database) -> None:
    ids = [a_quotation(published, code) for code in ("12", "1,200.50", "12 kg", None)]

    publish_documents(published, coded("decimal"))
    assert codes(published, ids) == [None, None, None, None]
    run_jobs(published)

    assert codes(published, ids) == [Decimal("12.00"), Decimal("1200.50"), None, None]
    with published.work(SYSTEM, writes=False) as work:
        unread = unread_values(work, APP, "quotation", field(work, 1), field(work, 2))
        assert [(item["title"], item["before"], item["reason"]) for item in unread] == [("Pumps", "12 kg", "“12 kg” can't be read as Decimal number.")]
        entry = history(work, APP, "quotation", ids[2])[0]
        assert entry["cause"] == "conversion"
        assert entry["changes"][0] == {"field": "code", "before": "12 kg", "after": None}
        found = query_records(work, APP, "quotation", Query(filter="code > 100"))
        assert [record.id for record in found.records] == [ids[1]]


def test_the_preview_says_beforehand_what_the_job_does(published: Database) -> None:
    for number in range(30):
        a_quotation(published, f"{number}")
    for text in ("n/a", "12 kg"):
        a_quotation(published, text, title=f"Bad {text}")
    publish_documents(published, coded("decimal"))

    with published.work(SYSTEM, writes=False) as work:
        found = preview_conversion(work, APP, "quotation", field(work, 1), field(work, 2), is_fresh=True)
    assert {name: found[name] for name in ("total", "filled", "carried", "restored", "failed", "is_capped")} == {
        "total": 32, "filled": 32, "carried": 30, "restored": 0, "failed": 2, "is_capped": False,
    }
    assert len(found["samples"]) == 20
    assert all(item["after"] == f"{item['before']}.00" for item in found["samples"])
    assert {item["title"] for item in found["failures"]} == {"Bad n/a", "Bad 12 kg"}

    with published.work(SYSTEM, writes=False) as work:
        run = find_conversion(work, work.tables(APP)["quotation"].name, field(work, 2).column)
        assert run is not None
        assert not run.is_done
    run_jobs(published)
    with published.work(SYSTEM, writes=False) as work:
        run = find_conversion(work, work.tables(APP)["quotation"].name, field(work, 2).column)
        assert run is not None
        assert (run.is_done, run.carried, run.failed) == (True, 30, 2)


def test_going_back_restores_old_values_and_takes_new_ones_along(published: Database) -> None:
    kept, unread, changed, emptied, filled, late = (a_quotation(published, code) for code in ("007", "n/a", "1", "2", "x", None))
    publish_documents(published, coded("decimal"))
    run_jobs(published)
    write(published, changed, "41.5")
    write(published, emptied, None)
    write(published, filled, "9")
    fresh = a_quotation(published, "5")

    publish_documents(published, coded("text"))
    run_jobs(published)

    assert codes(published, [kept, unread, changed, emptied, filled, late, fresh]) == ["007", "n/a", "41.50", None, "9.00", None, "5.00"]


def test_a_rollback_goes_back_as_well(published: Database) -> None:
    ids = [a_quotation(published, code) for code in ("007", "n/a")]
    publish_documents(published, coded("integer"))
    run_jobs(published)
    assert codes(published, ids) == [7, None]

    with published.work(SYSTEM) as work:
        rollback(work, APP, 1)
    run_jobs(published)

    assert codes(published, ids) == ["007", "n/a"]


def test_going_back_before_the_job_is_through_loses_nothing(published: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = [a_quotation(published, str(number)) for number in range(6)]
    monkeypatch.setattr(JOB, "BATCH", 2)
    publish_documents(published, coded("integer"))
    with pytest.raises(RuntimeError, match="died"):
        die_after(published, 2)
    assert codes(published, ids) == [0, 1, 2, 3, None, None]

    publish_documents(published, coded("text"))
    assert codes(published, ids) == ["0", "1", "2", "3", "4", "5"]
    run_jobs(published)

    assert codes(published, ids) == ["0", "1", "2", "3", "4", "5"]


def die_after(database: Database, portions: int) -> None:
    """Run the conversion like a worker that is killed after so many portions."""
    count = 0

    def progress(*_: object) -> None:
        nonlocal count
        count += 1
        if count == portions:
            raise RuntimeError("died")

    with pytest.MonkeyPatch.context() as patch, database.work(SYSTEM, writes=False) as work:
        patch.setattr(JOB, "set_progress", progress)
        table = work.tables(APP)["quotation"].name
        JOB.convert_field(work, JOB.ConvertPayload(APP, table, field(work, work.release_number(APP)).column))


def test_a_worker_that_dies_is_followed_by_one_that_goes_on(published: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = [a_quotation(published, str(number)) for number in range(7)]
    monkeypatch.setattr(JOB, "BATCH", 3)
    publish_documents(published, coded("integer"))
    with pytest.raises(RuntimeError, match="died"):
        die_after(published, 1)
    write(published, ids[0], 100)
    write(published, ids[6], 600)

    run_jobs(published)

    assert codes(published, ids) == [100, 1, 2, 3, 4, 5, 600]
    with published.work(SYSTEM, writes=False) as work:
        run = find_conversion(work, work.tables(APP)["quotation"].name, field(work, 2).column)
        assert run is not None
        assert (run.carried, run.kept) == (6, 1)


def test_a_third_type_waits_for_the_second(published: Database) -> None:
    a_quotation(published, "1")
    publish_documents(published, coded("integer"))
    put(published, coded("money"))
    with published.work(SYSTEM, writes=False) as work:
        assert [item.code for item in check(work, APP).findings if item.severity == "error"] == ["storage.conversion_under_way"]
    with pytest.raises(Invalid) as caught, published.work(SYSTEM) as work:
        publish(work, APP)
    assert caught.value.problems[0].code == "storage.conversion_under_way"

    run_jobs(published)
    publish_documents(published, coded("money"))


def test_what_follows_from_the_field_is_worked_out_anew(published: Database) -> None:
    id_ = a_quotation(published, "21")
    publish_documents(published, coded("integer", DOUBLE))
    run_jobs(published)

    assert code_of(published, id_, "double") == Decimal("42.00")
    with published.work(SYSTEM, writes=False) as work:
        assert [record.id for record in query_records(work, APP, "quotation", Query(search="21")).records] == [id_]


def test_a_unique_field_leaves_the_second_of_two_like_values_out(published: Database) -> None:
    ids = [a_quotation(published, code) for code in ("1", "1.0", "2")]
    unique = with_fields(QUOTATION, {**a_field("code", "decimal"), "unique": True})
    publish_documents(published, unique)
    run_jobs(published)
    assert codes(published, ids) == [Decimal("1.00"), None, Decimal("2.00")]

    publish_documents(published, coded("text"))
    run_jobs(published)
    assert codes(published, ids) == ["1", "1.0", "2"]


def test_texts_become_references_by_title_and_go_back(published: Database) -> None:
    with published.work(SYSTEM) as work:
        acme = create_record(work, APP, "account", {"name": "Acme"}).id
    ids = [a_quotation(published, code) for code in ("Acme", "Nobody")]
    publish_documents(published, coded("reference", entity="account"))
    run_jobs(published)
    assert codes(published, ids) == [acme, None]

    publish_documents(published, coded("text"))
    run_jobs(published)
    assert codes(published, ids) == ["Acme", "Nobody"]


def test_a_formula_can_be_frozen_into_a_number(published: Database) -> None:
    formula = a_field("double", "formula", formula="amount * 2", options={"result": "number"})
    publish_documents(published, with_fields(QUOTATION, CODE, formula))
    with published.work(SYSTEM) as work:
        id_ = create_record(work, APP, "quotation", {"title": "Pumps", "amount": "4"}).id

    publish_documents(published, with_fields(QUOTATION, CODE, a_field("double", "decimal")))
    run_jobs(published)

    assert code_of(published, id_, "double") == Decimal("8.00")


def test_nothing_becomes_rows(published: Database) -> None:
    put(published, with_fields(QUOTATION, a_field("code", "file")))
    with published.work(SYSTEM, writes=False) as work:
        assert [item.code for item in check(work, APP).findings if item.severity == "error"] == ["storage.no_conversion"]


def test_the_key_may_change_while_values_are_carried_over(published: Database) -> None:
    id_ = a_quotation(published, "12")
    publish_documents(published, coded("integer"))
    renamed = with_fields(QUOTATION, a_field("number", "integer", uid=uid_of("field/code")))
    publish_documents(published, renamed)
    run_jobs(published)

    assert code_of(published, id_, "number") == 12
