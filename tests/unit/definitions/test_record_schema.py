"""The JSON Schema of records."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from engine.definitions import build_model, record_schema
from engine.kernel import json
from tests.factories.documents import worked_example

MODEL = build_model(worked_example())
LINE = {"item": "Pump", "price": "10.50"}


def accepts(purpose: str, value: Any, entity: str = "quotation") -> bool:
    schema = record_schema(MODEL, entity, for_=purpose)  # type: ignore[arg-type]
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema).is_valid(value)


@pytest.mark.parametrize("entity", ["account", "quotation", "quotation_line"])
@pytest.mark.parametrize("purpose", ["write", "patch", "read"])
def test_every_schema_is_sound(entity: str, purpose: str) -> None:
    schema = record_schema(MODEL, entity, for_=purpose)  # type: ignore[arg-type]

    Draft202012Validator.check_schema(schema)
    assert json.read(json.canonical(schema)) == schema


@pytest.mark.parametrize(
    ("value", "verdict"),
    [
        ({}, True),
        ({"amount": "620000.00"}, True),
        ({"amount": 620000}, True),
        ({"amount": None}, True),
        ({"amount": ""}, True),
        ({"amount": "much"}, False),
        ({"amount": "1.005"}, False),
        ({"payment_terms": "net30"}, True),
        ({"payment_terms": "net45"}, False),
        ({"lines": [LINE]}, True),
        ({"lines": [{"item": "Pump"}]}, False),
        ({"lines": [{**LINE, "total": "5"}]}, False),
        ({"lines": [{**LINE, "id": "01939e2c-6f00-7abc-8def-0123456789ab"}]}, False),
        ({"lines": None}, True),
        ({"lines": "x"}, False),
        ({"number": "QT-1"}, False),
        ({"lines_total": 5}, False),
        ({"amount_with_tax": 5}, False),
        ({"customer_level": "gold"}, False),
        ({"approval_status": "approved"}, False),
        ({"created_on": "2026-01-01T00:00:00Z"}, False),
        ({"id": "01939e2c-6f00-7abc-8def-0123456789ab"}, False),
        ({"rev": 1}, False),
        ({"colour": "red"}, False),
        ([], False),
        (None, False),
    ],
)
def test_a_new_record(value: Any, verdict: bool) -> None:
    assert accepts("write", value) is verdict


def test_required_fields_must_be_there_and_must_not_be_empty() -> None:
    assert accepts("write", {"name": "Acme"}, "account")
    assert not accepts("write", {}, "account")
    assert not accepts("write", {"name": None}, "account")
    assert not accepts("write", {"name": ""}, "account")


def test_changes_need_nothing_but_may_empty_nothing_required() -> None:
    assert accepts("patch", {}, "account")
    assert accepts("patch", {"level": None, "rev": 3}, "account")
    assert not accepts("patch", {"name": None}, "account")
    assert not accepts("patch", {"rev": 0}, "account")


def test_rows_of_a_change_are_told_apart_by_id() -> None:
    row = "01939e2c-6f00-7abc-8def-0123456789ab"

    assert accepts("patch", {"lines": [{"id": row}, {"id": row, "quantity": 2}, LINE]})
    assert not accepts("patch", {"lines": [{"id": None, "quantity": 2}]})
    assert not accepts("patch", {"lines": [{"quantity": 2}]})


def test_what_is_answered_has_everything() -> None:
    schema = record_schema(MODEL, "quotation", for_="read")
    properties = schema["properties"]

    assert {"id", "rev", "number", "approval_status", "created_on", "_titles"} <= set(properties)
    assert properties["number"]["readOnly"]
    assert properties["approval_status"]["readOnly"]
    assert "readOnly" not in properties["amount"]
    assert properties["lines"]["anyOf"][0]["items"]["required"] == ["id"]


def test_labels_are_in_the_language_asked_for() -> None:
    def title(language: str | None) -> str:
        found: str = record_schema(MODEL, "quotation", language=language)["properties"]["amount"]["title"]
        return found

    assert (title(None), title("en"), title("fr")) == ("金额", "Amount", "金额")
    assert record_schema(MODEL, "account", language="de")["title"] == "Kunde"


def test_hidden_fields_are_not_mentioned() -> None:
    schema = record_schema(MODEL, "account", visible=lambda _, field: field != "name")

    assert "name" not in schema["properties"]
    assert "required" not in schema


def test_an_unknown_entity_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        record_schema(MODEL, "nothing")
