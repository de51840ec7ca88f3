"""What a browser posted becomes raw values."""

from __future__ import annotations

from functools import cache

import pytest

from engine.definitions import Model
from engine.rendering import Locale, left_to_defaults, parse_form, reading_in
from tests.unit.rendering import shop


@cache
def model() -> Model:
    return shop.model()


def values(*pairs: tuple[str, str]) -> dict[str, object]:
    return parse_form(model(), "order", pairs).values


def test_empty_text_is_null_and_what_was_not_posted_is_not_there() -> None:
    assert values(("subject", "  "), ("csrf", "x"), ("rev", "3")) == {"subject": None}


def test_text_keeps_its_blanks_and_gets_plain_line_ends() -> None:
    assert values(("subject", " two \r\nlines")) == {"subject": " two \nlines"}


def test_a_check_box_is_no_only_where_the_form_had_it() -> None:
    assert values() == {}
    assert values(("urgent-present", "1")) == {"urgent": False}
    assert values(("urgent-present", "1"), ("urgent", "true")) == {"urgent": True}


def test_a_list_may_be_emptied() -> None:
    assert values(("tags-present", "1")) == {"tags": []}
    assert values(("tags-present", "1"), ("tags", "new"), ("tags", "key")) == {
        "tags": ["new", "key"]
    }


def test_files_are_a_list_of_ids() -> None:
    assert values(("files-present", "1"), ("files", "a"), ("files", "")) == {"files": ["a"]}


@pytest.mark.parametrize(
    ("typed", "taken"),
    [
        ("1,234.50", "1234.50"),
        ("12,34", "12,34"),
        ("1234", "1234"),
        ("-1,000", "-1000"),
        (" 7 ", "7"),
        ("ten", "ten"),
    ],
)
def test_numbers_lose_their_groups_and_nothing_else(typed: str, taken: str) -> None:
    found = values(("lines-present", "1"), ("lines-0-price", typed))

    assert found == {"lines": [{"price": taken}]}


@pytest.mark.parametrize(
    ("typed", "taken"),
    [
        ("2026-11-24", "2026-11-24"),
        ("2026/1/4", "2026-01-04"),
        ("2026年1月4日", "2026-01-04"),
        ("24.11.2026", "24.11.2026"),
    ],
)
def test_days_are_put_into_one_form(typed: str, taken: str) -> None:
    assert values(("due", typed)) == {"due": taken}


@pytest.mark.parametrize(
    ("zone", "typed", "taken"),
    [
        ("Asia/Shanghai", "2026-11-24 09:30", "2026-11-24T01:30:00Z"),
        ("Asia/Shanghai", "2026-11-24T09:30", "2026-11-24T01:30:00Z"),
        ("Europe/Berlin", "2026-07-01 09:30", "2026-07-01T07:30:00Z"),
        ("Asia/Shanghai", "2026-02-31 09:30", "2026-02-31 09:30"),
        ("Asia/Shanghai", "soon", "soon"),
    ],
)
def test_moments_are_read_in_the_readers_zone(zone: str, typed: str, taken: str) -> None:
    with reading_in(Locale("en", zone)):
        assert values(("meeting", typed)) == {"meeting": taken}


def test_rows_keep_the_order_they_were_posted_in_and_their_ids() -> None:
    found = values(
        ("lines-present", "1"), ("lines-7-id", "b"), ("lines-7-quantity", "2"), ("lines-0-id", "a"), ("lines-0-quantity", "1"),
    )  # fmt: skip

    assert found == {"lines": [{"quantity": "2", "id": "b"}, {"quantity": "1", "id": "a"}]}


def test_a_new_row_with_nothing_in_it_is_no_row() -> None:
    found = values(
        ("lines-present", "1"),
        ("lines-0-id", ""),
        ("lines-0-product", ""),
        ("lines-0-price", ""),
        ("lines-1-id", "a"),
        ("lines-1-price", ""),
    )

    assert found == {"lines": [{"price": None, "id": "a"}]}


def test_removing_all_rows_is_an_empty_list() -> None:
    assert values(("lines-present", "1")) == {"lines": []}


def test_the_text_of_a_lookup_is_kept_to_be_shown_again() -> None:
    found = parse_form(
        model(),
        "order",
        [
            ("account", "1"),
            ("account-title", "Heng"),
            ("lines-present", "1"),
            ("lines-0-product", "2"),
            ("lines-0-product-title", "Pump"),
        ],
    )

    assert found.titles == {"account": "Heng", "lines": [{"product": "Pump"}]}


def test_names_that_are_no_fields_are_left_out() -> None:
    found = values(
        ("nothing", "1"),
        ("subject-evil", "1"),
        ("lines-x-price", "1"),
        ("lines-0-nothing", "1"),
        ("-", "1"),
        ("lines--price", "1"),
    )

    assert found == {}


def test_a_post_with_endless_rows_stops_at_a_limit() -> None:
    pairs = [("lines-present", "1"), *((f"lines-{index}-price", "1") for index in range(2000))]

    assert len(parse_form(model(), "order", pairs).values["lines"]) == 500


def test_a_blank_that_hides_a_default_from_the_reader_is_left_to_the_server() -> None:
    row = {"quantity": "2", "price": None}
    posted = {"subject": None, "lines": [row, {"id": "x", "price": None}]}

    def left(**rights: str) -> dict[str, object]:
        return left_to_defaults(model(), shop.policy(**rights), "order", posted)

    assert left() == posted, "the page shows this default, so that a blank is somebody's wish"
    assert left(product__price="hidden") == {"subject": None, "lines": [{"quantity": "2"}, {"id": "x", "price": None}]}
