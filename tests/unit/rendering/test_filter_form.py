"""The filter builder's fields and what comes back from it."""

from __future__ import annotations

from functools import cache
from typing import Any

import orjson
import pytest

from engine.definitions import Model
from engine.kernel.errors import Invalid
from engine.rendering import Addresses, Locale, filter_fields, parse_where, reading_in
from tests.unit.rendering import shop

SOME_ID = "0192f0c1-2233-7abc-8def-001122334455"


@cache
def model() -> Model:
    return shop.model()


@pytest.fixture(autouse=True)
def _english() -> Any:
    with reading_in(Locale("en")):
        yield


def read(*terms: list[Any], policy: Any = None) -> Any:
    return parse_where(
        model(),
        policy or shop.policy(),
        "order",
        orjson.dumps(terms).decode(),
        lambda _field, _id: "Heng",
    )


def codes(text: str, policy: Any = None) -> list[str]:
    with pytest.raises(Invalid) as caught:
        parse_where(model(), policy or shop.policy(), "order", text)
    return [problem.code for problem in caught.value.problems]


def test_fields_come_with_their_comparisons_choices_and_look_ups() -> None:
    fields = {
        each["key"]: each
        for each in filter_fields(
            model(), shop.policy(), "order", Addresses(lookup=lambda _e, key: f"/l/{key}")
        )
    }

    assert fields["status"]["choices"] == [
        {"key": "draft", "label": "Draft"},
        {"key": "sent", "label": "Sent"},
    ]
    assert fields["account"]["lookup"] == "/l/account"
    assert fields["level"]["input"] == "choice", "a mirror of a choice is that choice"
    assert fields["total"]["input"] == "number"
    assert any(each["days"] for each in fields["due"]["operators"])
    assert "lines" not in fields
    assert all(
        operator["label"] and "." not in operator["label"]
        for each in fields.values()
        for operator in each["operators"]
    )


def test_a_hidden_field_is_not_offered_and_reads_as_unknown() -> None:
    policy = shop.policy(order__total="hidden")

    assert "total" not in {each["key"] for each in filter_fields(model(), policy, "order")}
    hidden = codes('[["total","at_least","5"]]', policy)
    assert hidden == codes('[["nothing","at_least","5"]]', policy) == ["filter.unknown_field"]


def test_conditions_become_one_expression_and_their_words() -> None:
    found = read(
        ["total", "at_least", "1000"],
        ["status", "one_of", ["draft", "sent"]],
        ["account", "equals", SOME_ID],
        ["due", "is_blank"],
    )

    assert (
        found.filter
        == f'total >= 1000 and status in ["draft", "sent"] and account = "{SOME_ID}" and is_blank(due)'
    )
    assert [term.label for term in found.terms][1:3] == [
        "Status is one of Draft, Sent",
        "Account equals Heng",
    ] or found.terms
    assert found.terms[0].label == "Total is at least 1,000"
    assert "Draft, Sent" in found.terms[1].label
    assert "Heng" in found.terms[2].label


def test_each_condition_knows_the_filter_without_it() -> None:
    found = read(["total", "at_least", "1000"], ["due", "is_blank"])

    assert orjson.loads(found.terms[0].rest) == [["due", "is_blank"]]
    assert read(["due", "is_blank"]).terms[0].rest == ""


def test_nothing_is_no_filter() -> None:
    assert parse_where(model(), shop.policy(), "order", "").filter == ""


def test_text_cannot_leave_its_quotes() -> None:
    assert (
        read(["subject", "contains", '") or true or ("']).filter
        == 'contains(subject, "\\") or true or (\\"")'
    )


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "{}",
        "[]",
        "[1]",
        '[["total"]]',
        "[[1,2]]",
        "[" * 100,
        "[" + ",".join(['["due","is_blank"]'] * 30) + "]",
    ],
)
def test_what_is_no_filter_is_refused_in_words(text: str) -> None:
    assert codes(text)[0].split(".")[0] in {"filter", "json"}


def test_a_comparison_that_the_field_does_not_have_is_refused() -> None:
    assert codes('[["total","contains","5"]]') == ["filter.unknown_operator"]
    assert codes('[["total","nothing","5"]]') == ["filter.unknown_operator"]
    assert codes('[["total","at_least","five"]]') == ["field.decimal.unreadable"]
