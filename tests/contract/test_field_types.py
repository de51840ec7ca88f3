"""What holds for every field type, tried on all that are registered: a new one needs no test here."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from referencing import Registry

import engine.fields
from engine.definitions import Field, build_model, lint
from engine.fields import (
    OPTION_TYPES,
    PALETTE,
    SYSTEM,
    TYPES,
    FieldType,
    check_options,
    complete_options,
    dump_options,
    effective,
    kind_of,
    options_schema,
)
from engine.fields.capabilities import Computes, Offers, SystemValue
from engine.kernel.errors import Invalid
from engine.kernel.messages import LANGUAGES, catalogue, translate
from tests import kitchen_sink
from tests.contract.field_cases import (
    JSON,
    accepts,
    every_case,
    every_type,
    raw_values,
    sample_options,
)

ROOM = Path(engine.fields.__file__).parent
FIELD_TYPES = tuple(entry for group in PALETTE for entry in group.types)
MEMBERS = {
    "key", "kind", "widget", "options", "samples", "column", "parse", "check", "dump", "schema",
}  # fmt: skip
def test_a_field_type_has_ten_members_and_no_more() -> None:
    public = {name for name in vars(FieldType) if not name.startswith("_")}
    public |= {name for name in FieldType.__annotations__ if not name.startswith("_")}

    assert public - {"unreadable"} == MEMBERS
    assert len(MEMBERS) == 10


@every_type
def test_a_type_declares_its_members(type_: FieldType[Any]) -> None:
    assert re.fullmatch(r"[a-z][a-z_]*", type_.key)
    assert type_.kind in {"text", "number", "yes_no", "date", "datetime", "reference", "list", "file", "rows"}
    assert type_.widget
    assert type_.samples
    assert inspect.getdoc(type(type_))


@every_type
def test_a_type_stands_in_a_file_of_its_own_name(type_: FieldType[Any]) -> None:
    assert type(type_).__module__ == f"engine.fields.types.{type_.key}"


def test_no_type_imports_another() -> None:
    for path in (ROOM / "types").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            assert not [name for name in names if name.startswith("engine.fields.types")], path


def test_every_file_of_a_type_is_registered() -> None:
    files = {path.stem for path in (ROOM / "types").glob("*.py")} - {"__init__"}

    assert files == set(TYPES.keys)


def test_the_palette_leaves_out_system_values_and_options() -> None:
    assert {entry.key for entry in SYSTEM} == {"created_by", "created_on", "changed_by", "changed_on"}
    assert tuple(TYPES) == (*FIELD_TYPES, *SYSTEM, *OPTION_TYPES)


def test_the_kitchen_sink_has_every_type_of_the_palette() -> None:
    fields = {field["type"]: field for field in kitchen_sink.kitchen_sink()["fields"]}

    assert set(fields) == {entry.key for entry in FIELD_TYPES}
    for key, field in fields.items():
        assert check_options(TYPES[key], field.get("options", {})) == ()
    for key, raw in kitchen_sink.values().items():
        options = complete_options(TYPES[key[2:]], fields[key[2:]].get("options", {}))
        assert accepts(TYPES[key[2:]], raw, options), key


def test_the_kitchen_sink_is_an_app_that_could_be_published() -> None:
    assert not [finding for finding in lint(kitchen_sink.documents()) if finding.severity == "error"]
    model = build_model(kitchen_sink.documents())

    for field in model.entities["kitchen_sink"].fields.values():
        assert accepts(field.type, field.type.dump(_value(field), field.options), field.options), field.key


def _value(field: Field) -> Any:
    """Some value of a field: one that its type, or the type it stands for, gives as a sample."""
    shape, options = effective(field.type, field.options)
    raws = [*field.type.samples, *shape.samples, *(choice["key"] for choice in options.get("options", ()))]
    return next(shape.parse(raw, options) for raw in raws if accepts(shape, raw, options))


# --- values ----------------------------------------------------------------------------------


@pytest.mark.parametrize("type_", list(TYPES), ids=lambda type_: type_.key)
def test_samples_parse_and_are_in_order(type_: FieldType[Any]) -> None:
    options = complete_options(type_, sample_options(type_))

    for sample in type_.samples:
        assert not list(type_.check(type_.parse(sample, options), options))


@every_type
def test_what_is_dumped_parses_to_the_same_value(type_: FieldType[Any]) -> None:
    options = complete_options(type_, sample_options(type_))

    for sample in type_.samples:
        value = type_.parse(sample, options)
        dumped = type_.dump(value, options)
        assert type_.parse(dumped, options) == value
        assert type_.dump(type_.parse(dumped, options), options) == dumped


@every_case
@settings(max_examples=20)
@given(data=st.data())
def test_any_json_parses_or_is_invalid(type_: FieldType[Any], options: dict[str, Any], data: st.DataObject) -> None:
    raw = data.draw(raw_values(type_))

    try:
        value = type_.parse(raw, options)
    except Invalid as error:
        problems = error.problems
    else:
        problems = tuple(type_.check(value, options))
        assert type_.parse(type_.dump(value, options), options) == value
    for problem in problems:
        assert translate(problem.code, problem.values) != problem.code


@every_type
def test_lone_surrogates_nul_and_endless_input_are_refused(type_: FieldType[Any]) -> None:
    options = complete_options(type_, sample_options(type_))

    for raw in ("\ud800", "a\udfff", "a\x00b", "\x1b[31m", "9" * 5000, 10**5000, object(), b"x", {1: 2}.keys()):
        assert not accepts(type_, raw, options) or (type_.key in {"long_text", "expression"} and raw == "9" * 5000)


def test_yes_and_no_are_no_numbers() -> None:
    for key in ("integer", "decimal", "money", "percent", "rating", "constant_number"):
        options = complete_options(TYPES[key], {})
        assert not accepts(TYPES[key], True, options)
        assert not accepts(TYPES[key], False, options)


# --- options ---------------------------------------------------------------------------------


@every_type
def test_options_are_themselves_fields(type_: FieldType[Any]) -> None:
    given = sample_options(type_)
    complete = complete_options(type_, given)

    assert set(complete) == {option.key for option in type_.options}
    for option in type_.options:
        assert option.type in TYPES
        for language in LANGUAGES:
            assert f"field_option.{option.key}" in catalogue(language)
            assert f"field_option.{option.key}.help" in catalogue(language)
    assert complete_options(type_, dump_options(type_, complete)) == complete
    schema = options_schema(type_.options, "zh-CN")
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema, registry=Registry()).validate(dump_options(type_, complete))


@every_type
@settings(max_examples=20)
@given(data=st.data())
def test_any_options_are_checked_without_an_accident(type_: FieldType[Any], data: st.DataObject) -> None:
    keys = st.sampled_from([option.key for option in type_.options] or ["x"]) | st.text(max_size=5)
    given_options = data.draw(st.dictionaries(keys, JSON, max_size=4) | JSON)

    problems = check_options(type_, given_options)

    for problem in problems:
        assert problem.code in catalogue("en")
    if not problems:
        complete = complete_options(type_, given_options)
        jsonschema.Draft202012Validator.check_schema(type_.schema(complete))


@every_type
def test_a_retired_name_of_an_option_is_a_problem_at_its_place(type_: FieldType[Any]) -> None:
    (problem,) = check_options(type_, {**_linted(type_), "no_such_option": 1})

    assert (problem.code, problem.path) == ("field.options.unknown", ("no_such_option",))


def _linted(type_: FieldType[Any]) -> dict[str, Any]:
    return {**sample_options(type_), **({"rows": "lines"} if type_.key == "rollup" else {})}


# --- words -----------------------------------------------------------------------------------


@every_type
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_type_has_a_name_and_an_explanation_in_each_language(type_: FieldType[Any], language: str) -> None:
    for code in (f"field_type.{type_.key}", f"field_type.{type_.key}.help", f"field.{type_.key}.unreadable"):
        assert code in catalogue(language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_problem_has_a_sentence(language: str) -> None:
    codes = set()
    for path in ROOM.glob("**/*.py"):
        codes |= set(re.findall(r'Problem\(\s*"([a-z_.]+)"', path.read_text("utf-8")))

    assert len(codes) > 20
    assert not {code for code in codes if code not in catalogue(language)}


def test_sentences_have_the_same_placeholders_in_each_language() -> None:
    for code in catalogue("en"):
        if code.startswith(("field.", "field_")):
            found = [set(re.findall(r"\{([a-z]+)\}", catalogue(language)[code])) for language in LANGUAGES]
            assert found[0] == found[1], code


@pytest.mark.parametrize("language", LANGUAGES)
def test_groups_of_the_palette_have_a_label(language: str) -> None:
    assert all(f"field_group.{group.key}" in catalogue(language) for group in PALETTE)


# --- types that stand for another ------------------------------------------------------------


def test_a_mirror_is_what_it_mirrors() -> None:
    source = complete_options(TYPES["choice"], {"options": [{"key": "a"}]})
    options = complete_options(TYPES["mirror"], {"via": "account", "field": "level"})
    options["source"] = {"type": "choice", "options": source}

    shape, settings_ = effective(TYPES["mirror"], options)

    assert (shape, settings_) == (TYPES["choice"], source)
    assert isinstance(shape, Offers)
    assert TYPES["mirror"].schema(options) == {"enum": ["a"]}
    assert kind_of(TYPES["mirror"], options) == "text"


def test_a_sum_has_the_scale_of_what_is_summed_and_none_of_its_bounds() -> None:
    source = complete_options(TYPES["money"], {"scale": 3, "minimum": 0, "currency": "EUR"})
    options = complete_options(TYPES["rollup"], {"rows": "lines", "field": "amount", "function": "sum"})
    options["source"] = {"type": "money", "options": source}

    shape, settings_ = effective(TYPES["rollup"], options)

    assert shape is TYPES["money"]
    assert settings_ == {"currency": "EUR", "scale": 3, "minimum": None, "maximum": None}


def test_an_amount_that_is_worked_out_is_money_in_its_own_currency_or_the_apps() -> None:
    options = complete_options(TYPES["formula"], {"result": "money", "currency": "EUR", "scale": 3})

    shape, settings_ = effective(TYPES["formula"], options)

    assert shape is TYPES["money"]
    assert settings_ == {"currency": "EUR", "scale": 3, "minimum": None, "maximum": None}
    assert effective(TYPES["formula"], complete_options(TYPES["formula"], {"result": "money"}))[1]["currency"] is None
    assert kind_of(TYPES["formula"], options) == "number"


def test_capabilities_are_found_by_isinstance() -> None:
    assert {entry.key for entry in TYPES if isinstance(entry, Computes)} == {"formula", "rollup", "mirror", "number"}
    assert {entry.key for entry in TYPES if isinstance(entry, SystemValue)} == {entry.key for entry in SYSTEM}
    assert {entry.key for entry in TYPES if isinstance(entry, Offers)} == {"choice", "choices"}
