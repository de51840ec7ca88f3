"""A field type that is not ours passes the whole contract as it stands: nobody edits a test for it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.types import TypeEngine

from engine.fields import (
    FieldType,
    Option,
    Options,
    check_options,
    complete_options,
    options_schema,
)
from engine.fields.column_types import binary_text
from engine.kernel.errors import Invalid, Problem
from tests.contract.field_cases import accepts, agree, raw_values


class TimeOfDay(FieldType[str]):
    """A time on the clock, to the minute."""

    key = "time_of_day"
    kind = "text"
    widget = "text"
    options = (Option("latest", "text", default="23:59", settings={"pattern": "[0-2][0-9]:[0-5][0-9]"}),)
    samples = ("08:30", "23:59")

    def column(self, options: Options) -> TypeEngine[Any]:
        return binary_text()

    def parse(self, raw: object, options: Options) -> str:
        if not isinstance(raw, str) or len(raw) != 5 or raw[2] != ":" or not raw.isascii():
            raise self.unreadable(raw)
        hours, minutes = raw[:2], raw[3:]
        if not (hours.isdigit() and minutes.isdigit() and hours < "24" and minutes < "60"):
            raise self.unreadable(raw)
        return raw

    def check(self, value: str, options: Options) -> Iterable[Problem]:
        return (Problem("field.too_large", {"maximum": options["latest"]}),) if value > options["latest"] else ()

    def dump(self, value: str, options: Options) -> str:
        return value

    def schema(self, options: Options) -> dict[str, Any]:
        return {"type": "string", "maxLength": 5, "pattern": "^(?:[01][0-9]|2[0-3]):[0-5][0-9]$"}


PLANTED = TimeOfDay()
OPTIONS = complete_options(PLANTED, {})


def test_its_samples_parse_and_come_back() -> None:
    for sample in PLANTED.samples:
        assert accepts(PLANTED, sample, OPTIONS)
        assert PLANTED.dump(PLANTED.parse(sample, OPTIONS), OPTIONS) == sample


@settings(max_examples=50)
@given(st.lists(raw_values(PLANTED), min_size=1, max_size=5))
def test_outside_validators_agree_with_it(raws: list[Any]) -> None:
    agree(PLANTED, OPTIONS, raws)


def test_its_options_are_checked_by_their_description() -> None:
    assert OPTIONS == {"latest": "23:59"}
    assert [problem.code for problem in check_options(PLANTED, {"latest": "noon"})] == ["field.text.pattern"]
    assert options_schema(PLANTED.options)["properties"]["latest"]["default"] == "23:59"


def test_its_refusal_names_the_type_and_shows_the_value() -> None:
    with pytest.raises(Invalid) as caught:
        PLANTED.parse("25:00", OPTIONS)

    (problem,) = caught.value.problems
    assert (problem.code, problem.values) == ("field.time_of_day.unreadable", {"value": "25:00"})
