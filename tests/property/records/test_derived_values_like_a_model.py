"""Whatever is done in whatever order, stored derived values are what computing them from scratch gives."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.kernel.errors import EngineError
from engine.records import change_record, create_record, remove_record, restore_record
from engine.records.access import access_to
from engine.records.store.everything import next_ids
from engine.records.store.load import load, load_rows
from engine.storage import Work
from tests.factories.shop import APP, Shop

PLACE = st.integers(0, 3)
MONEY = st.sampled_from([None, "0", "10", "99.99", "0.01", "1234.56"])
LINE = st.fixed_dictionaries({"quantity": st.integers(0, 30)}, optional={"price": MONEY, "product": st.none() | PLACE})
STEP = st.one_of(
    st.tuples(st.just("account"), st.fixed_dictionaries({"name": st.sampled_from(["Acme", "Beta"])}, optional={"discount": st.sampled_from([None, "0", "33.33", "100"])})),
    st.tuples(st.just("product"), st.fixed_dictionaries({"name": st.sampled_from(["Pump", "Pipe"])}, optional={"price": MONEY})),
    st.tuples(st.just("sale"), st.fixed_dictionaries({"lines": st.lists(LINE, max_size=4)}, optional={"account": st.none() | PLACE, "status": st.sampled_from(["draft", "paid"])})),
    st.tuples(st.just("change account"), PLACE, st.fixed_dictionaries({}, optional={"name": st.just("Gamma"), "discount": st.sampled_from([None, "50"])})),
    st.tuples(st.just("change product"), PLACE, st.fixed_dictionaries({}, optional={"name": st.just("Valve"), "price": MONEY})),
    st.tuples(st.just("change sale"), PLACE, st.fixed_dictionaries({}, optional={
        "account": st.none() | PLACE, "status": st.just("sent"), "lines": st.lists(LINE, max_size=3), "keep": st.integers(0, 3),
    })),
    st.tuples(st.sampled_from(["remove sale", "restore sale", "remove product", "remove account"]), PLACE),
)


class UndoError(Exception):
    """Leaves a unit of work without a trace."""


@settings(max_examples=20)
@given(steps=st.lists(STEP, min_size=2, max_size=14), patience=st.integers(1, 5))
def test_stored_derived_values_are_always_those_computed_from_scratch(shop: Shop, steps: list[tuple[Any, ...]], patience: int) -> None:
    with pytest.raises(UndoError), shop.work("maria") as work:
        made: dict[str, list[UUID]] = {"account": [], "product": [], "sale": []}
        for at, step in enumerate(steps):
            _do(work, made, at, step)
            if at % patience == 0:
                work.react()
        work.react()
        _check(work, made)
        raise UndoError


def _do(work: Work, made: dict[str, list[UUID]], at: int, step: tuple[Any, ...]) -> None:
    verb, _, entity = step[0].rpartition(" ")
    if verb and not made[entity]:
        return
    id_ = made[entity][step[1] % len(made[entity])] if verb else None
    try:
        if id_ is None:
            made[entity].append(create_record(work, APP, entity, _given(made, entity, step[1], at)).id)
        elif verb == "change":
            change_record(work, APP, entity, id_, _given(made, entity, step[2], at, _rows(work, entity, id_)))
        else:
            {"remove": remove_record, "restore": restore_record}[verb](work, APP, entity, id_)
    except EngineError:  # something is gone, or held: nothing has changed
        pass


def _rows(work: Work, entity: str, id_: UUID) -> list[UUID]:
    return list(load_rows(access_to(work, APP), "line", [id_]).get(id_, {})) if entity == "sale" else []


def _given(made: dict[str, list[UUID]], entity: str, values: Mapping[str, Any], at: int, rows: list[UUID] | None = None) -> dict[str, Any]:
    """The step's values, with places turned into ids of what was made."""
    found = {key: value for key, value in values.items() if key != "keep"}
    if entity == "sale":
        if rows is None:
            found["subject"] = f"model {at}"
        if "account" in found:
            found["account"] = _id(made["account"], found["account"])
        if "lines" in found:
            kept = [{"id": str(id_)} for id_ in (rows or [])[: values.get("keep", 0)]]
            found["lines"] = kept + [{**line, **({"product": _id(made["product"], line["product"])} if "product" in line else {})} for line in found["lines"]]
    return found


def _id(known: list[UUID], place: int | None) -> str | None:
    return str(known[place % len(known)]) if known and place is not None else None


def _check(work: Work, made: dict[str, list[UUID]]) -> None:
    access = access_to(work, APP)
    accounts, products, sales = (load(access, entity, made[entity]) for entity in ("account", "product", "sale"))
    lines = load_rows(access, "line", sales)
    for id_, sale in sales.items():
        rows = list(lines.get(id_, {}).values())
        for row in rows:
            assert row["amount"] == (None if row["price"] is None else _cents(row["quantity"] * row["price"]))
            assert row["product_name"] == (products[row["product"]]["name"] if row["product"] in products else None)
        account = accounts.get(sale["account"])
        assert sale["total"] == sum((row["amount"] for row in rows if row["amount"] is not None), Decimal(0))
        assert sale["big_lines"] == sum(row["quantity"] >= 10 for row in rows)
        assert sale["discount"] == (account["discount"] if account else None)
        assert sale["net"] == _cents(sale["total"] * (100 - (sale["discount"] or 0)) / 100)
        assert sale["headline"] == f"{sale['subject']} / {account['name'] if account else ''}"
    for id_, account in accounts.items():
        theirs = [sale for sale in sales.values() if sale["account"] == id_]
        assert account["turnover"] == sum((sale["net"] for sale in theirs), Decimal(0))
        assert account["open_sales"] == sum(sale["status"] != "paid" for sale in theirs)
        assert account["bonus"] == _cents(account["turnover"] / 100)
    for id_, product in products.items():
        assert product["sold"] == sum(row["quantity"] for rows in lines.values() for row in rows.values() if row["product"] == id_)
    assert next_ids(access, "sale", None, 1_000) or not sales


def _cents(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
