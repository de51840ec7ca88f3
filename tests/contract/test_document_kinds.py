"""Every kind of document: its schema is sound, closed and described, and its examples load."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from engine.definitions import KINDS, document_schema, dump_document, load_document, validate
from engine.fields import PALETTE
from engine.kernel import json
from engine.kernel.errors import Invalid
from tests.factories.documents import worked_example

EXAMPLES = [pytest.param(item, id=f"{item['kind']}/{item['key']}") for item in worked_example()]
WRONG = [None, True, 1.5, "", [], ["x"], {"x": 1}]


def objects_of(schema: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every sub-schema that describes an object's properties."""
    if isinstance(schema, dict):
        if "properties" in schema and schema.get("type") == "object":
            yield path, schema
        for key, inner in schema.items():
            if key not in {"default", "enum", "const", "if", "then"}:
                yield from objects_of(inner, f"{path}/{key}")
    elif isinstance(schema, list):
        for index, inner in enumerate(schema):
            yield from objects_of(inner, f"{path}/{index}")


@pytest.mark.parametrize("kind", KINDS)
def test_the_schema_is_a_sound_schema_without_outside_references(kind: str) -> None:
    schema = document_schema(kind)

    Draft202012Validator.check_schema(schema)
    assert json.read(json.canonical(schema)) == schema
    assert all(ref.startswith("#/$defs/") for ref in _references(schema))
    assert {ref.removeprefix("#/$defs/") for ref in _references(schema)} <= set(schema["$defs"])


@pytest.mark.parametrize("kind", KINDS)
def test_every_object_is_closed(kind: str) -> None:
    for path, schema in objects_of(document_schema(kind)):
        if path == "/$defs/state":  # its types are closed, each by itself
            continue
        assert schema.get("additionalProperties") is False, path


@pytest.mark.parametrize("kind", KINDS)
def test_every_key_has_a_title_for_editors(kind: str) -> None:
    schema = document_schema(kind)
    for path, item in objects_of(schema):
        for key, inner in item["properties"].items():
            if inner == {"not": {}} or "/options/" in path:
                continue
            target = schema["$defs"].get(inner.get("$ref", "").removeprefix("#/$defs/"), {})
            assert inner.get("title") or target.get("title"), f"{path}/{key}"


@pytest.mark.parametrize("kind", KINDS)
def test_kinds_have_an_example(kind: str) -> None:
    assert any(item["kind"] == kind for item in worked_example())


def test_every_type_of_the_palette_may_be_used() -> None:
    types = document_schema("entity")["$defs"]["field"]["properties"]["type"]["enum"]

    assert types == [entry.key for group in PALETTE for entry in group.types]


@pytest.mark.parametrize("document", EXAMPLES)
def test_an_example_loads_unchanged_and_is_written_back_the_same(document: dict[str, Any]) -> None:
    assert load_document(document) == document
    assert json.read(dump_document(document)) == document
    assert dump_document(json.read(dump_document(document))) == dump_document(document)


@pytest.mark.parametrize("document", EXAMPLES)
def test_an_unknown_key_is_refused_with_its_path(document: dict[str, Any]) -> None:
    (problem,) = validate({**document, "colour": "red"})

    assert (problem.code, problem.path) == ("definition.unknown_key", ("colour",))


@pytest.mark.parametrize("document", EXAMPLES)
def test_a_missing_key_is_named(document: dict[str, Any]) -> None:
    schema = document_schema(document["kind"])
    for key in schema["required"]:
        if key in {"kind", "schema"}:
            continue
        problems = validate({name: value for name, value in document.items() if name != key})
        assert ("definition.missing_key", key) in {(item.code, item.values.get("key")) for item in problems}


@pytest.mark.parametrize("document", EXAMPLES)
def test_wrong_types_everywhere_are_problems_and_never_exceptions(document: dict[str, Any]) -> None:
    for key, value in document.items():
        for wrong in WRONG:
            if wrong == value:
                continue
            spoilt = {**document, key: wrong}
            problems = validate(spoilt)
            if problems:
                with pytest.raises(Invalid):
                    load_document(spoilt)
            else:
                load_document(spoilt)


def _references(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        if isinstance(schema.get("$ref"), str):
            yield schema["$ref"]
        for inner in schema.values():
            yield from _references(inner)
    elif isinstance(schema, list):
        for inner in schema:
            yield from _references(inner)
