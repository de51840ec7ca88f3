"""Whatever is edited in whichever document: the difference is told in words, in both languages, never by a path."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.definitions import KINDS, document_schema
from engine.definitions.labels import Labels
from engine.publishing.compare import compare
from engine.publishing.words import sentences_of
from engine.publishing.words.places import PLACES, Place

ROOT = Path(__file__).parents[2]
PACK = ROOT / "industry_packs" / "manufacturing"
HEADER = ("kind", "uid", "schema", "dsl")


def documents() -> list[dict[str, Any]]:
    found = [json.loads(path.read_text()) for folder in ("entities", "forms", "views", "workflows", "roles") for path in sorted((PACK / folder).glob("*.json"))]
    found.append(json.loads((PACK / "app.json").read_text()))
    found.append({
        "kind": "locale", "key": "fr", "uid": "0b3f6f5a-0000-4000-8000-000000000001", "schema": 1, "language": "fr",
        "texts": {"entity/quotation/fields/amount/label": "Montant", "workflow/quotation_approval/states/draft/label": "Brouillon"},
    })
    return found


DOCUMENTS = documents()
OF_KIND = {kind: [item for item in DOCUMENTS if item["kind"] == kind] for kind in KINDS}
CODE = re.compile(r"\b(change|wording|words|field_option|field_type|workflow)\.[a-z_]+|\{\w*\}|\"\w+\":")
PATH = re.compile(r"\b[a-z]+(_[a-z]+)*/[a-z]|\[\d+\]|fields\.|states\.|None\b|True\b|False\b")


def edited(value: Any) -> Iterator[Any]:
    """The same value with something changed, at every place inside of it; the first few entries of each list."""
    if isinstance(value, dict):
        yield from edited_object(value)
    elif isinstance(value, list):
        yield from edited_list(value)
    elif isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield value + 1
    elif isinstance(value, str):
        yield f"{value} Z" if " " in value or not value.isascii() else f"{value}z"


def edited_object(value: dict[str, Any]) -> Iterator[Any]:
    for key, item_there in value.items():
        if key not in HEADER and not (key == "key" and "kind" in value):
            yield {name: item for name, item in value.items() if name != key}
            for other in edited(item_there):
                yield {**value, key: other}


def edited_list(value: list[Any]) -> Iterator[Any]:
    if value:
        yield value[1:]
    if len(value) > 1:
        yield [*value[1:], value[0]]
    for place, item in enumerate(value[:3]):
        for other in edited(item):
            yield [*value[:place], other, *value[place + 1 :]]


def told(before: dict[str, Any], after: dict[str, Any], language: str) -> list[str]:
    others = [item for item in DOCUMENTS if (item["kind"], item["key"]) != (before["kind"], before["key"])]
    labels = tuple(Labels([item, *others], language) for item in (before, after))
    found = compare([before], [after])
    return [sentence.text for difference in found for sentence in sentences_of(difference, before, after, labels)]


def check(text: str, language: str) -> None:
    assert text.strip(), text
    assert not CODE.search(text), text
    assert not PATH.search(text), text
    if language == "zh-CN":
        assert re.search(r"[\u4e00-\u9fff]", text), text
    else:
        assert text[0] == text[0].upper(), text


@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_edit_has_a_sentence(kind: str, language: str) -> None:
    seen: set[str] = set()
    document = max(OF_KIND[kind], key=lambda item: len(json.dumps(item)))
    labels: dict[int, Labels] = {}
    others = [item for item in DOCUMENTS if item is not document]
    old = Labels([document, *others], language)
    for place, other in enumerate(edited(document)):
        if place % STEPS.get(kind, 1):
            continue
        for difference in compare([document], [other]):
            pair = (old, labels.setdefault(0, old))
            for sentence in sentences_of(difference, document, other, pair):
                check(sentence.text, language)
                seen.add(sentence.text)
    assert len(seen) > 3


STEPS = {"entity": 3, "workflow": 4, "form": 3, "role": 2}
"""Every how-manieth edit is tried in the largest documents."""


@pytest.mark.parametrize("kind", KINDS)
def test_every_place_of_a_schema_has_words_of_its_own(kind: str) -> None:
    """A new property needs a line in words/places.py and its name in both catalogues."""
    schema = document_schema(kind)
    missing = sorted(set(_places(schema, schema, PLACES[kind], ())))
    assert not missing


def _places(root: dict[str, Any], schema: dict[str, Any], place: Place, path: tuple[str, ...]) -> Iterator[str]:
    if len(path) > 7:
        return
    schema = _resolved(root, schema)
    for part in (*schema.get("oneOf", ()), *schema.get("allOf", ())):
        yield from _places(root, part.get("then", part), place, path)
    for name, inner in schema.get("properties", {}).items():
        if name in HEADER or name == "key":
            continue
        known = place.parts.get(name)
        if known is None and place.shows == "options":
            continue  # a field type's options have their words in the catalogue of types
        if known is None:
            yield "/".join((*path, name))
        elif known.parts or known.each is not None:
            yield from _places(root, inner, known, (*path, name))
    entries = schema.get("items") or schema.get("additionalProperties")
    if isinstance(entries, dict) and place.each is not None:
        yield from _places(root, entries, place.each, (*path, "*"))


def _resolved(root: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema and schema["$ref"].startswith("#/$defs/"):
        schema = root["$defs"][schema["$ref"].removeprefix("#/$defs/")]
    return schema


def test_sentences_say_what_the_business_would_say() -> None:
    quotation = next(item for item in OF_KIND["entity"] if item["key"] == "quotation")
    form = next(item for item in OF_KIND["form"] if item["key"] == "quotation")
    stricter = copy.deepcopy(form)
    items = [item for tab in stricter["tabs"] for section in tab["sections"] for item in section["items"]]
    next(item for item in items if item.get("field") == "payment_terms")["required"] = "amount > 100000"
    renamed = copy.deepcopy(quotation)
    field = next(item for item in renamed["fields"] if item["key"] == "payment_terms")
    field["required"] = True
    field["label"] = {**field["label"], "en": "Terms"}

    (sentence,) = told(form, stricter, "en")
    assert sentence.endswith("“Payment terms”: now required when Amount is more than 100,000")
    (sentence,) = told(form, stricter, "zh-CN")
    assert sentence.endswith("“付款条件”：满足以下条件时必填：报价金额 大于 100,000")
    assert set(told(quotation, renamed, "en")) == {
        "Field “Terms”: now required", "Field “Terms”: the label in English is now “Terms” (was “Payment terms”)",
    }


def test_a_workflow_is_told_by_its_labels() -> None:
    flow = next(item for item in OF_KIND["workflow"] if item["key"] == "quotation_approval")
    after = copy.deepcopy(flow)
    after["states"]["route"]["cases"][1]["when"] = "amount > 50000 and amount <= 700000"
    after["states"]["manager"]["timers"].append({"id": "late", "after": "PT8H", "clock": "elapsed", "do": {"remind": ["initiator"]}})
    del after["states"]["gm"]["return"]

    found = told(flow, after, "en")

    assert "State “Sales manager” › timer “after 8 hours: reminds the initiator”: new" in found
    assert any(text.startswith("State “General manager”: the return removed") for text in found)
    assert any("only when Amount is more than 50,000 and Amount is at most 700,000" in text for text in found)
