"""The JSON Schema of each kind of document, and the validators that run it.

Almost every document that is looked at is sound, and a pack has hundreds. One library (jsonschema-rs) says in a
moment whether it fits; the other (jsonschema) is asked what is wrong with those that don't, a hundred times slower.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import jsonschema_rs
from jsonschema import Draft202012Validator, TypeChecker
from jsonschema.exceptions import ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend
from referencing import Registry

from engine.definitions.field_options import field_variants
from engine.definitions.schema_problems import to_problems
from engine.definitions.upgrades import SCHEMA_VERSION
from engine.kernel.errors import Problem

KINDS: tuple[str, ...] = tuple(SCHEMA_VERSION)
"""Kinds of documents."""


@cache
def document_schema(kind: str) -> dict[str, Any]:
    """The complete JSON Schema (Draft 2020-12) of a kind of document; treat it as read-only.

    Raises KeyError for a kind that doesn't exist. It refers to nothing outside of itself. What is
    particular to a field type is filled in from the type's own options.
    """
    if kind not in SCHEMA_VERSION:
        raise KeyError(kind)
    schema = _read(kind)
    used = {**_read("shared"), **schema.get("$defs", {})}
    if kind == "entity":
        types, variants = field_variants()
        used["field"]["properties"]["type"]["enum"] = types
        used["field"]["allOf"] = variants
    schema["$defs"] = used
    return schema


@dataclass(frozen=True)
class SchemaCheck:
    """A schema, ready to check values against it: whether they fit, and if not, what is wrong."""

    is_sound: Callable[[Any], bool]
    validator: Validator

    def problems(self, value: Any) -> tuple[Problem, ...]:
        """What the schema refuses. The value is JSON of a sane depth (`shape_problems`)."""
        return () if self.fits(value) else to_problems(self.validator.iter_errors(value))

    def fits(self, value: Any) -> bool:
        """Does the value fit? Says no to what is no JSON at all."""
        try:
            return self.is_sound(value)
        except (ValueError, TypeError):  # a surrogate, a Decimal, something that holds itself
            return False


@cache
def checker(kind: str) -> SchemaCheck:
    """The check of a kind of document; raises KeyError for an unknown kind."""
    return checker_of(document_schema(kind))


def checker_of(schema: dict[str, Any]) -> SchemaCheck:
    """The check of a complete schema of ours; it never fetches another."""
    quick = jsonschema_rs.Draft202012Validator(_strict(schema), keywords={_WHOLE: _Whole})
    return SchemaCheck(quick.is_valid, _Validator(schema, registry=Registry()))


def shared_parts() -> dict[str, Any]:
    """The parts that occur in documents of every kind, by name."""
    return _read("shared")


def _read(name: str) -> dict[str, Any]:
    source = resources.files("engine.definitions") / "json_schema" / f"{name}.json"
    found: dict[str, Any] = json.loads(source.read_text(encoding="utf-8"))
    return found


_WHOLE = "x-whole"


class _Whole:
    """The keyword that goes with "integer": to the standard 1.0 is one, but what we read we also count and slice with."""

    def __init__(self, *_: Any) -> None: ...

    def validate(self, instance: Any) -> None:
        if isinstance(instance, float):
            raise TypeError(_WHOLE)


def _strict(schema: Any) -> Any:
    """The schema with that keyword beside each "integer"."""
    if isinstance(schema, list):
        return [_strict(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: _strict(part) for key, part in schema.items()}
    kinds = schema.get("type")
    return {**found, _WHOLE: True} if kinds == "integer" or (isinstance(kinds, list) and "integer" in kinds) else found


@cache
def _pattern_of(text: str) -> re.Pattern[str]:
    """A pattern as the standard has it: Python's own `$` would also match before a final newline."""
    return re.compile(re.sub(r"(?<!\\)\$$", r"\\Z", text))


def _pattern(
    check: Validator, pattern: str, instance: Any, _: dict[str, Any]
) -> Iterator[ValidationError]:
    if check.is_type(instance, "string") and not _pattern_of(pattern).search(instance):
        yield ValidationError(f"{instance!r} does not match {pattern!r}")


def _unique(
    check: Validator, wanted: bool, instance: Any, _: dict[str, Any]  # noqa: FBT001 (the library calls it so)
) -> Iterator[ValidationError]:
    """In linear time; the library compares objects pair by pair."""
    if wanted and check.is_type(instance, "array") and not _are_unique(instance):
        yield ValidationError("has repeated items")


def _are_unique(items: list[Any]) -> bool:
    return len({json.dumps(item, sort_keys=True) for item in items}) == len(items)


def _is_whole(_: TypeChecker, instance: Any) -> bool:
    """1.0 is no integer here: what we read we also count and slice with."""
    return isinstance(instance, int) and not isinstance(instance, bool)


_Validator: Any = extend(  # type: ignore[no-untyped-call]
    Draft202012Validator,
    validators={"pattern": _pattern, "uniqueItems": _unique},
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine("integer", _is_whole),
)
