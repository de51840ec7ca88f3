"""Definition documents from outside: checked, upgraded, and written in one way."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, cast

import orjson

from engine.definitions.field_options import option_problems
from engine.definitions.model import Document
from engine.definitions.schemas import KINDS, checker
from engine.definitions.shape import shape_problems
from engine.definitions.upgrades import SCHEMA_VERSION, upgrade
from engine.kernel import json
from engine.kernel.errors import Problem, raise_invalid


def load_document(document: object, *, is_checked: bool = False) -> Document:
    """A document in its current form, with nothing added to it but upgrades.

    Raises Invalid with every problem that its kind's JSON Schema finds. What JSON Schema can't say
    is left to `lint`. One that `is_checked`, because it comes out of a published release, is only
    upgraded, and checked if that changed it.
    """
    if is_checked and isinstance(document, dict) and document["schema"] == SCHEMA_VERSION[document["kind"]]:
        return document
    current, problems = _examine(document)
    raise_invalid(problems)
    return current


def validate(document: object) -> tuple[Problem, ...]:
    """The problems for which `load_document` would refuse; never raises for bad input."""
    return _examine(document)[1]


def dump_document(document: Document) -> bytes:
    """The one text of a document: sorted keys, UTF-8, a final newline."""
    return json.canonical(document)


def name_of(document: object) -> tuple[str, str]:
    """Kind and key as far as they can be read; "" where they can't."""
    if not isinstance(document, Mapping):
        return "", ""
    kind, key = document.get("kind"), document.get("key")
    return (kind if isinstance(kind, str) else ""), (key if isinstance(key, str) else "")


def _examine(document: object) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    if not isinstance(document, dict):
        return {}, (Problem("definition.not_an_object", {"type": type(document).__name__}),)
    problems = shape_problems(document) or _header_problems(document)
    if problems:
        return {}, problems
    current = upgrade(cast(dict[str, Any], document))
    return current, _checked(current["kind"], orjson.dumps(current))


@lru_cache(maxsize=2048)
def _checked(kind: str, text: bytes) -> tuple[Problem, ...]:
    """What is wrong with a document's text. Kept: while one is edited, the others stay the same."""
    document = orjson.loads(text)
    problems = checker(kind).problems(document)
    if not problems and "fields" in document:
        problems = tuple(option_problems(document["fields"]))
    return problems


def _header_problems(document: dict[str, Any]) -> tuple[Problem, ...]:
    kind, version = document.get("kind"), document.get("schema")
    if not isinstance(kind, str) or kind not in SCHEMA_VERSION:
        return (Problem("definition.unknown_kind", {"kind": str(kind)[:80], "offered": list(KINDS)}, ("kind",)),)
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        return (Problem("definition.bad_version", {"value": str(version)[:80]}, ("schema",)),)
    if version > SCHEMA_VERSION[kind]:
        newest = SCHEMA_VERSION[kind]
        return (Problem("definition.newer_version", {"version": version, "newest": newest}, ("schema",)),)
    return ()
