"""Reading records: filters, sorting, pages, search, counting, titles, and who may see what."""

from __future__ import annotations

import itertools
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from engine.kernel.errors import Invalid, NotFound
from engine.kernel.ids import new_id
from engine.records import (
    Query,
    count_records,
    dump_record,
    get_record,
    query_json,
    query_records,
    remove_record,
)
from tests.factories.records import make, problems
from tests.factories.shop import APP, Shop


def find(shop: Shop, entity: str, who: str = "maria", **query: Any) -> Any:
    with shop.work(who, writes=False) as work:
        return query_records(work, APP, entity, Query(**query))


def subjects(shop: Shop, who: str = "maria", **query: Any) -> list[Any]:
    return [record.values["subject"] for record in find(shop, "sale", who, **query).records]


MARK = "five"
"""Memo of the five sales that most tests here read and none changes."""


@pytest.fixture(scope="session")
def sales(shop: Shop) -> dict[str, UUID]:
    """Five sales of two accounts, with gaps in their values."""
    return make_sales(shop, MARK)


def make_sales(shop: Shop, mark: str) -> dict[str, UUID]:
    acme, beta = make(shop, "account", name=f"{mark} Acme", level="a"), make(shop, "account", name=f"{mark} Beta", level="b")
    rows: dict[str, dict[str, Any]] = {
        "a": {"account": acme, "rank": 3, "weight": "1.5", "is_key": True, "tags": ["hot"], "due_on": "2026-01-05"},
        "b": {"account": acme, "rank": 1, "weight": "-2", "due_on": None},
        "c": {"account": beta, "rank": None, "is_key": False, "tags": ["cold", "new"], "due_on": "2027-01-05"},
        "d": {"account": beta, "rank": 3, "ends_at": "2099-05-05T12:00:00Z", "due_on": "2025-12-31"},
        "e": {"rank": 2, "weight": "0.001", "status": "paid", "due_on": "2026-01-05"},
    }
    return {key: make(shop, "sale", subject=f"{mark} {key}", memo=mark, **values) for key, values in rows.items()}


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("rank = 3", "ad"), ("rank > 1", "ade"), ("rank = null", "c"), ("rank <> 3", "bce"), ("not (rank > 1)", "bc"),
        ('account.level = "a"', "ab"), ('account.name = null', "e"), ('contains(account.name, "beta")', "cd"),
        ("is_key", "a"), ("is_key = false", "c"), ('"hot" in tags', "a"), ('has_any(tags, "cold", "hot")', "ac"),
        ("weight < 0.002", "be"), ("weight * 2 = 3", "a"), ('due_on < "2026-06-01"', "ade"), ("year(due_on) = 2027", "c"),
        ('ends_at > "2099-01-01T00:00:00Z"', "d"), ('status in ("paid", "sent")', "e"), ("is_blank(account)", "e"),
        ("is_late", "ad"), ("created_by = actor.id", "abcde"), ('has_role("manager") and rank = 1', "b"), ("false", ""),
        ('number <> ""', "abcde"),
    ],
)
def test_a_filter_finds_what_it_says(shop: Shop, sales: dict[str, UUID], condition: str, expected: str) -> None:
    found = subjects(shop, filter=f'memo = "{MARK}" and ({condition})', sort=["subject"])

    assert [subject[-1] for subject in found] == list(expected)


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        (["rank", "subject"], "beadc"), (["-rank", "subject"], "adebc"), (["-rank", "-subject"], "daebc"), (["account", "subject"], "abcde"),
        (["-account", "subject"], "cdabe"), (["weight"], "bea"), (["-due_on", "rank"], "ceadb"), (["is_key", "subject"], "cabde"),
        (["account.level", "-rank", "subject"], "abdce"), (["-created_on"], "edcba"), (["id"], "abcde"), (["-is_late", "subject"], "adbce"),
    ],
)
def test_a_list_comes_in_its_order_with_empty_values_last(
    shop: Shop, sales: dict[str, UUID], sort: list[str], expected: str
) -> None:
    found = subjects(shop, filter=f'memo = "{MARK}"', sort=sort)

    assert [subject[-1] for subject in found][: len(expected)] == list(expected)


@pytest.mark.parametrize("sort", [(), ("rank",), ("-rank", "subject"), ("account", "-rank"), ("-due_on", "is_key", "weight"), ("-created_on",), ("is_late", "-weight")])
@pytest.mark.parametrize("limit", [1, 3])
def test_pages_go_on_and_back_and_visit_every_record_once(
    shop: Shop, sales: dict[str, UUID], sort: tuple[str, ...], limit: int
) -> None:
    condition = f'memo = "{MARK}"'
    everything = [record.id for record in find(shop, "sale", filter=condition, sort=sort).records]

    pages, cursor = [], None
    while True:
        page = find(shop, "sale", filter=condition, sort=sort, limit=limit, cursor=cursor)
        pages.append(page)
        cursor = page.next_cursor
        if cursor is None:
            break

    assert [record.id for page in pages for record in page.records] == everything
    assert pages[0].previous_cursor is None
    for before, after in itertools.pairwise(pages):
        back = find(shop, "sale", filter=condition, sort=sort, limit=limit, cursor=after.previous_cursor)
        assert [record.id for record in back.records] == [record.id for record in before.records]
        assert (back.previous_cursor is None) == (before is pages[0])


def test_a_cursor_of_another_question_or_of_nobodys_making_is_refused(shop: Shop, sales: dict[str, UUID]) -> None:
    page = find(shop, "sale", filter=f'memo = "{MARK}"', sort=["rank"], limit=1)

    for more in ({"sort": ["-rank"]}, {"filter": "rank = 3"}, {"search": "x"}):
        query = {"filter": f'memo = "{MARK}"', "sort": ["rank"], "limit": 1, "cursor": page.next_cursor, **more}
        assert problems(Invalid, lambda query=query: find(shop, "sale", **query)) == {("query.cursor", ("cursor",))}
    for cursor in ("x", "é", "=" * 9, "WzEsMl0", page.next_cursor[:-3], page.next_cursor + "A", "A" * 9_999):
        assert problems(Invalid, lambda cursor=cursor: find(shop, "sale", filter=f'memo = "{MARK}"', sort=["rank"], limit=1, cursor=cursor)) == {
            ("query.cursor", ("cursor",))
        }


def test_counting_is_exact_or_none_and_never_more_than_can_be_seen(shop: Shop, mark: str) -> None:
    make_sales(shop, mark)
    make(shop, "sale", who="sam", subject=f"{mark} f")
    query = {"filter": f'starts_with(subject, "{mark}")', "limit": 2}

    assert find(shop, "sale", **query).count is None
    assert find(shop, "sale", count="exact", **query).count == 6
    assert find(shop, "sale", count="capped", **query).count == 6
    assert find(shop, "sale", "sam", count="exact", **query).count == 1
    with shop.work("sam", writes=False) as work:
        assert count_records(work, APP, "sale", Query(**query)) == 1


def test_the_fast_way_gives_the_same_as_the_slow_one(shop: Shop, sales: dict[str, UUID]) -> None:
    for fields in (None, ("subject", "account", "lines", "net", "is_late"), ("lines",), ("owner",)):
        query = Query(filter=f'memo = "{MARK}"', sort=("-weight",), fields=fields)
        with shop.work("maria", writes=False) as work:
            slow, fast = query_records(work, APP, "sale", query), query_json(work, APP, "sale", query)
        assert [dump_record(record) for record in slow.records] == list(fast.items)


def test_only_the_fields_asked_for_come(shop: Shop, sales: dict[str, UUID]) -> None:
    [record] = find(shop, "sale", filter=f'memo = "{MARK}" and rank = 1', fields=["account", "weight"]).records

    assert set(record.values) == {"account", "weight"}
    assert record.values["weight"] == Decimal("-2.000")
    assert record.titles == {"account": f"{MARK} Acme"}


@pytest.mark.parametrize("name", ["memo", "colour", "account.secret", "account.colour", "lines.quantity", "owner.password", "memo.x", "contact.account.secret"])
def test_hidden_and_unknown_names_are_refused_alike_everywhere(shop: Shop, name: str) -> None:
    def refused(**query: Any) -> set[Any]:
        with pytest.raises(Invalid) as caught:
            find(shop, "sale", "sam", **query)
        return {(problem.code, problem.path, str(problem.values).replace(name, "NAME")) for problem in caught.value.problems}

    other = "nothing" if "." not in name else f"{name.rpartition('.')[0]}.nothing"

    def unknown(**query: Any) -> set[Any]:
        with pytest.raises(Invalid) as caught:
            find(shop, "sale", "sam", **query)
        return {(problem.code, problem.path, str(problem.values).replace(other, "NAME")) for problem in caught.value.problems}

    assert refused(filter=f"is_blank({name})") == unknown(filter=f"is_blank({other})")
    assert refused(sort=[name]) == unknown(sort=[other])
    assert refused(fields=[name]) == unknown(fields=[other])


def test_every_bad_part_of_a_query_is_reported(shop: Shop) -> None:
    assert problems(Invalid, lambda: find(shop, "sale", filter="rank +", sort=["x", "tags"], fields=["y"], search="\x00")) == {
        ("expression.incomplete", ("filter", 6)), ("query.unknown_field", ("sort",)), ("query.not_sortable", ("sort",)),
        ("query.unknown_field", ("fields",)), ("query.search_character", ("q",)),
    }


def test_a_filter_must_be_a_condition(shop: Shop) -> None:
    assert {code for code, _ in problems(Invalid, lambda: find(shop, "sale", filter="rank"))} == {"expression.expects"}


def test_titles_and_steps_show_nothing_of_records_that_may_not_be_read(shop: Shop, mark: str) -> None:
    hidden = make(shop, "account", name=f"{mark} hidden", level="a")
    sale = make(shop, "sale", subject=mark, account=hidden)

    with shop.work("ann", writes=False) as work:
        record = get_record(work, APP, "sale", sale)
        assert record.values["account"] == hidden
        assert "account" not in record.titles
        for condition in ('account.level = "a"', f'account.name = "{mark} hidden"', 'account.level <> null'):
            assert query_records(work, APP, "sale", Query(filter=f'subject = "{mark}" and {condition}')).records == ()
        assert len(query_records(work, APP, "sale", Query(filter=f'subject = "{mark}" and account.level = null')).records) == 1


def test_nobody_reads_what_is_not_theirs(shop: Shop, mark: str) -> None:
    theirs, mine = make(shop, "sale", who="sue", subject=f"{mark} sue"), make(shop, "sale", who="sam", subject=f"{mark} sam")

    assert subjects(shop, "sam", filter=f'starts_with(subject, "{mark}")') == [f"{mark} sam"]
    with shop.work("sam", writes=False) as work:
        assert get_record(work, APP, "sale", mine).values["subject"] == f"{mark} sam"
        assert "memo" not in get_record(work, APP, "sale", mine).values
        for id_ in (theirs, new_id(), "nonsense", "' OR 1=1", ""):
            with pytest.raises(NotFound) as caught:
                get_record(work, APP, "sale", id_)
            assert [(problem.code, problem.values) for problem in caught.value.problems] == [("record.not_found", {})]


def test_removed_records_are_in_no_list(shop: Shop, mark: str) -> None:
    sales = make_sales(shop, mark)
    with shop.work("maria") as work:
        remove_record(work, APP, "sale", sales["a"])

    assert [subject[-1] for subject in subjects(shop, filter=f'memo = "{mark}"', sort=["subject"])] == list("bcde")


@pytest.mark.parametrize(
    ("text", "found"),
    [("水泵", True), ("泵", True), ("ＫＸ９", True), ("kx9", True), ("KX9 水", True), ("kx9 nothing", False), ("100%", True), ("1_0%", False),
     ("  ", True), ("x'y", True), ('"quoted"', True), ("é", True), ("É", True)],
)
def test_search_finds_parts_of_words_in_any_writing(shop: Shop, mark: str, text: str, found: bool) -> None:
    make(shop, "sale", subject=f"{mark} 高压水泵 KX9 100% x'y \"quoted\" ÉCLAIR")

    assert bool(subjects(shop, search=f"{mark} {text}")) == found


def test_search_looks_only_into_fields_that_may_be_read(shop: Shop, mark: str) -> None:
    make(shop, "sale", who="sam", subject="plain")
    with shop.work("maria", writes=False) as work:
        [sale, *_] = query_records(work, APP, "sale", Query(filter='subject = "plain"', sort=("-created_on",), limit=1)).records
    with shop.work("maria") as work:
        from engine.records import change_record

        change_record(work, APP, "sale", sale.id, {"memo": f"secret{mark}"})

    assert subjects(shop, search=f"secret{mark}") == ["plain"]
    assert subjects(shop, "sam", search=f"secret{mark}") == []
    account = make(shop, "account", name=f"{mark} shop", secret="98765.43")
    assert [record.id for record in find(shop, "account", search=f"{mark} 98765.43").records] == [account]
    assert find(shop, "account", "sam", search=f"{mark} 98765").records == ()
    assert [record.id for record in find(shop, "account", "sam", search=mark).records] == [account]


def test_a_views_own_filter_may_name_what_its_reader_may_not(shop: Shop, mark: str) -> None:
    from engine.definitions import Names
    from engine.expressions import compile as compile_expression

    make(shop, "account", name=mark, secret="5")
    with shop.work("sam", writes=False) as work:
        where = compile_expression("secret = 5", Names(work.model(APP).entities, "account", "list"), expects="yes_no")
        page = query_records(work, APP, "account", Query(filter=f'name = "{mark}"', where=where))

    assert [record.values["name"] for record in page.records] == [mark]


def test_a_release_ends_the_cursors_of_the_one_before() -> None:
    from engine.records.cursor import Cursor, digest, read_cursor, write_cursor

    cursor = Cursor((Decimal("1.50"), None), new_id())
    text = write_cursor(cursor, digest("crm", "sale", 1))

    assert read_cursor(text, digest("crm", "sale", 1), ["number", "text"]) == cursor
    assert problems(Invalid, lambda: read_cursor(text, digest("crm", "sale", 2), ["number", "text"])) == {("query.cursor", ("cursor",))}
