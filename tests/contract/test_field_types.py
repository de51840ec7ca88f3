"""What holds for every field type, tried on all that are registered: a new one needs no test here."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import jsonschema_rs
import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from referencing import Registry

import engine.fields
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

ROOM = Path(engine.fields.__file__).parent
FIELD_TYPES = tuple(entry for group in PALETTE for entry in group.types)
MEMBERS = {
    "key", "kind", "widget", "options", "samples", "column", "parse", "check", "dump", "schema",
}  # fmt: skip
VARIANTS: dict[str, list[dict[str, Any]]] = {
    "text": [{"max_length": 3}, {"multiline": True, "max_length": 9}, {"pattern": "[A-Z]{1,2}-[0-9]*|中.?"}],
    "integer": [{"minimum": -12, "maximum": 305}, {"minimum": 1}, {"maximum": -7}],
    "decimal": [{"scale": 0}, {"scale": 4, "minimum": "-0.5", "maximum": "12.0625"}, {"minimum": 0}],
    "money": [{"minimum": "0.01", "maximum": "999.99", "currency": "EUR"}],
    "percent": [{"minimum": 0, "maximum": 100}],
    "date": [{"minimum": "2024-02-29", "maximum": "2026-03-01"}],
    "choices": [{"options": [{"key": "a"}, {"key": "b"}, {"key": "c"}], "maximum": 2}],
    "file": [{"maximum": 1}],
    "rating": [{"maximum": 10}],
    "formula": [{"result": key} for key in ("text", "yes_no", "date", "datetime")],
    "rollup": [{"function": "sum", "rows": "lines", "field": "amount"}],
}
"""More options to try, beyond those that every type has by itself."""


def sample_options(type_: FieldType[Any]) -> dict[str, Any]:
    """Options that make sense: defaults, and a sample for what can't be left out."""
    return {
        option.key: TYPES[option.type].samples[-1]
        for option in type_.options
        if option.required and option.default in (None, "", ())
    }


def settings_of(type_: FieldType[Any]) -> list[dict[str, Any]]:
    """All complete options under which a type is tried."""
    base = sample_options(type_)
    return [complete_options(type_, {**base, **more}) for more in ({}, *VARIANTS.get(type_.key, ()))]


CASES = [
    pytest.param(type_, options, id=f"{type_.key}-{place}")
    for type_ in TYPES
    for place, options in enumerate(settings_of(type_))
]
EXACT_CASES = [case for case in CASES if case.values[0] not in OPTION_TYPES]
every_type = pytest.mark.parametrize("type_", list(TYPES), ids=lambda type_: type_.key)
every_case = pytest.mark.parametrize(("type_", "options"), CASES)


def accepts(type_: FieldType[Any], raw: object, options: dict[str, Any]) -> bool:
    """The server's verdict; any other error than Invalid is a failure of the test."""
    try:
        value = type_.parse(raw, options)
    except Invalid:
        return False
    return not list(type_.check(value, options))


# --- raw values to try -----------------------------------------------------------------------

LETTERS = "0123456789０９．－＋.-+eE,:TZ@/# ()\u3000\u00a0\n\t\r中aAzZ_|\u2028²①"
SCALARS = (
    st.none() | st.booleans() | st.integers() | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False) | st.floats(-1000, 1000).map(lambda x: round(x, 2))
    | st.text() | st.text(LETTERS, max_size=12)
    | st.decimals(-2000, 2000, places=3).map(str) | st.dates().map(str)
)  # fmt: skip
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "title", "key"]) | st.text(), inner, max_size=3),
    max_leaves=6,
)


@st.composite
def near_misses(draw: st.DrawFn, samples: tuple[Any, ...]) -> Any:
    """A sample, perhaps with one character put in, taken out or replaced."""
    sample = draw(st.sampled_from(samples))
    if not isinstance(sample, str):
        return draw(st.just(sample) | st.just(str(sample)) | st.just([sample]))
    place = draw(st.integers(0, len(sample)))
    removed = draw(st.integers(0, 1))
    added = draw(st.text(LETTERS + "ABCDEF[]{}<>\\\"'", max_size=2))
    return sample[:place] + added + sample[place + removed :]


def raw_values(type_: FieldType[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(JSON, near_misses(type_.samples), near_misses(type_.samples))


def agree(type_: FieldType[Any], options: dict[str, Any], raws: Iterator[Any]) -> None:
    schema = type_.schema(options)
    jsonschema.Draft202012Validator.check_schema(schema)
    ours = jsonschema.Draft202012Validator(schema, registry=Registry(), format_checker=jsonschema.FormatChecker())
    other = jsonschema_rs.validator_for(schema, validate_formats=True)
    plain = jsonschema_rs.validator_for(schema, validate_formats=False)
    for raw in raws:
        verdict = accepts(type_, raw, options)
        assert ours.is_valid(raw) == verdict, raw
        assert other.is_valid(raw) == verdict, raw
        assert plain.is_valid(raw) == verdict, raw


# --- the contract ----------------------------------------------------------------------------


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
@settings(max_examples=30)
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


# --- JSON Schema -----------------------------------------------------------------------------


@pytest.mark.parametrize(("type_", "options"), EXACT_CASES)
def test_outside_validators_agree_on_samples(type_: FieldType[Any], options: dict[str, Any]) -> None:
    others = [sample for other in TYPES for sample in other.samples]

    agree(type_, options, iter([*type_.samples, *others, None, True, 0, -1, 1.5, 2.0, "", " ", "\n", [], {}, [None]]))


@pytest.mark.parametrize(("type_", "options"), EXACT_CASES)
@settings(max_examples=30)
@given(data=st.data())
def test_outside_validators_agree_on_anything(type_: FieldType[Any], options: dict[str, Any], data: st.DataObject) -> None:
    agree(type_, options, iter(data.draw(st.lists(raw_values(type_), min_size=1, max_size=5))))


@pytest.mark.parametrize("type_", OPTION_TYPES, ids=lambda type_: type_.key)
@settings(max_examples=30)
@given(data=st.data())
def test_the_schema_of_an_option_type_accepts_what_the_type_accepts(type_: FieldType[Any], data: st.DataObject) -> None:
    options = complete_options(type_, {})
    raw = data.draw(raw_values(type_))

    if accepts(type_, raw, options):
        jsonschema.Draft202012Validator(type_.schema(options), registry=Registry()).validate(raw)


# --- columns ---------------------------------------------------------------------------------


@pytest.fixture(params=["sqlite", "postgresql"])
def connection(request: pytest.FixtureRequest) -> Iterator[sa.Connection]:
    url = "sqlite://" if request.param == "sqlite" else request.getfixturevalue("postgresql_url")
    source = sa.create_engine(url, poolclass=sa.NullPool)
    with source.connect() as found:
        yield found
    source.dispose()


def test_columns_give_back_what_was_put_in(connection: sa.Connection) -> None:
    stored = [
        (f"c{place}", *case.values)
        for place, case in enumerate(CASES)
        if case.values[0].column(case.values[1]) is not None
    ]
    columns = [sa.Column(name, type_.column(options)) for name, type_, options in stored]
    table = sa.Table("samples", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), *columns, prefixes=["TEMPORARY"])
    table.create(connection)
    rows = [
        {name: _sample(type_, options, number) for name, type_, options in stored} for number in range(12)
    ]
    connection.execute(table.insert(), [{**row, "id": number} for number, row in enumerate(rows)])
    connection.execute(table.insert().values(id=99))

    for number, row in enumerate(rows):
        found = connection.execute(table.select().where(table.c.id == number)).mappings().one()
        for name, type_, _options in stored:
            assert found[name] == row[name], type_.key
            assert isinstance(found[name], type(row[name])), type_.key
            same = sa.select(table.c.id).where(table.c[name] == row[name], table.c.id == number)
            assert row[name] is None or connection.execute(same).scalar() == number, type_.key
    empty = connection.execute(table.select().where(table.c.id == 99)).mappings().one()
    assert {empty[name] for name, _, _ in stored} == {None}


def _sample(type_: FieldType[Any], options: dict[str, Any], number: int) -> Any:
    accepted = [raw for raw in (*type_.samples, "2024-02-29", 1, "A-1", True) if accepts(type_, raw, options)]
    return type_.parse(accepted[number % len(accepted)], options) if accepted else None


def test_texts_sort_alike_on_both_databases(connection: sa.Connection) -> None:
    texts = ["a", "B", "b", "_", "É", "é", "中", "Z", "aa", "a b", "a-b"]
    table = sa.Table("texts", sa.MetaData(), sa.Column("word", TYPES["text"].column({})), prefixes=["TEMPORARY"])
    table.create(connection)
    connection.execute(table.insert(), [{"word": text} for text in texts])

    found = connection.execute(sa.select(table.c.word).order_by(table.c.word)).scalars().all()

    assert found == sorted(texts)


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
@settings(max_examples=30)
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


def test_capabilities_are_found_by_isinstance() -> None:
    assert {entry.key for entry in TYPES if isinstance(entry, Computes)} == {"formula", "rollup", "mirror", "number"}
    assert {entry.key for entry in TYPES if isinstance(entry, SystemValue)} == {entry.key for entry in SYSTEM}
    assert {entry.key for entry in TYPES if isinstance(entry, Offers)} == {"choice", "choices"}
