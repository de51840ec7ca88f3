"""Values as people read them, in both languages."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from engine.rendering import Locale, formats, reading_in
from engine.rendering.environment import attributes, browser_texts

NOW = datetime(2026, 11, 24, 20, 30, tzinfo=UTC)
ENGLISH = Locale("en", "Asia/Shanghai", now=NOW)
CHINESE = Locale("zh-CN", "Asia/Shanghai", now=NOW)


def test_a_moment_is_shown_in_the_readers_zone() -> None:
    assert formats.show_datetime(NOW, CHINESE) == "2026-11-25 04:30"
    assert formats.show_datetime(NOW, ENGLISH) == "25 Nov 2026, 04:30"
    assert formats.show_date(NOW, ENGLISH) == "25 Nov 2026"


def test_a_day_is_the_same_everywhere() -> None:
    assert formats.show_date(date(2026, 1, 4), CHINESE) == "2026-01-04"


@pytest.mark.parametrize(
    ("ago", "english", "chinese"),
    [
        (timedelta(seconds=10), "just now", "刚刚"),
        (timedelta(seconds=50), "50 seconds ago", "50 秒前"),
        (timedelta(minutes=1), "1 minute ago", "1 分钟前"),
        (timedelta(hours=5), "5 hours ago", "5 小时前"),
        (timedelta(days=3), "3 days ago", "3 天前"),
        (timedelta(days=70), "2 months ago", "2 个月前"),
        (timedelta(days=800), "2 years ago", "2 年前"),
        (timedelta(days=-2), "in 2 days", "2 天后"),
    ],
)
def test_relative_times(ago: timedelta, english: str, chinese: str) -> None:
    assert formats.show_ago(NOW - ago, ENGLISH) == english
    assert formats.show_ago(NOW - ago, CHINESE) == chinese


@pytest.mark.parametrize(
    ("value", "currency", "text"),
    [
        (Decimal(620000), "", "¥620,000.00"), (Decimal("-5.005"), "USD", "-$5.01"), (None, "", ""), (0, "EUR", "€0.00"),
        (Decimal(3), "XAU", "XAU 3.00"),
    ],
)  # fmt: skip
def test_money(value: Decimal | None, currency: str, text: str) -> None:
    with reading_in(ENGLISH):
        assert formats.show_money(value, currency) == text


def test_numbers_percents_and_sizes() -> None:
    assert formats.show_number(Decimal("1234567.5")) == "1,234,567.5"
    assert formats.show_number(Decimal("1E+3")) == "1,000"
    assert formats.show_percent(Decimal("12.50")) == "12.5%"
    assert formats.show_percent(Decimal(100)) == "100%"
    assert [formats.show_size(size) for size in (None, 0, 999, 1200, 340_000, 2_500_000)] == [
        "",
        "0 B",
        "999 B",
        "1.2 KB",
        "340 KB",
        "2.5 MB",
    ]


def test_an_unknown_zone_is_utc() -> None:
    assert formats.show_datetime(NOW, Locale("zh-CN", "Mars/Phobos")) == "2026-11-24 20:30"


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Ana Souza", "AS"), ("李伟", "伟"), ("tom", "T"), ("", "?"), ("Li 伟", "伟")],
)
def test_initials(name: str, letters: str) -> None:
    assert formats.initials(name) == letters


def test_attributes_are_escaped() -> None:
    assert (
        attributes({"hx_get": '"><x', "disabled": True, "hidden": False, "class_": "a"})
        == ' hx-get="&#34;&gt;&lt;x" disabled class="a"'
    )


def test_scripts_get_their_sentences_in_the_readers_language() -> None:
    with reading_in(CHINESE):
        assert browser_texts()["close"] == "关闭"
    with reading_in(ENGLISH):
        assert browser_texts()["close"] == "Close"
