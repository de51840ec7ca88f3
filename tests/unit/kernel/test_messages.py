"""Sentences by code, with plural forms."""

from __future__ import annotations

import pytest

from engine.kernel.messages import translate


@pytest.mark.parametrize(("values", "said"), [
    ({"count": 1}, "1 record"), ({"count": 2}, "2 records"), ({"count": "1", "n": 1}, "1 record"), ({"count": "1,200", "n": 1200}, "1,200 records"),
])
def test_the_number_decides_between_forms_however_it_is_written(values, said):
    assert translate("view.group_count", values, "en") == said
