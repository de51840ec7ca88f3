"""Cursors: what goes in comes out, and nothing else comes in."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.kernel.errors import Invalid
from engine.records.cursor import Cursor, digest, read_cursor, write_cursor

ID = UUID("01939e2c-6f00-7abc-8def-0123456789ab")
MARK = digest("crm", "sale", 3)
VALUES = {
    "text": st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30),
    "number": st.decimals(-(10**15), 10**15, places=4), "whole": st.integers(-(2**63), 2**63 - 1), "yes_no": st.booleans(),
    "date": st.dates(date(1000, 1, 1)), "reference": st.uuids(),
    "datetime": st.datetimes(datetime(1000, 1, 2), timezones=st.just(UTC)),  # noqa: DTZ001 (the strategy adds the zone)
}


@given(st.lists(st.sampled_from(sorted(VALUES)), max_size=4), st.booleans(), st.data())
def test_a_cursor_comes_back_as_it_was(kinds: list[str], is_backward: bool, data: st.DataObject) -> None:
    values = tuple(data.draw(st.none() | VALUES[kind]) for kind in kinds)
    cursor = Cursor(values, ID, is_backward)

    assert read_cursor(write_cursor(cursor, MARK), MARK, kinds) == cursor


@pytest.mark.parametrize(
    ("kind", "value"),
    [("number", "NaN"), ("number", "1e999"), ("number", 5), ("whole", 2**63), ("whole", "5"), ("whole", True), ("date", "2026-13-01"), ("date", 1),
     ("datetime", "2026-01-01T00:00:00"), ("reference", "x"), ("yes_no", 1), ("text", 5), ("text", "a\x00b"), ("text", ["x"]), ("text", {})],
)
def test_a_forged_value_is_refused(kind: str, value: object) -> None:
    text = urlsafe_b64encode(orjson.dumps([MARK, 0, ID.hex, [value]])).decode() if not (isinstance(value, int) and value == 2**63) else urlsafe_b64encode(
        f'["{MARK}",0,"{ID.hex}",[9223372036854775808]]'.encode()
    ).decode()

    with pytest.raises(Invalid):
        read_cursor(text.rstrip("="), MARK, [kind])


@given(st.text(max_size=40) | st.binary(max_size=40).map(lambda raw: urlsafe_b64encode(raw).decode()))
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        read_cursor(text, MARK, ["number"])


def test_marks_tell_questions_apart() -> None:
    assert len({digest("a", 1), digest("a", 2), digest("a1"), digest("\ud800")}) == 4
    assert write_cursor(Cursor((Decimal(1),), ID), digest("a")) != write_cursor(Cursor((Decimal(1),), ID), digest("b"))
