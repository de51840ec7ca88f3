"""JSON Schemas of the fixed bodies, from the marshmallow schemas that read them."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from runtime.api.answers import Schema

_KINDS: tuple[tuple[type, str], ...] = ((ma.fields.Integer, "integer"), (ma.fields.Dict, "object"), (ma.fields.String, "string"))


def body_schema(kind: type[ma.Schema]) -> Schema:
    """The JSON Schema of a fixed body."""
    fields = kind().fields
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [name for name, item in fields.items() if item.required],
        "properties": {name: _field(item) for name, item in fields.items()},
    }


def _field(item: Any) -> Schema:
    found: Schema = {}
    if isinstance(item, ma.fields.List):
        inner = item.inner
        found = {"type": "array", "items": body_schema(type(inner.schema)) if isinstance(inner, ma.fields.Nested) else _field(inner)}
    for kind, name in _KINDS:
        if isinstance(item, kind):
            found = {"type": [name, "null"] if item.allow_none else name}
            break
    for rule in item.validators:
        found |= _rule(rule, item)
    return found


def _rule(rule: Any, item: Any) -> Schema:
    if isinstance(rule, ma.validate.OneOf):
        return {"enum": [*rule.choices, *([None] if item.allow_none else [])]}
    if isinstance(rule, ma.validate.Range):
        return {name: value for name, value in (("minimum", rule.min), ("maximum", rule.max)) if value is not None}
    if isinstance(rule, ma.validate.Length):
        names = ("minItems", "maxItems") if isinstance(item, ma.fields.List) else ("minLength", "maxLength")
        return {name: value for name, value in zip(names, (rule.min, rule.max), strict=True) if value is not None}
    return {}
