"""Lists answer like a plain list in memory: what fits, in which order, on pages, counted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from functools import cmp_to_key
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.definitions import Names
from engine.expressions import compile as compile_expression
from engine.expressions import evaluate
from engine.records import Query, bulk_create, query_records
from engine.storage import Work
from tests.factories.shop import APP, Shop

FIELDS = ("subject", "rank", "weight", "is_key", "due_on", "ends_at", "status", "tags")
RECORD = st.fixed_dictionaries(
    {"subject": st.sampled_from(["a", "A", "b", "é", "É", "中", "z z", "10", "9"])},
    optional={
        "rank": st.none() | st.integers(-2, 2),
        "weight": st.none() | st.sampled_from(["0", "-0.001", "1.5", "1.500", "12", "-3"]),
        "is_key": st.none() | st.booleans(),
        "due_on": st.none() | st.sampled_from(["2026-01-01", "2025-12-31", "2026-02-28", "1999-01-01"]),
        "ends_at": st.none() | st.sampled_from(["2098-01-01T00:00:00Z", "2098-01-01T08:00:00+08:00", "2099-06-01T12:00:00.5Z"]),
        "status": st.none() | st.sampled_from(["draft", "sent", "paid"]),
        "tags": st.none() | st.lists(st.sampled_from(["hot", "cold", "new"]), unique=True),
    },
)
ATOMS = st.sampled_from([
    "rank = 1", "rank <> 0", "rank < 1", "rank >= weight", "weight * 2 > rank", "weight = null", "is_key", "not is_key", "is_key = null",
    'due_on <= "2025-12-31"', "due_on = null", 'ends_at = "2098-01-01T00:00:00Z"', 'status in ("draft", "paid")', 'status <> "sent"', '"hot" in tags',
    'subject = "a"', 'contains(subject, "É")', 'subject > "b"', "len(subject) > 1", 'has_all(tags, "hot", "new")', "rank / 0 = null", "if_blank(rank, 5) > 1",
])
FILTER = st.recursive(
    ATOMS, lambda inner: st.builds("({}) {} ({})".format, inner, st.sampled_from(["and", "or"]), inner) | st.builds("not ({})".format, inner), max_leaves=4
)
SORT = st.lists(
    st.sampled_from([*FIELDS[:-1], "created_on", "id", "number"]).flatmap(lambda name: st.sampled_from([name, f"-{name}"])),
    max_size=3, unique_by=lambda name: name.lstrip("-"),
).map(tuple)


class UndoError(Exception):
    """Leaves a unit of work without a trace."""


@settings(max_examples=25)
@given(records=st.lists(RECORD, min_size=1, max_size=14), condition=FILTER, sort=SORT, limit=st.integers(1, 6))
def test_a_list_is_what_a_list_in_memory_would_be(
    shop: Shop, records: list[dict[str, Any]], condition: str, sort: tuple[str, ...], limit: int
) -> None:
    with pytest.raises(UndoError), shop.work("maria") as work:
        ids = [found["id"] for found in bulk_create(work, APP, "sale", [{**record, "memo": "model"} for record in records])]
        here = 'memo = "model"'
        known = {record.id: record for record in query_records(work, APP, "sale", Query(filter=here)).records}
        assert set(known) == set(ids)
        expected = _model(work, {id_: {**known[id_].values, "id": id_} for id_ in ids}, condition, sort)

        pages = _pages(work, Query(filter=f"{here} and ({condition})", sort=sort, limit=limit, count="exact"))

        assert [id_ for page in pages for id_ in page] == expected
        assert all(len(page) == limit for page in pages[:-1])
        raise UndoError


def _pages(work: Work, query: Query) -> list[list[UUID]]:
    """All pages forward, each checked against the way back."""
    pages: list[list[UUID]] = []
    cursor: str | None = None
    while True:
        page = query_records(work, APP, "sale", Query(query.filter, query.sort, limit=query.limit, cursor=cursor, count="exact"))
        if page.previous_cursor is not None:
            back = query_records(work, APP, "sale", Query(query.filter, query.sort, limit=query.limit, cursor=page.previous_cursor))
            assert [record.id for record in back.records] == pages[-1]
        pages.append([record.id for record in page.records])
        cursor = page.next_cursor
        if cursor is None:
            assert page.count == sum(map(len, pages))
            return pages


def _model(work: Work, records: Mapping[UUID, Mapping[str, Any]], condition: str, sort: tuple[str, ...]) -> list[UUID]:
    expression = compile_expression(condition, Names(work.model(APP).entities, "sale", "list"), expects="yes_no")
    fitting = [id_ for id_, values in records.items() if evaluate(expression, values, now=datetime(2026, 1, 1, tzinfo=UTC)) is True]

    def compare(left: UUID, right: UUID) -> int:
        for name in sort:
            key, is_descending = name.lstrip("-"), name.startswith("-")
            found = _compare(records[left][key], records[right][key], is_descending=is_descending)
            if found:
                return found
        return _compare(left, right, is_descending=bool(sort) and sort[-1].startswith("-"))

    return sorted(fitting, key=cmp_to_key(compare))


def _compare(left: Any, right: Any, *, is_descending: bool) -> int:
    if left is None or right is None:
        return (left is None) - (right is None)
    if isinstance(left, (str, UUID)):
        left, right = (str(value).encode() for value in (left, right))
    found = (left > right) - (left < right)
    return -found if is_descending else found


def test_numbers_sort_as_numbers_beyond_what_floats_can_tell_apart(shop: Shop) -> None:
    weights = ["900000000000000.001", "900000000000000.002", "-900000000000000.002", "900000000000000"]
    with pytest.raises(UndoError), shop.work("maria") as work:
        bulk_create(work, APP, "sale", [{"subject": "digits", "memo": "digits", "weight": weight} for weight in weights])
        found = query_records(work, APP, "sale", Query(filter='memo = "digits" and weight > -1', sort=("weight",))).records
        assert [record.values["weight"] for record in found] == [Decimal(weights[at]) for at in (3, 0, 1)]
        raise UndoError
