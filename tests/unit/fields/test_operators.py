"""Filter operators: what they write, and that it means what their labels say."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.expressions import compile, evaluate  # noqa: A004
from engine.fields import OPERATORS, TYPES, complete_options, face_of, operators_of, to_expression
from engine.kernel.errors import Invalid
from engine.kernel.messages import LANGUAGES, catalogue

ME = UUID("01939e2c-6f00-7abc-8def-0123456789ab")
OTHER = UUID("01939e2c-6f00-7abc-8def-0123456789ac")
NOW = datetime(2026, 11, 24, 20, 30, tzinfo=UTC)  # a Tuesday; already Wednesday in Shanghai
KINDS = {"choice": "text", "user": "reference", "department": "reference"}


def holds(operator: str, face: str, value: Any, *arguments: Any, timezone: str = "UTC") -> bool:
    kind = KINDS.get(face, face)
    text = to_expression(operator, "field", arguments, face)
    names = {"field": kind, "actor.id": "reference", "actor.department": "reference"}
    expression = compile(text, names, expects="yes_no")
    scope = {"field": value, "actor.id": ME, "actor.department": ME}
    return bool(evaluate(expression, scope, now=NOW, timezone=timezone))


def arguments_for(operator: Any, face: str) -> list[Any]:
    one = {"number": "3", "reference": str(ME), "date": "2026-11-24"}.get(
        {"datetime": "date"}.get(face, KINDS.get(face, face)), "x"
    )
    one = "7" if operator.takes_days else one
    return {"none": [], "one": [one], "two": [one, one], "many": [[one, one]]}[operator.values]


@pytest.mark.parametrize("operator", list(OPERATORS), ids=lambda operator: operator.key)
def test_every_operator_writes_an_expression_that_compiles(operator: Any) -> None:
    for face in operator.faces:
        holds(operator.key, face, None, *arguments_for(operator, face))


@pytest.mark.parametrize("operator", list(OPERATORS), ids=lambda operator: operator.key)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_operator_has_a_label(operator: Any, language: str) -> None:
    assert operator.label in catalogue(language)


CASES = [
    ("equals", "text", "Acme", ["Acme"], True),
    ("equals", "text", None, ["Acme"], False),
    ("not_equals", "text", None, ["Acme"], True),
    ("contains", "text", "Shanghai Works", ["WORKS"], True),
    ("contains", "text", None, ["x"], False),
    ("lacks", "text", None, ["x"], True),
    ("lacks", "text", "axb", ["x"], False),
    ("starts_with", "text", "QT-1", ["QT-"], True),
    ("ends_with", "text", "plan.pdf", [".pdf"], True),
    ("one_of", "choice", "a", [["a", "b"]], True),
    ("one_of", "choice", "c", ["a"], False),
    ("none_of", "choice", "c", [["a", "b"]], True),
    ("more_than", "number", Decimal("3.01"), ["3"], True),
    ("more_than", "number", None, ["3"], False),
    ("at_least", "number", Decimal(3), ["３"], True),
    ("less_than", "number", Decimal(-4), ["-3.5"], True),
    ("between", "number", Decimal(5), ["1", "5"], True),
    ("is_yes", "yes_no", True, [], True),
    ("is_no", "yes_no", None, [], True),
    ("is_no", "yes_no", True, [], False),
    ("has_any", "list", ("a", "b"), [["b", "c"]], True),
    ("has_all", "list", ("a", "b"), [["b", "c"]], False),
    ("has_none", "list", ("a", "b"), [["c"]], True),
    ("has_none", "list", None, [["c"]], True),
    ("is_me", "user", ME, [], True),
    ("is_me", "user", OTHER, [], False),
    ("is_mine", "department", ME, [], True),
    ("equals", "reference", ME, [{"id": str(ME)}], True),
    ("one_of", "user", OTHER, [[str(ME), str(OTHER)]], True),
    ("is_blank", "file", (), [], True),
    ("is_filled", "text", "x", [], True),
    ("is_filled", "text", None, [], False),
    ("on_or_before", "date", date(2026, 11, 24), ["2026-11-24"], True),
    ("after", "date", date(2026, 11, 24), ["2026-11-24"], False),
    ("equals", "datetime", datetime(2026, 11, 24, 23, 59, tzinfo=UTC), ["2026-11-24"], True),
    ("between", "datetime", datetime(2026, 11, 25, tzinfo=UTC), ["2026-11-24", "2026-11-24"], False),
]  # fmt: skip


@pytest.mark.parametrize(("operator", "face", "value", "arguments", "expected"), CASES)
def test_operators_mean_what_they_say(operator: str, face: str, value: Any, arguments: list[Any], expected: bool) -> None:
    assert holds(operator, face, value, *arguments) is expected


PERIODS = {
    "today": ("2026-11-24", "2026-11-24"),
    "yesterday": ("2026-11-23", "2026-11-23"),
    "tomorrow": ("2026-11-25", "2026-11-25"),
    "last_week": ("2026-11-16", "2026-11-22"),
    "this_week": ("2026-11-23", "2026-11-29"),
    "next_week": ("2026-11-30", "2026-12-06"),
    "last_month": ("2026-10-01", "2026-10-31"),
    "this_month": ("2026-11-01", "2026-11-30"),
    "next_month": ("2026-12-01", "2026-12-31"),
    "last_quarter": ("2026-07-01", "2026-09-30"),
    "this_quarter": ("2026-10-01", "2026-12-31"),
    "next_quarter": ("2027-01-01", "2027-03-31"),
    "last_year": ("2025-01-01", "2025-12-31"),
    "this_year": ("2026-01-01", "2026-12-31"),
    "next_year": ("2027-01-01", "2027-12-31"),
}


@pytest.mark.parametrize(("period", "days"), PERIODS.items())
@pytest.mark.parametrize("face", ["date", "datetime"])
def test_periods_hold_their_first_and_last_day_and_no_other(period: str, days: tuple[str, str], face: str) -> None:
    first, last = (date.fromisoformat(day) for day in days)
    one = timedelta(days=1)

    inside = [holds(period, face, _as(face, day)) for day in (first, last)]
    outside = [holds(period, face, _as(face, day)) for day in (first - one, last + one)]

    assert inside == [True, True]
    assert outside == [False, False]


def _as(face: str, day: date) -> date | datetime:
    return day if face == "date" else datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def test_today_is_by_the_zone_of_whoever_asks() -> None:
    assert holds("today", "date", date(2026, 11, 25), timezone="Asia/Shanghai")
    assert not holds("today", "date", date(2026, 11, 24), timezone="Asia/Shanghai")


@pytest.mark.parametrize(("key", "inside", "outside"), [("last_days", -7, -8), ("next_days", 7, 8)])
def test_spans_of_days_count_from_today(key: str, inside: int, outside: int) -> None:
    today = NOW.date()

    assert holds(key, "date", today, "7")
    assert holds(key, "date", today + timedelta(days=inside), "7")
    assert not holds(key, "date", today + timedelta(days=outside), "7")


@given(st.text(min_size=1, max_size=30))
def test_no_text_gets_out_of_its_quotes(text: str) -> None:
    try:
        expression = to_expression("equals", "name", [text], "text")
    except Invalid:
        return
    compiled = compile(expression, {"name": "text"}, expects="yes_no")

    assert evaluate(compiled, {"name": text.strip(" \u00a0\u3000")}, now=NOW) is True
    assert compiled.names == {"name"}


@pytest.mark.parametrize(
    ("operator", "field", "arguments", "face", "code"),
    [
        ("no_such", "name", [], "text", "field_operator.unknown"),
        ("more_than", "name", ["1"], "text", "field_operator.unknown"),
        ("equals", "name) or (1", ["1"], "text", "field_operator.field"),
        ("equals", "name", [], "text", "field_operator.arguments"),
        ("between", "amount", ["1"], "number", "field_operator.arguments"),
        ("one_of", "name", [[]], "text", "field_operator.values"),
        ("one_of", "name", [["x"] * 40], "text", "field_operator.values"),
        ("last_days", "due_on", ["-1"], "date", "field_operator.days"),
        ("last_days", "due_on", ["1.5"], "date", "field.too_precise"),
        ("equals", "amount", ["1 or true"], "number", "field.decimal.unreadable"),
        ("equals", "due_on", ["tomorrow"], "date", "field.date.unreadable"),
        ("equals", "owner", ["me"], "reference", "field.reference.unreadable"),
        ("equals", "name", [None], "text", "field.text.unreadable"),
        ("equals", "name", ["x" * 1001], "text", "field.too_long"),
    ],
)
def test_what_cannot_be_asked_is_refused(operator: str, field: str, arguments: list[Any], face: str, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        to_expression(operator, field, arguments, face)

    assert [problem.code for problem in caught.value.problems] == [code]


def test_operators_follow_from_what_a_field_is() -> None:
    choice = complete_options(TYPES["choice"], {"options": [{"key": "a"}]})
    formula = complete_options(TYPES["formula"], {"result": "date"})

    assert face_of(TYPES["choice"], choice) == "choice"
    assert "contains" not in [operator.key for operator in operators_of(TYPES["choice"], choice)]
    assert "this_month" in [operator.key for operator in operators_of(TYPES["formula"], formula)]
    assert face_of(TYPES["created_by"], {}) == "user"
    assert operators_of(TYPES["rows"], {"entity": "line"}) == ()


def test_paths_through_references_can_be_asked() -> None:
    assert to_expression("contains", "account.name", ["x"], "text") == 'contains(account.name, "x")'
