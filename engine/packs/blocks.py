"""The building blocks that came with the product: documents without identity, offered in the palettes.

A block says what it `offers` (fields, entity, form, view or workflow), the `fields` that it brings or is made
over, and, but for groups of fields, the `document` itself, which names those fields and no entity: what it is
put into gives it one (`engine.packs.fit_block`).
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from functools import cache, lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from engine.definitions import document_schema
from engine.kernel import json
from engine.kernel.errors import NotFound, Problem
from engine.kernel.pinyin import spelled

OFFERS = ("fields", "entity", "form", "view", "workflow")

_SENT = ("key", "offers", "icon", "label", "description", "fields", "document")
_GIVEN = {"kind", "key", "uid", "schema", "label", "entity", "roles", "default", "layout", "dsl", "part_of", "examples"}
"""What a block's document is given where it is put, or can't be said without knowing the app."""


@lru_cache(maxsize=1)
def list_blocks() -> tuple[dict[str, Any], ...]:
    """All blocks by what they offer and their key: {"key", "offers", "label", "description", "fields", "document"?, "spelled"}."""
    return tuple({**{name: block[name] for name in _SENT if name in block}, "spelled": _spelled(block)} for block in read_blocks())


@lru_cache(maxsize=1)
def read_blocks() -> tuple[dict[str, Any], ...]:
    """The blocks as they are written, with the documents of packs that use them."""
    root = Path(str(resources.files("templates_library")))
    return tuple(json.read(path.read_bytes()) for path in sorted(root.glob("*/*.json")))


def find_block(key: str, offers: str) -> dict[str, Any]:
    """The block of a key and an offer; raises NotFound (`pack.no_block`)."""
    found = next((block for block in read_blocks() if block["key"] == key and block["offers"] == offers), None)
    if found is None:
        raise NotFound(Problem("pack.no_block", {"key": key}))
    return found


@cache
def block_schema(offers: str) -> Mapping[str, Any]:
    """The closed JSON Schema of a block: its own head, and the schema of the document it holds less what it is given."""
    entity = document_schema("entity")
    kind = "entity" if offers == "fields" else offers
    definitions = deepcopy({**entity["$defs"], **document_schema(kind)["$defs"]})
    del definitions["field"]["properties"]["uid"]
    definitions["field"]["required"] = [name for name in definitions["field"]["required"] if name != "uid"]
    words = {"type": "object", "additionalProperties": False, "required": ["en", "zh-CN"], "properties": {name: {"type": "string", "minLength": 1, "maxLength": 200} for name in ("en", "zh-CN")}}
    properties: dict[str, Any] = {
        "block": {"const": 1}, "key": {"$ref": "#/$defs/name"}, "offers": {"const": offers}, "icon": {"$ref": "#/$defs/icon"}, "label": words, "description": words,
        "fields": {"type": "array", "minItems": 1, "maxItems": 40, "items": {"$ref": "#/$defs/field"}},
        "used_by": {"type": "array", "minItems": 1, "uniqueItems": True, "items": {"type": "string", "pattern": "^[a-z][a-z0-9_]*/[a-z][a-z0-9_]*$"}},
    }
    if offers != "fields":
        properties["document"] = _without_identity(document_schema(kind), offers)
    return {
        "$schema": entity["$schema"], "$id": f"urn:formwork:block:{offers}:1", "type": "object", "additionalProperties": False,
        "required": sorted(set(properties) - {"icon"}), "properties": properties, "$defs": definitions,
    }


def _without_identity(schema: Mapping[str, Any], offers: str) -> dict[str, Any]:
    given = _GIVEN | ({"fields"} if offers == "entity" else set())
    return {
        "type": "object", "additionalProperties": False, "required": [name for name in schema["required"] if name not in given],
        "properties": {name: deepcopy(part) for name, part in schema["properties"].items() if name not in given},
    }


def _spelled(block: dict[str, Any]) -> str:
    texts = [text for name in ("label", "description") for text in block.get(name, {}).values()]
    texts += [text for item in block.get("fields", ()) for text in item["label"].values()]
    return " ".join(dict.fromkeys(part for text in texts for part in (text, spelled(text)) if part)).lower()
