"""What the texts with @ in a pack's records stand for."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.kernel.errors import Invalid
from engine.packs.values import Names

NAMES = Names("en", datetime(2026, 3, 1, 17, 20, tzinfo=UTC), "Asia/Shanghai")  # 2 March, 01:20 in Shanghai


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("@today", "2026-03-02"),
        ("@today-3d", "2026-02-27"),
        ("@today 09:30", "2026-03-02T01:30:00+00:00"),
        ("@today-3d 09:30", "2026-02-27T01:30:00+00:00"),
        ("@now-3h", "2026-03-01T14:20:00+00:00"),
    ],
)
def test_days_and_moments_are_counted_from_the_installation_in_the_apps_time_zone(text, meant):
    assert NAMES.resolve(text) == meant


@pytest.mark.parametrize("text", ["@today-3d 25:00", "@now-3h 09:30", "@today 9:30", "@tomorrow"])
def test_what_stands_for_nothing_is_refused(text):
    with pytest.raises(Invalid):
        NAMES.resolve(text)
