"""Many at once: numbers stay unique, nobody's change is lost, sums stay right."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any
from uuid import UUID

from engine.kernel.errors import Conflict, Invalid, Unavailable
from engine.records import change_record, create_record, get_record
from tests.factories.records import make, value
from tests.factories.shop import APP, Shop

THREADS = 6


def together(calls: list[Callable[[], Any]]) -> list[Any]:
    """Run all at the same moment; results, or the errors of the engine."""
    gate = threading.Barrier(len(calls), timeout=30)

    def run(call: Callable[[], Any]) -> Any:
        gate.wait()
        for _ in range(20):  # a busy database may be asked again
            try:
                return call()
            except Unavailable:
                continue
            except (Conflict, Invalid) as error:
                return error
        raise AssertionError

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_numbers_given_at_the_same_time_are_all_different(shop: Shop, mark: str) -> None:
    def create(at: int) -> str:
        numbers = []
        for turn in range(5):
            with shop.work("maria") as work:
                numbers.append(create_record(work, APP, "sale", {"subject": f"{mark} {at} {turn}"}).values["number"])
        return ",".join(numbers)

    found = together([lambda at=at: create(at) for at in range(THREADS)])

    numbers = [number for part in found for number in part.split(",")]
    assert len(set(numbers)) == THREADS * 5
    counts = sorted(int(number.rpartition("-")[2]) for number in numbers)
    assert counts[-1] - counts[0] == THREADS * 5 - 1


def test_of_changes_to_the_same_rev_exactly_one_succeeds(shop: Shop, mark: str) -> None:
    sale = make(shop, "sale", subject=mark)

    def change(at: int, rev: int) -> int:
        with shop.work("maria") as work:
            return change_record(work, APP, "sale", sale, {"rank": at}, rev).rev

    for rev in range(1, 4):
        found = together([lambda at=at, rev=rev: change(at + rev * 100, rev) for at in range(THREADS)])
        assert [each for each in found if not isinstance(each, Conflict)] == [rev + 1]
        assert all(each.current["rev"] == rev + 1 for each in found if isinstance(each, Conflict))


def test_changes_without_a_rev_wait_for_each_other_and_none_is_lost(shop: Shop, mark: str) -> None:
    sale = make(shop, "sale", subject=mark)
    keys = ["rank", "weight", "is_key", "memo", "ends_at", "status"]
    values: dict[str, Any] = {"rank": 1, "weight": "1", "is_key": True, "memo": "x", "ends_at": "2099-01-01T00:00:00Z", "status": "sent"}

    def change(key: str) -> None:
        with shop.work("maria") as work:
            change_record(work, APP, "sale", sale, {key: values[key]})

    together([lambda key=key: change(key) for key in keys])

    with shop.work("maria", writes=False) as work:
        record = get_record(work, APP, "sale", sale)
    assert record.rev == 1 + len(keys)
    assert all(record.values[key] is not None for key in keys)


def test_sums_over_records_created_at_the_same_time_are_right(shop: Shop, mark: str) -> None:
    account = make(shop, "account", name=mark)

    def create(at: int) -> None:
        for turn in range(3):
            with shop.work("maria") as work:
                create_record(work, APP, "sale", {
                    "subject": f"{mark} {at} {turn}", "account": str(account), "lines": [{"quantity": 1, "price": "10"}],
                })

    together([lambda at=at: create(at) for at in range(THREADS)])

    assert value(shop, "account", account, "turnover") == 10 * 3 * THREADS
    assert value(shop, "account", account, "open_sales") == 3 * THREADS


def test_a_mirror_never_misses_a_change_made_while_its_record_comes_to_be(shop: Shop, mark: str) -> None:
    account = make(shop, "account", name=mark, discount="0")
    made: list[UUID] = []

    def create(at: int) -> None:
        for turn in range(4):
            with shop.work("maria") as work:
                made.append(create_record(work, APP, "sale", {"subject": f"{mark} {at} {turn}", "account": str(account)}).id)

    def change() -> None:
        for discount in range(1, 9):
            with shop.work("maria") as work:
                change_record(work, APP, "account", account, {"discount": str(discount)})

    found = together([*(lambda at=at: create(at) for at in range(3)), change])

    assert found == [None] * 4
    assert {value(shop, "sale", id_, "discount") for id_ in made} == {Decimal(8)}


def test_a_unique_value_is_given_once(shop: Shop, mark: str) -> None:
    def create() -> UUID:
        with shop.work("maria") as work:
            return create_record(work, APP, "account", {"name": mark, "code": mark}).id

    found = together([create] * THREADS)

    refused = [each for each in found if isinstance(each, Invalid)]
    assert len(refused) == THREADS - 1
    assert {problem.code for error in refused for problem in error.problems} == {"field.taken"}
