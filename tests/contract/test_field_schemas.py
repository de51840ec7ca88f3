"""The JSON Schema of every field type says exactly what the server accepts."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from referencing import Registry

from engine.fields import OPTION_TYPES, TYPES, FieldType, complete_options
from tests.contract.field_cases import EXACT_CASES, accepts, agree, raw_values


@pytest.mark.parametrize(("type_", "options"), EXACT_CASES)
def test_outside_validators_agree_on_samples(type_: FieldType[Any], options: dict[str, Any]) -> None:
    others = [sample for other in TYPES for sample in other.samples]

    agree(type_, options, [*type_.samples, *others, None, True, 0, -1, 1.5, 2.0, "", " ", "\n", [], {}, [None]])


@pytest.mark.parametrize(("type_", "options"), EXACT_CASES)
@settings(max_examples=20)
@given(data=st.data())
def test_outside_validators_agree_on_anything(type_: FieldType[Any], options: dict[str, Any], data: st.DataObject) -> None:
    agree(type_, options, data.draw(st.lists(raw_values(type_), min_size=1, max_size=5)))


@pytest.mark.parametrize("type_", OPTION_TYPES, ids=lambda type_: type_.key)
@settings(max_examples=20)
@given(data=st.data())
def test_the_schema_of_an_option_type_accepts_what_the_type_accepts(type_: FieldType[Any], data: st.DataObject) -> None:
    options = complete_options(type_, {})
    raw = data.draw(raw_values(type_))

    if accepts(type_, raw, options):
        jsonschema.Draft202012Validator(type_.schema(options), registry=Registry()).validate(raw)
