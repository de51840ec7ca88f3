"""Running numbers: how patterns read, and when the count starts anew."""

from __future__ import annotations

from datetime import date

import pytest

from engine.fields import format_number, parse_pattern, period_of
from engine.kernel.errors import Invalid

DAY = date(2026, 3, 7)


@pytest.mark.parametrize(
    ("pattern", "count", "number", "period"),
    [
        ("QT-{YYYY}{MM}-{0000}", 1, "QT-202603-0001", "202603"),
        ("HT-{YYYY}-{000}", 42, "HT-2026-042", "2026"),
        ("AC-{0000}", 7, "AC-0007", ""),
        ("{YY}{MM}{DD}{00}", 123, "260307123", "260307"),
        ("合同{YYYY}年第{0}号", 15, "合同2026年第15号", "2026"),
        ("{0000}/{YY}", 10000, "10000/26", "26"),
        ("{MM}/{YYYY}-{0}", 3, "03/2026-3", "202603"),
    ],
)
def test_a_pattern_gives_numbers_and_the_span_of_their_count(pattern: str, count: int, number: str, period: str) -> None:
    assert format_number(pattern, DAY, count) == number
    assert period_of(pattern, DAY) == period


@pytest.mark.parametrize(
    "pattern",
    ["", "QT", "QT-{0000}-{00}", "{XX}{00}", "{yyyy}{00}", "QT-{}", "{0000", "0000}", "{{00}}", "{YYYY}", "a\n{00}",
     "\ud800{00}", "{0000000000000}", "x" * 57 + "{00}"],
)  # fmt: skip
def test_what_is_no_pattern_is_refused(pattern: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse_pattern(pattern)

    assert caught.value.problems[0].code == "field.number_pattern.unreadable"


@pytest.mark.parametrize("pattern", ["{MM}-{00}", "{YYYY}{DD}-{00}", "{DD}{00}"])
def test_patterns_that_would_give_a_number_twice_are_refused(pattern: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse_pattern(pattern)

    assert caught.value.problems[0].code == "field.number_pattern.ambiguous"


def test_two_counts_never_share_a_number() -> None:
    numbers = {
        format_number("{YY}{MM}{0}{DD}", date(2026, month, day), count)
        for month in (1, 11, 12)
        for day in (1, 2, 11, 12, 21)
        for count in (*range(1, 30), 111, 112)
    }

    assert len(numbers) == 3 * 5 * 31
