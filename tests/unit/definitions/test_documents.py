"""Documents from outside: what is refused, with which words, and how old ones are brought up."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from engine.definitions import load_document, validate
from engine.definitions.shape import MAX_VALUES
from engine.definitions.upgrades import upgrade
from engine.kernel.errors import Invalid
from engine.kernel.messages import LANGUAGES, catalogue
from tests.factories.documents import changed, uid_of, worked_example

WORKFLOW = "workflow/quotation_approval"


def workflow(*path: str | int, value: Any) -> dict[str, Any]:
    documents = changed(worked_example(), [{"document": WORKFLOW, "path": list(path), "value": value}])
    return next(item for item in documents if item["kind"] == "workflow")


def entity(**field: Any) -> dict[str, Any]:
    return {
        "kind": "entity", "key": "thing", "uid": uid_of("thing"), "schema": 1, "label": "Thing", "title": "name",
        "fields": [{"key": "name", "uid": uid_of("thing/name"), "type": "text", "label": "Name", **field}],
    }


def codes(document: object) -> set[tuple[str, tuple[str | int, ...]]]:
    return {(problem.code.removeprefix("definition."), problem.path) for problem in validate(document)}


@pytest.mark.parametrize("document", [None, [], "x", 1, True, Decimal(1), ("a",), object()])
def test_what_is_no_object_is_refused(document: object) -> None:
    assert codes(document) == {("not_an_object", ())}


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ({}, ("unknown_kind", ("kind",))),
        ({"kind": "dashboard", "schema": 1}, ("unknown_kind", ("kind",))),
        ({"kind": ["app"], "schema": 1}, ("unknown_kind", ("kind",))),
        ({"kind": "app"}, ("bad_version", ("schema",))),
        ({"kind": "app", "schema": "1"}, ("bad_version", ("schema",))),
        ({"kind": "app", "schema": True}, ("bad_version", ("schema",))),
        ({"kind": "app", "schema": 1.0}, ("bad_version", ("schema",))),
        ({"kind": "app", "schema": 0}, ("bad_version", ("schema",))),
        ({"kind": "app", "schema": 99}, ("newer_version", ("schema",))),
    ],
)
def test_a_doubtful_header_is_refused_before_anything_else(
    header: dict[str, Any], expected: tuple[str, tuple[str, ...]]
) -> None:
    assert codes(header) == {expected}


def test_endless_nesting_is_refused_without_recursion() -> None:
    deep: Any = {}
    for _ in range(100_000):
        deep = {"x": deep}
    circle: list[Any] = []
    circle.append(circle)

    assert {code for code, _ in codes({**entity(), "more": deep})} == {"too_deep"}
    assert {code for code, _ in codes({**entity(), "more": circle})} == {"too_deep"}


def test_endless_width_is_refused() -> None:
    assert {code for code, _ in codes({**entity(), "more": [0] * MAX_VALUES})} == {"too_large"}


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 2**63, "\ud800", "a\x00b", Decimal(1), ("a",), b"x", {1: 2}, {"\x00": 1}])
def test_what_is_no_plain_json_is_refused(value: object) -> None:
    assert {code for code, _ in codes({**entity(), "label": value})} == {"not_json"}


def test_a_line_break_behind_a_key_is_refused() -> None:
    assert ("bad_key", ("key",)) in codes({**entity(), "key": "thing\n"})
    assert ("bad_uid", ("uid",)) in codes({**entity(), "uid": uid_of("thing") + "\n"})


def test_a_whole_number_written_with_a_point_is_refused() -> None:
    form = {"key": "main", "label": "x", "sections": [{"key": "head", "columns": 2.0, "items": []}]}
    document = {
        "kind": "form", "key": "f", "uid": uid_of("f"), "schema": 1, "entity": "thing", "label": "x",
        "purpose": "full", "tabs": [form],
    }

    assert codes(document) == {("wrong_type", ("tabs", 0, "sections", 0, "columns"))}


def test_options_are_those_of_the_fields_type() -> None:
    assert codes(entity(options={"max_length": 20})) == set()
    assert codes(entity(options={"scale": 2})) == {("unknown_key", ("fields", 0, "options", "scale"))}
    assert codes(entity(type="decimal", options={"scale": 2})) == set()
    assert codes(entity(type="decimal", options={"scale": "many"})) != set()
    assert codes(entity(type="colour")) == {("not_offered", ("fields", 0, "type"))}


def test_what_the_schema_cant_say_about_options_is_said_too() -> None:
    document = entity(type="decimal", options={"minimum": "5", "maximum": "1"})

    assert {problem.code for problem in validate(document)} == {"field.options.crossed_bounds"}


def test_formulas_and_filters_stand_where_they_mean_something() -> None:
    assert codes(entity(formula="1 + 1")) == {("not_here", ("fields", 0, "formula"))}
    assert codes(entity(filter="true")) == {("not_here", ("fields", 0, "filter"))}
    assert codes(entity(type="formula", options={"result": "text"})) == {("missing_key", ("fields", 0))}
    assert codes(entity(type="created_on")) == {("not_offered", ("fields", 0, "type"))}


def test_the_nearest_variant_explains_what_is_wrong() -> None:
    item = {"field": "name", "width": 9}
    tabs = [{"key": "a", "label": "x", "sections": [{"key": "b", "items": [item, {"rows": "lines"}, {"colour": 1}]}]}]
    document = {
        "kind": "form", "key": "f", "uid": uid_of("f"), "schema": 1, "entity": "thing", "label": 5,
        "purpose": "full", "tabs": tabs,
    }

    assert codes(document) == {
        ("no_variant", ("label",)),
        ("too_great", ("tabs", 0, "sections", 0, "items", 0, "width")),
        ("missing_key", ("tabs", 0, "sections", 0, "items", 1)),
        ("missing_key", ("tabs", 0, "sections", 0, "items", 2)),
        ("unknown_key", ("tabs", 0, "sections", 0, "items", 2, "colour")),
    }


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        (("states", "gm", "type"), "task", "not_offered"),
        (("states", "gm", "type"), "parallel", "not_offered"),
        (("states", "gm", "decide"), {"mode": "vote"}, "not_offered"),
        (("states", "gm", "decide", "abstain"), "out_of_total", "unknown_key"),
        (("states", "gm", "participants", 0, "weight"), 2, "unknown_key"),
        (("states", "gm", "signature"), {"meaning": "x"}, "unknown_key"),
        (("states", "gm", "timers", 0, "clock"), "working", "not_offered"),
        (("states", "gm", "timers", 0, "after"), "4h", "bad_duration"),
        (("states", "gm", "timers", 0, "after"), "P", "bad_duration"),
        (("states", "approved", "enter", 0), {"incr": "x"}, "unknown_key"),
        (("states", "approved", "timers"), [], "unknown_key"),
        (("states", "route", "timers"), [], "unknown_key"),
        (("states", "route", "cases"), [], "too_few"),
        (("states", "approved"), {"type": "final"}, "missing_key"),
        (("states", "draft", "colour"), "red", "unknown_key"),
        (("record", "reuse_approvals"), {"when": "true"}, "unknown_key"),
        (("defaults", "absence"), "redirect", "unknown_key"),
        (("constraints",), [], "unknown_key"),
        (("calendar",), "cn", "unknown_key"),
        (("vars",), {}, "unknown_key"),
        (("start", "by"), ["everybody"], "bad_pattern"),
    ],
)
def test_workflows_say_no_to_what_is_not_built(path: tuple[str | int, ...], value: object, code: str) -> None:
    assert code in {found for found, _ in codes(workflow(*path, value=value))}


def test_all_problems_come_at_once() -> None:
    document = {**entity(required="yes", unique=1), "label": 5}

    assert {path for _, path in codes(document)} == {("label",), ("fields", 0, "required"), ("fields", 0, "unique")}


def test_many_problems_are_cut_off() -> None:
    document = {**entity(), "fields": [{"x": index} for index in range(400)]}

    assert len(validate(document)) == 100


def test_an_old_document_is_upgraded_step_by_step() -> None:
    versions = {"entity": 3}
    upgrades = {
        ("entity", 1): lambda document: {**document, "one": True},
        ("entity", 2): lambda document: {**document, "two": document["one"]},
    }

    found = upgrade({"kind": "entity", "schema": 1}, versions=versions, upgrades=upgrades)

    assert found == {"kind": "entity", "schema": 3, "one": True, "two": True}


def test_a_checked_document_is_not_checked_again() -> None:
    document = {"kind": "view", "schema": 1}

    assert load_document(document, is_checked=True) == document
    with pytest.raises(Invalid):
        load_document(document)


def test_both_languages_say_the_same_things() -> None:
    english, chinese = (
        {code for code in catalogue(language) if code.startswith("definition.")} for language in LANGUAGES
    )

    assert english == chinese
