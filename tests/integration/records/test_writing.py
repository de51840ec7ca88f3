"""Creating and changing records: validation, defaults, rules, owned rows, unique values, locks, the rev."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from engine.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from engine.kernel.ids import new_id
from engine.records import (
    bulk_create,
    change_record,
    create_record,
    dump_record,
    get_json,
    get_record,
    history,
    write_system,
)
from tests.factories.records import make, problems, value
from tests.factories.shop import APP, Shop


def create(shop: Shop, entity: str, values: Any, who: str = "maria") -> Any:
    with shop.work(who) as work:
        return create_record(work, APP, entity, values)


def change(shop: Shop, entity: str, id_: UUID, values: Any, who: str = "maria", rev: int | None = None) -> Any:
    with shop.work(who) as work:
        return change_record(work, APP, entity, id_, values, rev)


def test_what_is_created_reads_back_the_same(shop: Shop, mark: str) -> None:
    account = make(shop, "account", name=f"Acme {mark}", level="b", discount="12.5", since="2020-02-29")

    record = create(shop, "sale", {
        "subject": f"Pumps {mark}", "account": str(account), "tags": ["new", "hot"], "weight": "1.250", "rank": 7,
        "is_key": True, "ends_at": "2099-01-01T00:00:00+08:00", "memo": "Line one\nLine two",
    })

    with shop.work("maria", writes=False) as work:
        assert get_json(work, APP, "sale", record.id) == dump_record(record)
        found = get_record(work, APP, "sale", record.id)
    assert found.values["tags"] == ("hot", "new")
    assert found.values["weight"] == Decimal("1.250")
    assert dump_record(record)["ends_at"] == "2098-12-31T16:00:00Z"
    assert found.titles["account"] == f"Acme {mark}"
    assert found.can_change
    assert found.can_remove


def test_all_problems_of_a_record_come_at_once_each_at_its_field(shop: Shop) -> None:
    values = {
        "level": "z", "discount": "lots", "owner": str(new_id()), "group": str(new_id()), "since": "2021-02-30",
        "colour": "red", "turnover": "5", "created_on": "2020-01-01",
    }

    assert problems(Invalid, lambda: create(shop, "account", values)) == {
        ("field.required", ("name",)), ("field.choice.unknown", ("level",)), ("field.percent.unreadable", ("discount",)),
        ("reference.missing", ("owner",)), ("reference.missing", ("group",)), ("field.date.unreadable", ("since",)),
        ("field.unknown", ("colour",)), ("field.computed", ("turnover",)), ("field.computed", ("created_on",)),
    }


def test_problems_of_owned_rows_have_the_row_in_their_path(shop: Shop, mark: str) -> None:
    values = {"subject": mark, "lines": [{"quantity": 1}, {"quantity": -1, "size": 3}, "x", {"id": str(new_id()), "quantity": 1}, {}]}

    assert problems(Invalid, lambda: create(shop, "sale", values)) == {
        ("field.too_small", ("lines", 1, "quantity")), ("field.unknown", ("lines", 1, "size")),
        ("record.not_object", ("lines", 2)), ("field.required", ("lines", 2, "quantity")),
        ("rows.unknown", ("lines", 3, "id")), ("field.required", ("lines", 4, "quantity")),
    }


HOSTILE: list[Any] = [
    2**63, -(2**63) - 1, 10**400, float("inf"), float("nan"), 1.5, "", " ", "\x00", "a\x00b", "\ud800", "x" * 100_000, True, None, [],
    {}, [[]], {"id": "x"}, ["\ud800"], [None], "１２", "2026-13-45", "9999-99-99T99:99:99Z", "ſ", "%", "' OR 1=1 --", b"bytes",
    "00000000-0000-0000-0000-000000000000", [{"id": 1}], [{"quantity": 2**70}], -0.0, 1e308, "1e5", "NaN", {"$ne": 1}, [1, "1"],
]


@pytest.mark.parametrize("raw", HOSTILE, ids=lambda raw: ascii(raw)[:24])
def test_doubtful_input_is_stored_or_refused_and_never_breaks_anything(shop: Shop, mark: str, raw: Any) -> None:
    for entity, required in (("account", {"name": mark}), ("sale", {"subject": mark})):
        with pytest.raises(UndoError), shop.work("maria") as work:
            rows = [{**required, key: raw} for key in work.model(APP).entities[entity].fields]
            for result in bulk_create(work, APP, entity, rows):
                if "id" in result:
                    get_json(work, APP, entity, result["id"])
            raise UndoError


class UndoError(Exception):
    """Leaves a unit of work without a trace."""


@pytest.mark.parametrize("raw", [None, [], "text", 5, [{"subject": "x"}]])
def test_something_else_than_an_object_is_no_record(shop: Shop, raw: Any) -> None:
    assert ("record.not_object", ()) in problems(Invalid, lambda: create(shop, "sale", raw))


def test_fields_that_are_not_mentioned_get_their_default_and_an_explicit_null_stays(shop: Shop, mark: str) -> None:
    product = make(shop, "product", name=mark, price="19.99")

    record = create(shop, "sale", {"subject": mark, "due_on": None, "lines": [{"product": str(product), "quantity": 2}]})

    assert record.values["status"] == "draft"
    assert record.values["owner"] == shop.user("maria")
    assert record.values["due_on"] is None
    assert record.values["lines"][0]["price"] == Decimal("19.99")
    assert record.values["total"] == Decimal("39.98")


def test_a_rule_refuses_with_its_own_words_at_its_field(shop: Shop, mark: str) -> None:
    with pytest.raises(Invalid) as caught:
        create(shop, "sale", {"subject": mark, "ends_at": "2001-01-01T00:00:00Z"})

    [problem] = caught.value.problems
    assert (problem.code, problem.path) == ("record.rule", ("ends_at",))
    assert problem.values["message"]["zh-CN"] == "结束时间太早。"


def test_a_rule_may_compare_with_what_was_before(shop: Shop, mark: str) -> None:
    sale = make(shop, "sale", subject=mark, status="paid")

    assert problems(Invalid, lambda: change(shop, "sale", sale, {"status": "draft"})) == {("record.rule", ("status",))}
    change(shop, "sale", sale, {"rank": 3})


def test_a_rule_counts_the_rows_that_a_change_leaves_alone(shop: Shop, mark: str) -> None:
    sale = make(shop, "sale", subject=mark, lines=[{"quantity": 1}], rank=77)

    change(shop, "sale", sale, {"subject": f"{mark} 2"})
    assert problems(Invalid, lambda: change(shop, "sale", sale, {"lines": []})) == {("record.rule", ("lines",))}
    empty = make(shop, "sale", subject=f"{mark} 3")
    assert problems(Invalid, lambda: change(shop, "sale", empty, {"rank": 77})) == {("record.rule", ("lines",))}


def test_a_unique_value_that_is_taken_is_refused_at_the_field_and_the_work_goes_on(shop: Shop, mark: str) -> None:
    make(shop, "account", name=mark, code=mark)

    with shop.work("maria") as work:
        with pytest.raises(Invalid) as caught:
            create_record(work, APP, "account", {"name": "other", "code": mark})
        create_record(work, APP, "account", {"name": "other", "code": f"{mark}2"})

    [problem] = caught.value.problems
    assert (problem.code, problem.path) == ("field.taken", ("code",))


def test_values_that_are_unique_together_are_refused_together(shop: Shop, mark: str) -> None:
    account = make(shop, "account", name=mark)
    make(shop, "sale", subject=mark, account=account)

    assert problems(Invalid, lambda: make(shop, "sale", subject=mark, account=account)) == {("field.taken_together", ("account",))}
    make(shop, "sale", subject=f"{mark} two", account=account)


def test_a_removed_record_gives_its_unique_value_free(shop: Shop, mark: str) -> None:
    from engine.records import remove_record, restore_record

    first = make(shop, "account", name=mark, code=mark)
    with shop.work("maria") as work:
        remove_record(work, APP, "account", first)
    make(shop, "account", name=mark, code=mark)

    def restore() -> None:
        with shop.work("maria") as work:
            restore_record(work, APP, "account", first)

    assert problems(Invalid, restore) == {("field.taken", ("code",))}


def test_a_stale_rev_is_a_conflict_that_shows_what_stands_now(shop: Shop, mark: str) -> None:
    account = make(shop, "account", name=mark)
    change(shop, "account", account, {"level": "a"}, rev=1)

    with pytest.raises(Conflict) as caught:
        change(shop, "account", account, {"level": "b"}, rev=1)

    assert caught.value.problems[0].code == "record.stale"
    assert caught.value.current["rev"] == 2
    assert caught.value.current["level"] == "a"


def test_saving_without_a_change_changes_nothing(shop: Shop, mark: str) -> None:
    sale = make(shop, "sale", subject=mark, lines=[{"quantity": 1, "price": "2"}])
    with shop.work("maria", writes=False) as work:
        before = get_json(work, APP, "sale", sale)

    given = {key: before[key] for key in ("subject", "status", "lines")}
    given["lines"] = [{key: row[key] for key in ("id", "quantity", "price")} for row in given["lines"]]
    record = change(shop, "sale", sale, given)

    assert dump_record(record) == before
    with shop.work("maria", writes=False) as work:
        assert len(history(work, APP, "sale", sale)) == 1


def test_owned_rows_are_replaced_as_a_list(shop: Shop, mark: str) -> None:
    sale = make(shop, "sale", subject=mark, lines=[{"quantity": 1, "price": "10"}, {"quantity": 2, "price": "10"}, {"quantity": 3, "price": "10"}])
    first, second, third = value(shop, "sale", sale, "lines")

    record = change(shop, "sale", sale, {"lines": [
        {"id": str(third["id"])}, {"quantity": 20, "price": "1"}, {"id": str(first["id"]), "quantity": 5},
    ]})

    lines = record.values["lines"]
    assert [row["id"] for row in lines][::2] == [third["id"], first["id"]]
    assert [row["quantity"] for row in lines] == [3, 20, 5]
    assert second["id"] not in {row["id"] for row in lines}
    assert record.values["total"] == Decimal("100.00")
    assert record.values["big_lines"] == 1
    assert record.rev == 2


def test_a_row_of_another_record_can_not_be_taken_over(shop: Shop, mark: str) -> None:
    sale = make(shop, "sale", subject=mark, lines=[{"quantity": 1}])
    other = make(shop, "sale", subject=f"{mark} other", lines=[{"quantity": 1}])
    theirs = value(shop, "sale", other, "lines")[0]["id"]

    assert problems(Invalid, lambda: change(shop, "sale", sale, {"lines": [{"id": str(theirs), "quantity": 9}]})) == {
        ("rows.unknown", ("lines", 0, "id"))
    }


def test_the_same_row_twice_is_refused(shop: Shop, mark: str) -> None:
    sale = make(shop, "sale", subject=mark, lines=[{"quantity": 1}])
    row = str(value(shop, "sale", sale, "lines")[0]["id"])

    assert problems(Invalid, lambda: change(shop, "sale", sale, {"lines": [{"id": row}, {"id": row}]})) == {("rows.twice", ("lines", 1, "id"))}


def test_only_the_order_of_rows_may_change(shop: Shop, mark: str) -> None:
    sale = make(shop, "sale", subject=mark, lines=[{"quantity": 1}, {"quantity": 2}])
    rows = value(shop, "sale", sale, "lines")

    record = change(shop, "sale", sale, {"lines": [{"id": str(row["id"])} for row in reversed(rows)]})

    assert [row["quantity"] for row in record.values["lines"]] == [2, 1]


def test_a_reference_must_fit_the_fields_filter(shop: Shop, mark: str) -> None:
    ours, theirs = make(shop, "account", name=mark), make(shop, "account", name=f"{mark} b")
    contact = make(shop, "contact", name=mark, account=ours)

    sale = make(shop, "sale", subject=mark, account=ours, contact=contact)

    expected = {("reference.not_offered", ("contact",))}
    assert problems(Invalid, lambda: make(shop, "sale", subject=f"{mark} 2", account=theirs, contact=contact)) == expected
    assert problems(Invalid, lambda: change(shop, "sale", sale, {"account": str(theirs)})) == expected


def test_a_reference_to_a_removed_record_is_refused(shop: Shop, mark: str) -> None:
    from engine.records import remove_record

    account = make(shop, "account", name=mark)
    with shop.work("maria") as work:
        remove_record(work, APP, "account", account)

    assert problems(Invalid, lambda: make(shop, "sale", subject=mark, account=account)) == {("reference.missing", ("account",))}


def test_a_locked_record_lets_only_its_open_fields_change(shop: Shop, mark: str) -> None:
    sale = make(shop, "sale", subject=mark, rank=1)
    with shop.work() as work:
        write_system(work, APP, "sale", sale, {"status": "sent"}, open_fields=("rank",))

    assert problems(Conflict, lambda: change(shop, "sale", sale, {"subject": "x", "rank": 2})) == {("record.locked", ("subject",))}
    assert change(shop, "sale", sale, {"rank": 2, "subject": mark}).values["rank"] == 2
    with shop.work() as work:
        write_system(work, APP, "sale", sale, {}, open_fields=None)
    assert change(shop, "sale", sale, {"subject": f"{mark} x"}).rev == 5


def test_the_product_itself_writes_past_rights_but_not_past_validation(shop: Shop, mark: str) -> None:
    sale = make(shop, "sale", subject=mark)

    with shop.work("sue") as work:
        stored = write_system(work, APP, "sale", sale, {"rank": 5})
    assert (stored["rank"], stored["rev"]) == (5, 2)

    def write() -> None:
        with shop.work() as work:
            write_system(work, APP, "sale", sale, {"rank": "many"})

    assert problems(Invalid, write) == {("field.integer.unreadable", ("rank",))}


def test_nobody_changes_what_they_may_not_see_or_may_only_see(shop: Shop, mark: str) -> None:
    theirs = make(shop, "sale", who="sue", subject=mark)
    mine = make(shop, "sale", who="sam", subject=f"{mark} b")

    assert problems(NotFound, lambda: change(shop, "sale", theirs, {"subject": "x"}, "sam")) == {("record.not_found", ())}
    assert problems(NotFound, lambda: change(shop, "sale", new_id(), {"subject": "x"}, "sam")) == {("record.not_found", ())}
    product = make(shop, "product", name=mark)
    assert problems(Forbidden, lambda: change(shop, "product", product, {"name": "x"}, "sam")) == {("record.may_not_change_this", ())}
    assert problems(Forbidden, lambda: create(shop, "product", {"name": "x"}, "sam")) == {("record.may_not_create", ())}
    assert problems(Invalid, lambda: change(shop, "sale", mine, {"rank": 1, "memo": "x", "nothing": 1}, "sam")) == {
        ("field.read_only", ("rank",)), ("field.unknown", ("memo",)), ("field.unknown", ("nothing",)),
    }


def test_hidden_values_survive_a_change_by_who_can_not_see_them(shop: Shop, mark: str) -> None:
    sale = make(shop, "sale", subject=mark, memo="for managers", owner=shop.user("sam"))

    change(shop, "sale", sale, {"subject": f"{mark} x"}, "sam")

    assert value(shop, "sale", sale, "memo") == "for managers"


def test_a_record_can_not_be_given_out_of_ones_own_reach(shop: Shop, mark: str) -> None:
    sale = make(shop, "sale", who="sam", subject=mark)

    give = {"owner": str(shop.user("sue"))}
    assert problems(Forbidden, lambda: change(shop, "sale", sale, give, "sam")) == {("record.would_be_out_of_reach", ())}
    change(shop, "sale", sale, give, "maria")


def test_owned_rows_are_no_records_of_their_own(shop: Shop) -> None:
    assert problems(Invalid, lambda: create(shop, "line", {"quantity": 1})) == {("record.only_with_owner", ())}


def test_an_unknown_entity_and_one_without_rights_look_alike(shop: Shop) -> None:
    for entity in ("nothing", "account", "../x"):
        assert problems(NotFound, lambda entity=entity: create(shop, entity, {"name": "x"}, "otto")) == {("record.no_entity", ())}


def test_bulk_stores_sound_rows_and_reports_the_others(shop: Shop, mark: str) -> None:
    rows = [{"name": f"{mark} {at}", "code": f"{mark}{at % 4}"} for at in range(6)] + [{"level": "a"}, 5]

    with shop.work("maria") as work:
        results = bulk_create(work, APP, "account", rows)

    assert [result["index"] for result in results] == list(range(8))
    assert ["id" in result for result in results] == [True] * 4 + [False] * 4
    assert {problem.code for result in results[4:6] for problem in result["problems"]} == {"field.taken"}
    assert results[6]["problems"][0].path == ("name",)
    assert results[7]["problems"][0].code == "record.not_object"


def test_bulk_may_be_all_or_nothing(shop: Shop, mark: str) -> None:
    from engine.records import Query, query_records

    with shop.work("maria") as work:
        results = bulk_create(work, APP, "account", [{"name": mark}, {"level": "a"}], all_or_nothing=True)
        found = query_records(work, APP, "account", Query(filter=f'name = "{mark}"'))

    assert [len(result["problems"]) for result in results] == [0, 1]
    assert found.records == ()


def test_what_is_created_in_bulk_has_numbers_rows_history_and_derived_values(shop: Shop, mark: str) -> None:
    account = make(shop, "account", name=mark)
    with shop.work("maria") as work:
        results = bulk_create(work, APP, "sale", [
            {"subject": f"{mark} {at}", "account": str(account), "lines": [{"quantity": at, "price": "10"}]} for at in range(1, 5)
        ])

    with shop.work("maria", writes=False) as work:
        records = [get_record(work, APP, "sale", result["id"]) for result in results]
        assert len({record.values["number"] for record in records}) == 4
        assert [record.values["net"] for record in records] == [10, 20, 30, 40]
        assert len(history(work, APP, "sale", results[0]["id"])) == 1
    assert value(shop, "account", account, "turnover") == 100


def test_creation_can_be_dated_back_by_the_installer(shop: Shop, mark: str) -> None:
    with shop.work() as work:
        then = work.now - timedelta(days=40)
        with work.acting_as(shop.people["maria"], now=then):
            record = create_record(work, APP, "account", {"name": mark})

    assert record.values["created_on"] == then
    assert record.values["created_by"] == shop.user("maria")


def test_who_may_create_but_not_read_gets_back_what_they_wrote(shop: Shop, mark: str) -> None:
    record = create(shop, "sale", {"subject": mark, "owner": str(shop.user("sue"))}, "sam")

    assert record.values["subject"] == mark
    assert problems(NotFound, lambda: change(shop, "sale", record.id, {}, "sam")) == {("record.not_found", ())}
