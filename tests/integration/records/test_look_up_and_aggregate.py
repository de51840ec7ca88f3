"""Pickers and sums: what may be chosen, and what is counted."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from engine.kernel.errors import Invalid, NotFound
from engine.records import Measure, aggregate, look_up
from tests.factories.records import make, problems
from tests.factories.shop import APP, Shop


def pick(shop: Shop, entity: str, text: str = "", who: str = "maria", **more: Any) -> list[str]:
    with shop.work(who, writes=False) as work:
        return [found["title"] for found in look_up(work, APP, entity, text, **more)]


def test_a_picker_finds_by_parts_of_the_title_those_that_begin_so_first(shop: Shop, mark: str) -> None:
    for name in (f"Old {mark} works", f"{mark} 上海机械", f"{mark} Beta"):
        make(shop, "account", name=name, code=f"C-{name}")

    assert pick(shop, "account", mark) == [f"{mark} Beta", f"{mark} 上海机械", f"Old {mark} works"]
    assert pick(shop, "account", f"{mark} 机") == [f"{mark} 上海机械"]
    assert pick(shop, "account", f"{mark} 机械 上") == [f"{mark} 上海机械"]
    assert pick(shop, "account", f"{mark} nothing") == []
    assert pick(shop, "sale", f"{mark} bet", field="account") == [f"{mark} Beta"]
    assert len(pick(shop, "account", "", limit=2)) == 2


def test_a_picker_offers_only_what_may_be_read_and_fits_the_filter(shop: Shop, mark: str) -> None:
    ours, theirs = make(shop, "account", name=mark), make(shop, "account", name=f"{mark} b")
    make(shop, "contact", name=f"{mark} Ann", account=ours)
    make(shop, "contact", name=f"{mark} Bob", account=theirs)

    assert pick(shop, "sale", mark, field="contact", record={"account": str(ours)}) == [f"{mark} Ann"]
    assert pick(shop, "sale", mark, field="contact", record={"account": theirs}) == [f"{mark} Bob"]
    assert pick(shop, "sale", mark, field="contact", record={"account": "nonsense"}) == []
    assert pick(shop, "sale", mark, field="contact") == []
    assert pick(shop, "account", mark, who="ann") == []
    assert problems(NotFound, lambda: pick(shop, "account", mark, who="otto")) == {("record.no_entity", ())}
    assert pick(shop, "sale", mark, who="otto", field="account") == []


def test_people_are_picked_by_name_or_login(shop: Shop) -> None:
    assert pick(shop, "sale", "sa", field="owner") == ["Sam"]
    assert pick(shop, "@user", "MARI") == ["Maria"]
    assert pick(shop, "@department", "x") == []


@pytest.mark.parametrize("field", ["memo", "colour", "subject", "lines"])
def test_only_references_that_may_be_seen_have_a_picker(shop: Shop, field: str) -> None:
    assert problems(Invalid, lambda: pick(shop, "sale", "", who="sam", field=field)) == {("query.unknown_field", ("field",))}


@pytest.fixture(scope="session")
def counted(shop: Shop) -> UUID:
    """Four sales of one account, to be counted."""
    account = make(shop, "account", name="counted", level="a")
    rows = [("draft", 1, "1.005", "2026-01-15"), ("draft", 2, "2", "2026-02-01"), ("paid", None, None, "2026-02-28"), ("sent", 4, "-1", None)]
    for at, (status, rank, weight, due_on) in enumerate(rows):
        make(shop, "sale", subject=f"counted {at}", account=account, status=status, rank=rank, weight=weight, due_on=due_on,
             ends_at="2098-12-31T23:30:00Z")
    return account


def groups(shop: Shop, *group_by: str, measures: Any = (), who: str = "maria", **more: Any) -> list[dict[str, Any]]:
    with shop.work(who, writes=False) as work:
        return aggregate(work, APP, "sale", group_by, measures, filter='account.name = "counted"', **more)


def test_records_are_counted_and_added_up_by_group(shop: Shop, counted: UUID) -> None:
    measures = [Measure("count"), {"fn": "sum", "field": "rank"}, {"fn": "avg", "field": "weight"}, {"fn": "max", "field": "due_on"}]

    assert groups(shop, "status", measures=measures) == [
        {"status": "draft", "count": 2, "sum:rank": 3, "avg:weight": "1.503", "max:due_on": "2026-02-01"},
        {"status": "paid", "count": 1, "sum:rank": 0, "avg:weight": None, "max:due_on": "2026-02-28"},
        {"status": "sent", "count": 1, "sum:rank": 4, "avg:weight": "-1.000", "max:due_on": None},
    ]


@pytest.mark.parametrize(
    ("part", "keys"),
    [("due_on:month", ["2026-01-01", "2026-02-01", None]), ("due_on:quarter", ["2026-01-01", None]), ("due_on:year", ["2026-01-01", None]),
     ("due_on:week", ["2026-01-12", "2026-01-26", "2026-02-23", None]), ("due_on", ["2026-01-15", "2026-02-01", "2026-02-28", None]),
     ("ends_at:day", ["2099-01-01"]), ("ends_at:year", ["2099-01-01"]), ("rank", [1, 2, 4, None]), ("account.level", ["a"])],
)
def test_dates_are_grouped_by_spans_of_the_apps_calendar(shop: Shop, counted: UUID, part: str, keys: list[Any]) -> None:
    assert [group[part] for group in groups(shop, part)] == keys


def test_groups_by_reference_have_titles_where_those_may_be_read(shop: Shop, counted: UUID) -> None:
    assert groups(shop, "account") == [{"account": str(counted), "count": 4, "_titles": {"account": "counted"}}]
    assert groups(shop, "account", who="ann") == []


def test_groups_come_in_the_order_asked_for(shop: Shop, counted: UUID) -> None:
    found = groups(shop, "status", measures=[{"fn": "count"}, {"fn": "sum", "field": "rank"}], sort=["-sum:rank"], limit=2)

    assert [group["status"] for group in found] == ["sent", "draft"]


def test_without_groups_there_is_one_total(shop: Shop, counted: UUID) -> None:
    assert groups(shop, measures=[{"fn": "sum", "field": "weight"}]) == [{"sum:weight": "2.005"}]


def test_hidden_and_unfit_parts_are_refused_together(shop: Shop) -> None:
    def ask() -> None:
        with shop.work("sam", writes=False) as work:
            aggregate(
                work, APP, "sale", ["memo", "tags", "rank:month", "nothing"],
                [{"fn": "sum", "field": "subject"}, {"fn": "sum"}, {"fn": "median", "field": "rank"}, {"fn": "max", "field": "memo"}], filter="memo = 1",
                sort=["x"], limit=0,
            )

    found = problems(Invalid, ask)
    assert {code for code, _ in found} == {
        "query.unknown_field", "aggregate.not_grouped", "aggregate.span", "aggregate.not_measured", "aggregate.measure", "query.limit",
        "expression.unknown_name",
    }
