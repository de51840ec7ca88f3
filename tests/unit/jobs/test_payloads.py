"""Payloads: JSON in, dataclasses out, everything else refused."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from engine.jobs.kind import JobKind
from engine.jobs.payload import as_json, read_payload
from engine.kernel.errors import Invalid

ID = UUID(int=7)


@dataclass(frozen=True)
class Order:
    """A payload of every kind."""

    name: str
    count: int
    id: UUID
    at: datetime
    tags: tuple[str, ...]
    data: Mapping[str, Any]
    anything: Any
    note: str | None = None


FINE = {
    "name": "x", "count": 3, "id": str(ID), "at": "2026-11-24T08:00:00+00:00", "tags": ["a"], "data": {"b": 1},
    "anything": [1],
}


def test_values_become_what_the_class_says() -> None:
    assert read_payload(Order, FINE) == Order(
        "x", 3, ID, datetime(2026, 11, 24, 8, tzinfo=UTC), ("a",), {"b": 1}, [1]
    )
    assert read_payload(Order, {**FINE, "note": None}).note is None
    assert read_payload(Order, {**FINE, "note": "y"}).note == "y"


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"name": 1}, "name"), ({"count": "3"}, "count"), ({"count": True}, "count"), ({"id": "x"}, "id"),
        ({"at": 5}, "at"), ({"at": "soon"}, "at"), ({"tags": "a"}, "tags"), ({"tags": [1]}, "tags"),
        ({"data": []}, "data"), ({"note": 1}, "note"), ({"more": 1}, "more"), ({"name": None}, "name"),
    ],
)
def test_what_does_not_fit_is_named(changes: dict[str, Any], name: str) -> None:
    with pytest.raises(Invalid) as error:
        read_payload(Order, {**FINE, **changes})
    assert [problem.path for problem in error.value.problems] == [(name,)]


def test_what_is_missing_is_named() -> None:
    with pytest.raises(Invalid) as error:
        read_payload(Order, {})
    assert len(error.value.problems) == 7


def test_ids_and_moments_are_kept_as_text() -> None:
    assert as_json({"id": ID, "at": datetime(2026, 11, 24, tzinfo=UTC)}) == {"id": str(ID), "at": "2026-11-24T00:00:00+00:00"}


def test_waits_grow_and_never_run_in_step() -> None:
    kind, chance = JobKind("x", lambda *_: None), random.Random(1)
    waits = [kind.delay(attempt, chance).total_seconds() for attempt in range(1, 9)]

    assert waits == sorted(waits)
    assert 4 <= waits[0] <= 6
    assert waits[-1] <= 6 * 3600 * 1.2
    assert kind.delay(1, chance) != kind.delay(1, chance)


def test_a_kind_may_have_waits_of_its_own() -> None:
    kind, chance = JobKind("x", lambda *_: None, delays=(1.0, 100.0)), random.Random(1)

    assert kind.delay(1, chance).total_seconds() < 2
    assert 80 <= kind.delay(9, chance).total_seconds() <= 120
