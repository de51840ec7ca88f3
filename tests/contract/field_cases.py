"""Every field type under the options that make sense for it, and raw values to try on them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import jsonschema
import jsonschema_rs
import pytest
from hypothesis import strategies as st
from referencing import Registry

from engine.fields import OPTION_TYPES, TYPES, FieldType, complete_options
from engine.kernel.errors import Invalid

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
    "formula": [{"result": key} for key in ("text", "yes_no", "date", "datetime", "money")] + [{"result": "money", "currency": "EUR", "scale": 3}],
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


def agree(type_: FieldType[Any], options: dict[str, Any], raws: Iterable[Any]) -> None:
    """Two outside validators, with and without formats, must come to the server's verdict."""
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
