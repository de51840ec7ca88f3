"""Which types become which, and how single values are read."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from engine.fields import (
    PALETTE,
    TYPES,
    Known,
    complete_options,
    conversions,
    converter,
    may_become,
)
from engine.kernel.errors import Invalid

LEVELS = {"options": [{"key": "gold", "label": {"zh-CN": "金牌", "en": "Gold"}}, {"key": "silver", "label": {"zh-CN": "银牌", "en": "Silver"}}]}
ACME = UUID("01939e2c-6f00-7abc-8def-0123456789ab")


def convert(value: Any, before: str, after: str, *, known: Known | None = None, language: str = "en", **options: Any) -> Any:
    given = {"choice": LEVELS, "choices": LEVELS, "reference": {"entity": "account"}}
    sides = [(TYPES[key], complete_options(TYPES[key], {**given.get(key, {}), **(options if key == after else {})})) for key in (before, after)]
    return converter(*sides, language=language, timezone="Asia/Shanghai")(value, known or Known())


@pytest.mark.parametrize(("text", "number"), [
    ("12", "12.00"), (" 12.5 ", "12.50"), ("1,234.50", "1234.50"), ("¥620,000.00", "620000.00"), ("￥1，200", "1200.00"),
    ("-¥5", "-5.00"), ("１２．５", "12.50"), ("3.2万", "32000.00"), ("1.5 亿", "150000000.00"), ("980 元", "980.00"), ("$ 7", "7.00"),
])
def test_numbers_are_read_as_people_write_them(text: str, number: str) -> None:
    assert str(convert(text, "text", "decimal")) == number


@pytest.mark.parametrize("text", ["12 kg", "ca. 12", "1.2.3", "12,50", "1,23", "5%", "0x10", "n/a", "1-2", "½", "12.345"])
def test_what_is_no_single_number_is_not_guessed(text: str) -> None:
    with pytest.raises(Invalid):
        convert(text, "text", "decimal")


@pytest.mark.parametrize(("text", "day"), [
    ("2026-11-24", (2026, 11, 24)), ("2026/1/5", (2026, 1, 5)), ("2026.01.05", (2026, 1, 5)), ("2026年11月24日", (2026, 11, 24)),
    ("20261124", (2026, 11, 24)), ("24 Nov 2026", (2026, 11, 24)), ("2026-11-24 08:30", (2026, 11, 24)), ("2026-11-24T08:30:00", (2026, 11, 24)),
])
def test_dates_are_read_in_every_unmistakable_way(text: str, day: tuple[int, int, int]) -> None:
    assert convert(text, "text", "date") == date(*day)


@pytest.mark.parametrize("text", ["01/02/2026", "2026-02-30", "2026-13-01", "tomorrow", "2026", "202611245", "5 Foo 2026", "0026-01-01"])
def test_doubtful_dates_are_not(text: str) -> None:
    with pytest.raises(Invalid):
        convert(text, "text", "date")


def test_moments_belong_to_the_apps_time_zone() -> None:
    moment = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
    assert convert(moment, "datetime", "text") == "2026-11-24 16:30"
    assert convert("2026-11-24 16:30", "text", "datetime") == moment
    assert convert("2026-11-24T16:30:00+08:00", "text", "datetime") == moment
    assert convert(datetime(2026, 11, 24, 17, 0, tzinfo=UTC), "datetime", "date") == date(2026, 11, 25)
    assert convert(date(2026, 11, 25), "date", "datetime") == datetime(2026, 11, 24, 16, 0, tzinfo=UTC)


def test_options_go_by_any_of_their_names() -> None:
    assert [convert(text, "text", "choice") for text in ("金牌", "gold", " GOLD ", "Silver")] == ["gold", "gold", "gold", "silver"]
    assert convert("gold", "choice", "text", language="zh-CN") == "金牌"
    assert convert("silver、金牌", "text", "choices") == ("gold", "silver")
    assert convert(("gold", "silver"), "choices", "text", language="zh-CN") == "金牌、银牌"
    assert convert("gold", "choice", "choices") == ("gold",)
    with pytest.raises(Invalid):
        convert(("gold", "silver"), "choices", "choice")


def test_records_go_by_their_titles() -> None:
    known = Known({ACME: "Acme"}, {"Acme": ACME})
    assert convert(ACME, "reference", "text", known=known) == "Acme"
    assert convert(" Acme ", "text", "reference", known=known) == ACME
    with pytest.raises(Invalid):
        convert("Other", "text", "reference", known=known)


def test_numbers_change_among_each_other_only_when_nothing_is_lost() -> None:
    assert convert(12, "integer", "decimal") == Decimal("12.00")
    assert convert(Decimal("12.00"), "decimal", "integer") == 12
    for after in ("integer", "rating"):
        with pytest.raises(Invalid):
            convert(Decimal("12.50"), "decimal", after)
    assert convert("12.5%", "text", "percent") == Decimal("12.50")


def test_yes_and_no_in_both_languages() -> None:
    assert [convert(text, "text", "yes_no") for text in ("是", "Yes", "1", "×", "否", "n")] == [True, True, True, False, False, False]
    assert convert(value=True, before="yes_no", after="text", language="zh-CN") == "是"
    with pytest.raises(Invalid):
        convert("maybe", "text", "yes_no")


def test_limits_of_the_new_type_hold() -> None:
    with pytest.raises(Invalid):
        convert("120", "text", "integer", maximum=100)
    with pytest.raises(Invalid):
        convert("too long", "text", "text", max_length=3)
    assert convert("two\nlines", "long_text", "text") == "two lines"


def test_the_table_names_only_types_of_the_palette_and_nothing_becomes_rows() -> None:
    keys = {kind.key for group in PALETTE for kind in group.types}
    table = conversions()
    assert table.keys() <= keys
    assert {target for targets in table.values() for target in targets} <= keys - {"rows", "file"}
    assert not may_become("text", "text", "rows")
    assert not may_become("file", "file", "text")
    assert may_become("text", "text", "formula")
    assert may_become("formula", "number", "decimal")
