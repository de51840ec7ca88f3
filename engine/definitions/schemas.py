"""The JSON Schema of each kind of document, and the validator that runs it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from jsonschema import Draft202012Validator, TypeChecker
from jsonschema.exceptions import ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend
from referencing import Registry

from engine.definitions.field_options import field_variants
from engine.definitions.schema_check import Check, are_unique, check_of, pattern_of
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

    fits: Check
    validator: Validator

    def problems(self, value: Any) -> tuple[Problem, ...]:
        """What the schema refuses. The value is JSON of a sane depth (`shape_problems`)."""
        return () if self.fits(value) else to_problems(self.validator.iter_errors(value))


@cache
def checker(kind: str) -> SchemaCheck:
    """The check of a kind of document; raises KeyError for an unknown kind."""
    return checker_of(document_schema(kind))


def checker_of(schema: dict[str, Any]) -> SchemaCheck:
    """The check of a complete schema of ours; it never fetches another."""
    return SchemaCheck(check_of(schema), _Validator(schema, registry=Registry()))


def shared_parts() -> dict[str, Any]:
    """The parts that occur in documents of every kind, by name."""
    return _read("shared")


def _read(name: str) -> dict[str, Any]:
    source = resources.files("engine.definitions") / "json_schema" / f"{name}.json"
    found: dict[str, Any] = json.loads(source.read_text(encoding="utf-8"))
    return found


def _pattern(
    check: Validator, pattern: str, instance: Any, _: dict[str, Any]
) -> Iterator[ValidationError]:
    if check.is_type(instance, "string") and not pattern_of(pattern).search(instance):
        yield ValidationError(f"{instance!r} does not match {pattern!r}")


def _unique(
    check: Validator, wanted: bool, instance: Any, _: dict[str, Any]  # noqa: FBT001 (the library calls it so)
) -> Iterator[ValidationError]:
    """In linear time; the library compares objects pair by pair."""
    if wanted and check.is_type(instance, "array") and not are_unique(instance):
        yield ValidationError("has repeated items")


def _is_whole(_: TypeChecker, instance: Any) -> bool:
    """1.0 is no integer here: what we read we also count and slice with."""
    return isinstance(instance, int) and not isinstance(instance, bool)


_Validator: Any = extend(  # type: ignore[no-untyped-call]
    Draft202012Validator,
    validators={"pattern": _pattern, "uniqueItems": _unique},
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine("integer", _is_whole),
)
