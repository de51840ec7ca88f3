"""Cells of every kind of value, at the edges of what a field can hold."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from engine.definitions import build_model
from engine.definitions.cells import Axis, values_of
from engine.definitions.guard_atoms import NotAnalysed, guard_of
from engine.definitions.guard_table import GuardTable, NameFacts
from engine.expressions import compile as compile_expression
from tests.factories.documents import a_field, an_app, an_entity

KINDS = {
    "count": "number", "rate": "number", "free": "number", "day": "date", "moment": "datetime", "who": "reference",
    "level": "text", "note": "text", "ready": "yes_no", "tags": "list", "files": "file",
}  # fmt: skip
OPTIONS = {"options": [{"key": key, "label": key} for key in ("low", "mid", "high")]}
FIELDS = build_model(
    [
        an_app(),
        an_entity(
            "thing",
            a_field("note"),
            a_field("count", "integer", options={"minimum": "0", "maximum": "3"}),
            a_field("rate", "decimal", options={"scale": 1, "minimum": "0.5"}),
            a_field("day", "date"),
            a_field("moment", "datetime"),
            a_field("who", "user"),
            a_field("level", "choice", options=OPTIONS),
            a_field("ready", "yes_no"),
            a_field("tags", "choices", options=OPTIONS),
            a_field("files", "file"),
        ),
    ]
).entities["thing"].fields
SOMEBODY = "01939e2c-6f00-7abc-8def-0123456789ab"


def facts(name: str) -> NameFacts:
    bare = name.partition(" has ")[0]
    return NameFacts(KINDS[bare], FIELDS.get(bare), may_be_null=False)


def left_over(*texts: str) -> dict[str, Any] | None:
    """A witness of what no guard covers."""
    guards = [guard_of(compile_expression(text, KINDS, expects="yes_no")) for text in texts]  # type: ignore[arg-type]
    table = GuardTable(guards, facts)
    left = table.full
    for guard in guards:
        left &= ~table.points(guard)
    return table.witness(left) if left else None


@pytest.mark.parametrize(
    ("guards", "witness"),
    [
        (("count < 2", "count > 2"), {"count": "2"}),
        (("count >= 0",), None),
        (("count <= 3",), None),
        (("count <= 2", "count = 3"), None),
        (("count > 1.5", "count < 1"), {"count": "1"}),
        (("count <> 2.5",), None),
        (("rate > 0.5",), {"rate": "0.5"}),
        (("rate >= 0.55", "rate = 0.5"), None),
        (("free < 0", "free > 0"), {"free": "0"}),
        (('day < "2026-03-01"', 'day > "2026-03-01"'), {"day": "2026-03-01"}),
        (('day <= "2026-02-28"', 'day >= "2026-03-01"'), None),
        (('moment < "2026-03-01T00:00:00Z"', 'moment > "2026-03-01T00:00:00Z"'), {"moment": "2026-03-01T00:00:00Z"}),
        ((f'who <> "{SOMEBODY}"',), {"who": SOMEBODY}),
        ((f'who = "{SOMEBODY}"',), {"who": "00000000-0000-0000-0000-000000000001"}),
        (('level in ("low", "mid")',), {"level": "high"}),
        (('level > "high"',), {"level": "high"}),
        (('note = "a"',), {"note": "…"}),
        (('note <> "…"',), {"note": "…"}),
        (("ready",), {"ready": False}),
        (("is_blank(note)",), {"note": "…"}),
        (('"low" in tags',), {"tags has low": False}),
        (('"low" not in tags', 'if("mid" in tags, true, false)'), {"tags has low": True, "tags has mid": False}),
        (("true",), None),
        (("false",), {}),
        (("not (count < 2 or ready)", "ready"), {"count": "0", "ready": False}),
    ],
)
def test_what_no_guard_covers(guards: tuple[str, ...], witness: dict[str, Any] | None) -> None:
    assert left_over(*guards) == witness


@pytest.mark.parametrize(
    "guard",
    [
        "count > rate", "count + 1 > 2", 'note < "b"', "day < today()", 'contains(note, "x")', "count in (1, rate)",
        'day < "0001-01-01"', "is_blank(files)", "is_blank(if(ready, note, null))", 'is_blank(tags) and "low" in tags',
    ],
)  # fmt: skip
def test_what_lies_outside_of_the_fragment_is_not_analysed(guard: str) -> None:
    with pytest.raises(NotAnalysed):
        left_over(guard)


def test_values_are_shown_as_conditions() -> None:
    moment = datetime(2026, 3, 1, tzinfo=UTC)

    assert Axis("moment", (moment,)).condition(moment) == 'moment = "2026-03-01T00:00:00Z"'
    assert Axis("day", (date(2026, 3, 1),)).condition(date(2026, 3, 1)) == 'day = "2026-03-01"'
    assert Axis("ready", (True,)).condition(True) == "ready = true"
    assert Axis("note", (None,)).condition(None) == "note = null"
    assert Axis("tags has low", (True, False), is_member=True).condition(True) == '"low" in tags'
    assert Axis("tags has low", (True, False), is_member=True).condition(False) == '"low" not in tags'


def test_files_and_rows_have_no_cells() -> None:
    assert values_of("file", None, ()) is None
