"""What only some types can do."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from engine.fields import TYPES, all_of, check_options, complete_options, to_expression
from engine.fields.column_types import Bytes16, Exact, Instant, Json
from engine.fields.labels import parse_label
from engine.kernel.errors import Invalid

MONEY = {"type": "money", "options": complete_options(TYPES["money"], {"scale": 2})}
RATING = {"type": "rating", "options": complete_options(TYPES["rating"], {})}
DATE = {"type": "date", "options": complete_options(TYPES["date"], {})}


def rollup(function: str, source: Any) -> dict[str, Any]:
    options = complete_options(TYPES["rollup"], {"rows": "lines", "field": "x", "function": function})
    return options if source is None else {**options, "source": source}


@pytest.mark.parametrize(
    ("key", "options", "value", "settled"),
    [
        ("formula", {"result": "number", "scale": 1}, Decimal("2.25"), Decimal("2.3")),
        ("formula", {"result": "number", "scale": 2}, Decimal("1e17"), None),
        ("formula", {"result": "number", "scale": 2}, None, None),
        ("formula", {"result": "money", "scale": 2}, Decimal("2.255"), Decimal("2.26")),
        ("formula", {"result": "money", "scale": 2}, Decimal("1e17"), None),
        ("formula", {"result": "text", "scale": 2}, "x" * 5000, "x" * 4000),
        ("formula", {"result": "text", "scale": 2}, "", None),
        ("formula", {"result": "date", "scale": 2}, date(2026, 1, 1), date(2026, 1, 1)),
        ("rollup", rollup("sum", MONEY), Decimal("1.005"), Decimal("1.01")),
        ("rollup", rollup("sum", RATING), Decimal(7), 7),
        ("rollup", rollup("count", None), Decimal(3), 3),
        ("rollup", rollup("sum", None), Decimal("0.00005"), Decimal("0.0001")),
        ("rollup", rollup("max", DATE), date(2026, 1, 1), date(2026, 1, 1)),
        ("rollup", rollup("sum", MONEY), None, None),
        ("mirror", {}, "as it is", "as it is"),
        ("number", {"pattern": "{0}"}, "1", "1"),
    ],
)  # fmt: skip
def test_computed_values_are_settled_before_they_are_stored(key: str, options: dict[str, Any], value: Any, settled: Any) -> None:
    found = TYPES[key].settle(value, options)  # type: ignore[attr-defined]

    assert found == settled
    assert type(found) is type(settled)


@pytest.mark.parametrize(
    ("key", "target"),
    [("reference", "account"), ("user", "@user"), ("department", "@department"), ("created_by", "@user"), ("changed_by", "@user")],
)
def test_references_name_their_target(key: str, target: str) -> None:
    assert TYPES[key].target({"entity": "account"}) == target  # type: ignore[attr-defined]


def test_rows_files_and_choices_say_what_they_hold() -> None:
    options = complete_options(TYPES["choices"], {"options": [{"key": "a"}, {"key": "b"}]})

    assert TYPES["rows"].rows_entity({"entity": "line"}) == "line"  # type: ignore[attr-defined]
    assert TYPES["file"].accepted({"endings": (".pdf",)}) == (".pdf",)  # type: ignore[attr-defined]
    assert [option["key"] for option in TYPES["choices"].choices(options)] == ["a", "b"]  # type: ignore[attr-defined]
    assert TYPES["choices"].choices({"options": [{"key": "raw"}]}) == ({"key": "raw"},)  # type: ignore[attr-defined]


@pytest.mark.parametrize("key", ["text", "long_text"])
def test_a_value_that_is_too_long_is_found_without_parsing(key: str) -> None:
    options = complete_options(TYPES[key], {"max_length": 3})

    assert [problem.code for problem in TYPES[key].check("four", options)] == ["field.too_long"]
    assert not list(TYPES[key].check("abc", options))


def test_too_many_rows_are_found() -> None:
    assert [problem.code for problem in TYPES["rows"].check([{}] * 1001, {"entity": "line"})] == ["field.too_many"]


def test_values_of_python_are_taken_as_they_are() -> None:
    assert TYPES["file"].parse([UUID(int=5)], {}) == (UUID(int=5),)
    assert TYPES["date"].parse(date(2026, 1, 1), {}) == date(2026, 1, 1)
    with pytest.raises(Invalid):
        TYPES["date"].parse(date(26, 1, 1), {})
    assert TYPES["datetime"].dump(datetime(2026, 1, 1, tzinfo=UTC), {}) == "2026-01-01T00:00:00Z"


@pytest.mark.parametrize("raw", [{}, {"english": "x"}, {"en": 5}, 5, None])
def test_what_is_no_label(raw: object) -> None:
    assert parse_label(raw) is None


@pytest.mark.parametrize("options", ["text", [], None, 5])
def test_options_are_an_object(options: object) -> None:
    assert [problem.code for problem in check_options(TYPES["text"], options)] == ["field.options.unreadable"]


def test_a_moment_without_zone_never_reaches_the_database() -> None:
    from sqlalchemy.dialects import sqlite

    with pytest.raises(ValueError, match="zone"):
        Instant().process_bind_param(datetime(2026, 1, 1), sqlite.dialect())  # noqa: DTZ001


def test_json_columns_hold_any_json() -> None:
    from sqlalchemy.dialects import postgresql, sqlite

    for dialect in (sqlite.dialect(), postgresql.dialect()):
        stored = Json().process_bind_param({"a": [1, None]}, dialect)
        assert Json().process_result_value(stored, dialect) == {"a": [1, None]}
        assert Json().process_bind_param(None, dialect) is None


def test_numbers_computed_by_sqlite_come_back_rounded() -> None:
    from sqlalchemy.dialects import postgresql, sqlite

    assert Exact(2).process_result_value(1234.6, sqlite.dialect()) == Decimal("12.35")
    assert Exact(2).process_bind_param("12.345", sqlite.dialect()) == 1235
    assert Exact(2).process_bind_param(3, postgresql.dialect()) == Decimal("3.00")
    assert Bytes16().process_bind_param(str(UUID(int=7)), sqlite.dialect()) == UUID(int=7).bytes


def test_choices_already_parsed_are_taken_as_they_are() -> None:
    options = complete_options(TYPES["choice"], {"options": [{"key": "a"}]})

    assert complete_options(TYPES["choice"], options) == options
    assert TYPES["choice"].choices(options) is options["options"]  # type: ignore[attr-defined]


def test_a_label_that_is_no_label_spoils_its_option() -> None:
    problems = check_options(TYPES["choice"], {"options": [{"key": "a", "label": 5}]})

    assert [problem.code for problem in problems] == ["field.choice_list.unreadable"]


def test_conditions_are_joined_and_days_may_be_moments() -> None:
    assert all_of(["a = 1", "b = 2"]) == "a = 1 and b = 2"
    assert to_expression("equals", "due_on", ["2026-11-24T08:30:00Z"], "date") == 'due_on = "2026-11-24"'


def test_options_that_are_wrong_cannot_be_completed() -> None:
    with pytest.raises(Invalid) as caught:
        complete_options(TYPES["reference"], {"on_remove": "explode"})

    assert {problem.path for problem in caught.value.problems} == {("entity",), ("on_remove",)}
