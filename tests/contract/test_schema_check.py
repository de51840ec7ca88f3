"""The quick check of a schema and the one that can say what is wrong agree on what the packs hold, whole and spoilt."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from engine.definitions.schemas import SchemaCheck, checker, checker_of
from engine.packs.read_pack import FOLDERS
from engine.packs.schemas import _checker

SHELF = Path(__file__).parents[2] / "industry_packs"
EXTRAS = {"records": "records", "scenarios": "scenario"}
ODD = (None, True, False, 0, 1, -1, 1.0, 2.5, 10**6, "", "x", "Not a key", "a\n", "text", "reference", "x" * 5000, [], [1, 1], ["a", "b"], {}, {"a": 1})
ROUNDS = 2


def files() -> Iterator[tuple[SchemaCheck, Any]]:
    for path in sorted(SHELF.rglob("*.json")):
        content = json.loads(path.read_text(encoding="utf-8"))
        if path.parent.name in EXTRAS:
            yield _checker(EXTRAS[path.parent.name]), content
        elif path.name in ("pack.json", "people.json"):
            yield _checker(path.stem), content
        elif path.parent.name in FOLDERS or path.name == "app.json":
            yield checker(content["kind"]), content


def containers(value: Any) -> list[Any]:
    found, waiting = [], [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, (dict, list)) and item:
            found.append(item)
            waiting += item.values() if isinstance(item, dict) else item
    return found


def spoil(value: Any, chance: random.Random) -> None:
    """Change one thing somewhere: a value, a key, an item more or less."""
    where = chance.choice(containers(value))
    at = chance.choice(list(where) if isinstance(where, dict) else range(len(where)))
    what = chance.randrange(4)
    if what == 0:
        del where[at]
    elif what == 1:
        where[at] = deepcopy(chance.choice(ODD))
    elif what == 2 and isinstance(where, dict):
        where[chance.choice(("x", "type", "formula", "filter", "label", "when", "to", "Not a key", str(at) + "_"))] = where[at]
    elif isinstance(where, list):
        where.append(deepcopy(where[at]))
    else:
        other = chance.choice(containers(value))
        where[at] = deepcopy(other)


def test_both_say_the_same() -> None:
    chance = random.Random(7)
    sound = refused = 0
    for check, content in list(files())[::6]:
        assert check.fits(content)
        sound += 1
        for _ in range(0 if len(str(content)) > 20_000 else ROUNDS):
            spoilt = deepcopy(content)
            spoil(spoilt, chance)
            expected = check.validator.is_valid(spoilt)
            assert check.fits(spoilt) is expected, spoilt
            refused += not expected
    assert sound > 100
    assert refused > 80


@pytest.mark.parametrize(("schema", "value", "fits"), [
    ({"enum": [1, "a"]}, True, False), ({"enum": [1]}, 1.0, True), ({"const": False}, 0, False), ({"enum": ["a"]}, ["a"], False),
    ({"type": "integer"}, 1.0, False), ({"type": "number"}, True, False), ({"type": ["string", "null"]}, None, True),
    ({"pattern": "^a$"}, "a\n", False), ({"pattern": "^a$"}, 5, True), ({"uniqueItems": True}, [{"a": 1}, {"a": 1}], False),
    ({"not": {}}, 1, False), ({"if": {"type": "string"}, "then": {"minLength": 1}, "else": {"type": "null"}}, 3, False),
    ({"properties": {"a": {"type": "string"}}, "additionalProperties": False}, {"b": 1}, False),
    ({"additionalProperties": {"type": "string"}}, {"b": 1}, False), ({"dependentRequired": {"a": ["b"]}}, {"a": 1}, False),
    ({"oneOf": [{"type": "string"}, {"minLength": 2}]}, "ab", False), ({"maximum": 3}, 4, False), ({"maxProperties": 1}, {"a": 1, "b": 2}, False),
    ({"$ref": "#/$defs/tree", "$defs": {"tree": {"type": "array", "items": {"$ref": "#/$defs/tree"}}}}, [[], [[1]]], False),
])
def test_single_keywords(schema: dict[str, Any], value: Any, fits: bool) -> None:
    check = checker_of(schema)
    assert check.fits(value) is fits
    assert check.validator.is_valid(value) is fits


@pytest.mark.parametrize("odd", [{"key": "\ud800"}, {"key": {1, 2}}, {1: 2}])
def test_what_is_no_json_does_not_fit(odd: object) -> None:
    assert not checker("entity").fits(odd)
