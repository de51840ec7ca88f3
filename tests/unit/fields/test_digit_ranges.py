"""Ranges as patterns: they match exactly the numbers and dates between the bounds."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from engine.fields.digit_ranges import date_pattern, decimal_pattern

BOUNDS = st.none() | st.decimals(-1200, 1200, places=3) | st.integers(-1200, 1200).map(Decimal)


def written(number: Decimal) -> st.SearchStrategy[str]:
    """Ways to write a number: zeros at both ends, a plus sign."""
    text = format(abs(number), "f")
    head = st.sampled_from(["-", "-0", "-000"] if number < 0 else ["", "+", "0", "00"])
    tail = st.sampled_from(["", "0", "000"] if "." in text else ["", ".0", ".000"])
    return st.builds(lambda start, end: start + text + end, head, tail)


@given(BOUNDS, BOUNDS, st.integers(0, 3), st.data())
def test_numbers_match_when_they_are_in_range(low: Decimal | None, high: Decimal | None, scale: int, data: st.DataObject) -> None:
    near = [bound for bound in (low, high) if bound is not None] or [Decimal(0)]
    step = Decimal(1).scaleb(-scale)
    number = data.draw(
        st.decimals(-1300, 1300, places=scale)
        | st.builds(lambda bound, count: bound.quantize(step) + count * step, st.sampled_from(near), st.integers(-2, 2))
    )
    text = data.draw(written(number))
    expected = (low is None or number >= low) and (high is None or number <= high)

    pattern = decimal_pattern(4, scale, low, high)

    assert bool(re.search(pattern, text)) == expected, pattern


@given(st.integers(0, 6), st.integers(0, 3))
def test_digits_are_counted_without_zeros_at_the_ends(whole: int, scale: int) -> None:
    pattern = re.compile(decimal_pattern(whole + 1, scale, None, None))

    assert pattern.search("9" * (whole + 1))
    assert not pattern.search("1" + "0" * (whole + 1))
    assert pattern.search("0" * 20 + "." + "0" * 20)
    assert bool(pattern.search("0.001")) == (scale >= 3)


@pytest.mark.parametrize("text", ["", "-", ".5", "5.", "1,000", "1e3", "--1", "0x1", "1 2", "NaN"])
def test_what_is_no_number_does_not_match(text: str) -> None:
    assert not re.search(decimal_pattern(6, 2, None, None), text)
    assert not re.search(decimal_pattern(6, 2, Decimal(0), Decimal(100)), text)


@pytest.mark.parametrize("text", ["１２．５", "　12.5 ", "＋12.5", "12.50"])
def test_full_width_and_spaces_match(text: str) -> None:
    assert re.search(decimal_pattern(6, 2, Decimal("12.5"), Decimal("12.5")), text)


def test_minus_zero_is_zero() -> None:
    assert re.search(decimal_pattern(6, 2, Decimal(0), None), "-0.00")
    assert not re.search(decimal_pattern(6, 2, Decimal("0.01"), None), "-0.00")


def test_crossed_bounds_match_nothing() -> None:
    pattern = decimal_pattern(6, 2, Decimal(5), Decimal(4))

    assert not any(re.search(pattern, str(number)) for number in range(10))


DAYS = st.dates(date(1000, 1, 1), date(9999, 12, 31))


@given(DAYS, DAYS, DAYS | st.none(), st.integers(-2, 2))
def test_dates_match_when_they_are_in_range(one: date, two: date, day: date | None, shift: int) -> None:
    first, last = sorted((one, two))
    if day is None:
        assume(0 < first.toordinal() + shift <= date.max.toordinal() and (first.toordinal() + shift) > 366000)
        day = date.fromordinal(first.toordinal() + shift)

    assert bool(re.search(date_pattern(str(first), str(last)), str(day))) == (first <= day <= last)
