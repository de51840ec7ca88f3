"""Identifiers sort in the order in which they were made."""

from __future__ import annotations

import time

from engine.kernel.ids import new_id


def test_ids_grow_and_say_when():
    before = time.time_ns() // 1_000_000
    made = [new_id() for _ in range(20_000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)
    assert {(each.version, each.variant) for each in made} == {(7, "specified in RFC 4122")}
    assert before <= made[0].int >> 80 <= made[-1].int >> 80 <= time.time_ns() // 1_000_000 + 10
    assert len({each.int & (1 << 62) - 1 for each in made}) == len(made)


def test_a_clock_that_is_set_back_changes_nothing(monkeypatch):
    first = new_id()
    monkeypatch.setattr(time, "time_ns", lambda: 0)
    assert first < new_id() < new_id()
