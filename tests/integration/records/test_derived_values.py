"""Derived values follow every change, through chains of records, within the transaction or by a job."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from engine.jobs import KINDS
from engine.records import (
    change_record,
    create_record,
    derive,
    get_record,
    remove_record,
    restore_record,
)
from engine.records.access import access_to
from engine.records.graph import Node
from engine.records.recompute import recompute
from engine.storage import Work
from tests.factories.records import make, value
from tests.factories.shop import APP, Shop


def change(shop: Shop, entity: str, id_: UUID, **values: Any) -> None:
    with shop.work("maria") as work:
        change_record(work, APP, entity, id_, values)


def test_a_change_runs_through_mirror_formula_rollup_and_formula(shop: Shop, mark: str) -> None:
    account = make(shop, "account", name=mark, discount="10")
    sale = make(shop, "sale", subject=mark, account=account, lines=[{"quantity": 10, "price": "100"}])
    assert value(shop, "account", account, "bonus") == Decimal("9.00")

    change(shop, "account", account, discount="50", name=f"{mark} renamed")

    assert value(shop, "sale", sale, "discount") == 50
    assert value(shop, "sale", sale, "net") == 500
    assert value(shop, "sale", sale, "headline") == f"{mark} / {mark} renamed"
    assert value(shop, "account", account, "turnover") == 500
    assert value(shop, "account", account, "bonus") == 5


def test_a_record_that_moves_leaves_one_rollup_and_joins_another(shop: Shop, mark: str) -> None:
    first, second = make(shop, "account", name=mark), make(shop, "account", name=f"{mark} b")
    sale = make(shop, "sale", subject=mark, account=first, lines=[{"quantity": 1, "price": "7"}])

    change(shop, "sale", sale, account=str(second))
    assert [value(shop, "account", id_, "turnover") for id_ in (first, second)] == [0, 7]

    change(shop, "sale", sale, account=None)
    assert [value(shop, "account", id_, "open_sales") for id_ in (first, second)] == [0, 0]
    assert value(shop, "sale", sale, "headline") == f"{mark} / "


def test_a_rollup_counts_only_what_its_filter_lets_through(shop: Shop, mark: str) -> None:
    account = make(shop, "account", name=mark)
    sale = make(shop, "sale", subject=mark, account=account)
    make(shop, "sale", subject=f"{mark} b", account=account, status="paid")
    assert value(shop, "account", account, "open_sales") == 1

    change(shop, "sale", sale, status="paid")
    assert value(shop, "account", account, "open_sales") == 0


def test_removed_records_and_rows_do_not_count_until_they_come_back(shop: Shop, mark: str) -> None:
    account, product = make(shop, "account", name=mark), make(shop, "product", name=mark, price="5")
    sale = make(shop, "sale", subject=mark, account=account, lines=[{"product": product, "quantity": 4}])
    assert (value(shop, "account", account, "turnover"), value(shop, "product", product, "sold")) == (20, 4)

    with shop.work("maria") as work:
        remove_record(work, APP, "sale", sale)
    assert (value(shop, "account", account, "turnover"), value(shop, "product", product, "sold")) == (0, 0)

    change(shop, "account", account, discount="50")
    change(shop, "product", product, name=f"{mark} new")
    with shop.work("maria") as work:
        restored = restore_record(work, APP, "sale", sale)
    assert restored.values["net"] == 10
    assert restored.values["lines"][0]["product_name"] == f"{mark} new"
    assert (value(shop, "account", account, "turnover"), value(shop, "product", product, "sold")) == (10, 4)


def test_rows_that_come_change_and_go_are_counted_where_they_point_to(shop: Shop, mark: str) -> None:
    one, two = make(shop, "product", name=mark), make(shop, "product", name=f"{mark} b")
    sale = make(shop, "sale", subject=mark, lines=[{"product": one, "quantity": 1}, {"product": one, "quantity": 2}])
    first, second = (str(row["id"]) for row in value(shop, "sale", sale, "lines"))

    change(shop, "sale", sale, lines=[{"id": first, "product": str(two)}, {"id": second, "quantity": 5}, {"quantity": 1, "product": str(two)}])
    assert [value(shop, "product", id_, "sold") for id_ in (one, two)] == [5, 2]

    change(shop, "sale", sale, lines=[])
    assert [value(shop, "product", id_, "sold") for id_ in (one, two)] == [0, 0]
    assert value(shop, "sale", sale, "total") == 0


def test_dependents_keep_their_rev_so_that_nobodys_editing_becomes_stale(shop: Shop, mark: str) -> None:
    account = make(shop, "account", name=mark)
    sale = make(shop, "sale", subject=mark, account=account)

    change(shop, "account", account, discount="3")

    with shop.work("maria") as work:
        assert change_record(work, APP, "sale", sale, {"rank": 1}, 1).rev == 2


def test_a_formula_over_the_clock_is_worked_out_when_it_is_read(shop: Shop, mark: str) -> None:
    late = make(shop, "sale", subject=mark, due_on="2000-01-01")

    assert value(shop, "sale", late, "is_late") is True
    change(shop, "sale", late, status="paid")
    assert value(shop, "sale", late, "is_late") is False


def test_a_sum_too_large_to_hold_is_nothing_rather_than_wrong(shop: Shop, mark: str) -> None:
    sale = make(shop, "sale", subject=mark, lines=[{"quantity": 1_000_000, "price": "9000000000000000"}])
    assert value(shop, "sale", sale, "lines")[0]["amount"] is None
    large = make(shop, "sale", subject=f"{mark} b", lines=[{"quantity": 1, "price": "9000000000000000"}] * 2)
    assert value(shop, "sale", large, "total") is None
    account = make(shop, "account", name=mark)
    for at in range(12):
        make(shop, "sale", subject=f"{mark} {at}", account=account, lines=[{"quantity": 1, "price": "9000000000000000"}])

    assert value(shop, "account", account, "turnover") is None


def _run_jobs(shop: Shop) -> None:
    """Run the waiting recomputations as a worker would: each in a work of its own."""
    import sqlalchemy as sa

    from engine.storage.system_tables import job

    with shop.work() as work:
        rows = work.connection.execute(sa.select(job).where(job.c.kind == derive.JOB, job.c.status == "waiting")).all()
        work.connection.execute(job.delete().where(job.c.kind == derive.JOB))
    for row in rows:
        with shop.work(writes=False) as work:
            KINDS[derive.JOB].run(work, row.payload)


def test_more_dependents_than_a_transaction_should_touch_are_left_to_a_job(
    shop: Shop, mark: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(derive, "MAX_RECORDS", 3)
    account = make(shop, "account", name=mark, discount="0")
    for at in range(5):
        make(shop, "sale", subject=f"{mark} {at}", account=account, lines=[{"quantity": 1, "price": "100"}])
    _run_jobs(shop)

    change(shop, "account", account, discount="10")
    assert value(shop, "account", account, "turnover") == 500

    monkeypatch.undo()
    _run_jobs(shop)
    assert value(shop, "account", account, "turnover") == 450
    assert value(shop, "account", account, "bonus") == Decimal("4.50")


def spoil(work: Work, entity: str, key: str, id_: UUID, wrong: Any) -> None:
    """Write a wrong value past all doors."""
    table = work.tables(APP)[entity]
    column = work.model(APP).entities[entity].fields[key].column
    work.connection.execute(table.update().where(table.c.id == id_).values({column: wrong}))


def test_recomputing_mends_every_derived_value_of_an_entity(shop: Shop, mark: str) -> None:
    account = make(shop, "account", name=mark, discount="10")
    sale = make(shop, "sale", subject=mark, account=account, lines=[{"quantity": 1, "price": "100"}])
    row = value(shop, "sale", sale, "lines")[0]["id"]
    with shop.work() as work:
        for entity, key, id_ in (("line", "amount", row), ("sale", "total", sale), ("sale", "net", sale), ("account", "bonus", account)):
            spoil(work, entity, key, id_, Decimal("77.77"))

    with shop.work(writes=False) as work:
        for entity in ("line", "sale", "account"):
            recompute(work, {"app": APP, "entity": entity})
        recompute(work, {"app": APP, "entity": "nothing"})

    assert value(shop, "sale", sale, "lines")[0]["amount"] == 100
    assert value(shop, "sale", sale, "net") == 90
    assert value(shop, "account", account, "turnover") == 90
    assert value(shop, "account", account, "bonus") == Decimal("0.90")


def test_many_changes_in_one_work_end_in_the_same_values_as_one_by_one(shop: Shop, mark: str) -> None:
    with shop.work("maria") as work:
        account = create_record(work, APP, "account", {"name": mark, "discount": "10"}).id
        sales = [
            create_record(work, APP, "sale", {"subject": f"{mark} {at}", "account": str(account), "lines": [{"quantity": 1, "price": str(at)}]}).id
            for at in range(1, 5)
        ]
        change_record(work, APP, "account", account, {"discount": "20"})
        remove_record(work, APP, "sale", sales[3])
        change_record(work, APP, "sale", sales[0], {"lines": []})

    with shop.work("maria", writes=False) as work:
        assert get_record(work, APP, "account", account).values["turnover"] == Decimal("4.00")
        assert [get_record(work, APP, "sale", id_).values["net"] for id_ in sales[:3]] == [0, Decimal("1.60"), Decimal("2.40")]


def test_the_order_of_derived_values_puts_each_after_what_it_needs(shop: Shop) -> None:
    with shop.work(writes=False) as work:
        order = access_to(work, APP).plans.graph.order

    chain = [Node("line", "amount"), Node("sale", "total"), Node("sale", "net"), Node("account", "turnover"), Node("account", "bonus")]
    assert [order[node] for node in chain] == sorted({order[node] for node in chain})
    assert Node("sale", "is_late") not in order
