"""The JSON Schemas of the files of a pack that are no definitions, and what is wrong with such a file."""

from __future__ import annotations

import json
from functools import cache, lru_cache
from importlib import resources
from typing import Any

import orjson

from engine.definitions.schemas import SchemaCheck, checker_of, shared_parts
from engine.definitions.shape import shape_problems
from engine.kernel.errors import Problem

NAMES = ("pack", "people", "records", "scenario", "signature")


@cache
def file_schema(name: str) -> dict[str, Any]:
    """The complete JSON Schema (Draft 2020-12) of a kind of file; treat it as read-only. Raises KeyError."""
    if name not in NAMES:
        raise KeyError(name)
    source = resources.files("engine.packs") / "schema" / f"{name}.json"
    found: dict[str, Any] = json.loads(source.read_text(encoding="utf-8"))
    own = found.get("$defs", {})
    found["$defs"] = _used({**shared_parts(), **own}, found, own)
    return found


def file_problems(name: str, content: object) -> tuple[Problem, ...]:
    """What a file's schema refuses; never raises for bad content."""
    if not isinstance(content, dict):
        return (Problem("definition.not_an_object", {"type": type(content).__name__}),)
    try:
        text = orjson.dumps(content)
    except TypeError:  # no JSON, or too deep for it
        return shape_problems(content) or _checker(name).problems(content)
    return _kept(name, text) if len(text) <= _KEPT else _problems(name, text)


_KEPT = 2**16
"""Bytes of a file whose verdict is kept: shipped packs are read again and again, strangers' are not to fill the memory."""


@lru_cache(maxsize=512)
def _kept(name: str, text: bytes) -> tuple[Problem, ...]:
    return _problems(name, text)


def _problems(name: str, text: bytes) -> tuple[Problem, ...]:
    content = orjson.loads(text)
    return shape_problems(content) or _checker(name).problems(content)


@cache
def _checker(name: str) -> SchemaCheck:
    return checker_of(file_schema(name))


def _used(parts: dict[str, Any], *roots: Any) -> dict[str, Any]:
    """Of all parts those that something refers to, directly or through others."""
    waiting, found = list(roots), {}
    while waiting:
        item = waiting.pop()
        if isinstance(item, list):
            waiting += item
        elif isinstance(item, dict):
            name = str(item.get("$ref", "")).removeprefix("#/$defs/")
            if name in parts and name not in found:
                found[name] = parts[name]
                waiting.append(parts[name])
            waiting += item.values()
    return dict(sorted(found.items()))
