"""What a field's type says about the rest of its definition: which options, formula, filter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.fields import PALETTE, TYPES, FieldType, check_options, options_schema
from engine.fields.capabilities import Computes, Refers
from engine.kernel.errors import Problem

_NOT_HERE: Mapping[str, Any] = {"not": {}}
"""A schema that nothing fits."""


def field_variants() -> tuple[list[str], list[dict[str, Any]]]:
    """Keys of the types that a document may use, and one JSON Schema condition for each."""
    types = [entry for group in PALETTE for entry in group.types]
    return [entry.key for entry in types], [_variant(entry) for entry in types]


def option_problems(fields: list[Any]) -> Iterator[Problem]:
    """Problems of fields' options that their JSON Schema can't say."""
    for index, item in enumerate(fields):
        for problem in check_options(TYPES[item["type"]], item.get("options", {})):
            yield problem.under("fields", index, "options")


def _variant(entry: FieldType[Any]) -> dict[str, Any]:
    computation = entry.computation if isinstance(entry, Computes) else None
    options = options_schema(entry.options, "en")
    properties: dict[str, Any] = {"options": options}
    required = ["options"] if options["required"] else []
    if computation == "formula":
        required.append("formula")
    else:
        properties["formula"] = dict(_NOT_HERE)
    if computation != "rollup" and not isinstance(entry, Refers):
        properties["filter"] = dict(_NOT_HERE)
    then: Mapping[str, Any] = {"properties": properties, "required": required}
    return {"if": {"required": ["type"], "properties": {"type": {"const": entry.key}}}, "then": then}
