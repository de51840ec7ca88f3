"""Which columns may become which."""

from __future__ import annotations

import pytest

from engine.storage.shapes import Shape

MONEY = Shape("exact", "number", 2)


@pytest.mark.parametrize(
    ("before", "after", "fits"),
    [
        (MONEY, Shape("exact", "number", 4), True),
        (MONEY, Shape("exact", "number", 0), False),
        (Shape("integer", "number"), MONEY, True),
        (MONEY, Shape("integer", "number"), False),
        (Shape("text", "text"), Shape("text", "text"), True),
        (Shape("text", "text"), Shape("date", "date"), False),
        (Shape("bytes16", "reference", 0, "e_a"), Shape("bytes16", "reference", 0, "e_b"), False),
        (Shape("exact", "number", 2, "", True), MONEY, True),
        (MONEY, Shape("exact", "number", 2, "", True), False),
    ],
)
def test_a_column_becomes_another_only_when_nothing_is_lost(before: Shape, after: Shape, fits: bool) -> None:
    assert before.fits_into(after) is fits
