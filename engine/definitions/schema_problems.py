"""What a JSON Schema validator reports, said in our own codes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, cast

from jsonschema.exceptions import ValidationError

from engine.kernel.errors import PathPart, Problem

MAX_PROBLEMS = 100
_SHOWN = 80
_BY_TITLE = {
    "Key": "definition.bad_key",
    "Identity": "definition.bad_uid",
    "Language": "definition.bad_language",
    "Field path": "definition.bad_path",
    "Duration": "definition.bad_duration",
    "Icon": "definition.bad_icon",
}
_LIMITS = {
    "minimum": "definition.too_small",
    "exclusiveMinimum": "definition.too_small",
    "maximum": "definition.too_great",
    "exclusiveMaximum": "definition.too_great",
    "minLength": "definition.too_short",
    "maxLength": "definition.too_long",
    "minItems": "definition.too_few",
    "minProperties": "definition.too_few",
    "maxItems": "definition.too_many",
    "maxProperties": "definition.too_many",
    "multipleOf": "definition.not_a_multiple",
}


def to_problems(errors: Iterable[ValidationError]) -> tuple[Problem, ...]:
    """All errors as problems, at most `MAX_PROBLEMS`, in the order of the document."""
    found: dict[tuple[Any, ...], Problem] = {}
    for error in errors:
        for problem in _problems(error, ()):
            found.setdefault((problem.path, problem.code, problem.values.get("key")), problem)
        if len(found) >= MAX_PROBLEMS:
            break
    ordered = sorted(found.values(), key=_place)
    return tuple(ordered[:MAX_PROBLEMS])


def _place(problem: Problem) -> list[str]:
    return [f"{part:06d}" if isinstance(part, int) else part for part in problem.path]


def _problems(error: ValidationError, outer: tuple[PathPart, ...]) -> Iterator[Problem]:
    path = (*outer, *error.relative_path)
    if error.validator in {"oneOf", "anyOf"}:
        yield from _of_nearest(error, path)
    elif error.validator == "additionalProperties":
        known, given = _schema(error).get("properties", {}), cast(dict[str, Any], error.instance)
        for key in given:
            if key not in known:
                yield Problem("definition.unknown_key", {"key": key}, (*path, key))
    elif "propertyNames" in error.relative_schema_path:
        yield Problem("definition.bad_name", {"key": str(error.instance)[:_SHOWN]}, (*path, str(error.instance)))
    else:
        yield _single(error, path)


def _single(error: ValidationError, path: tuple[PathPart, ...]) -> Problem:
    rule, limit = str(error.validator), cast(Any, error.validator_value)
    shown = str(error.instance)[:_SHOWN]
    if rule == "required":
        given = cast(dict[str, Any], error.instance)
        missing = next(key for key in limit if key not in given and f"'{key}'" in error.message)
        return Problem("definition.missing_key", {"key": missing}, path)
    if rule == "type":
        return Problem("definition.wrong_type", {"expected": limit, "value": shown}, path)
    if rule == "enum":
        return Problem("definition.not_offered", {"value": shown, "offered": list(limit)}, path)
    if rule == "const":
        return Problem("definition.not_offered", {"value": shown, "offered": [limit]}, path)
    if rule == "uniqueItems":
        return Problem("definition.repeated", {}, path)
    if rule in _LIMITS:
        return Problem(_LIMITS[rule], {"limit": limit}, path)
    if rule in {"pattern", "format"}:
        code = _BY_TITLE.get(_schema(error).get("title", ""), "definition.bad_pattern")
        return Problem(code, {"value": shown}, path)
    if rule == "not" and limit == {}:  # a key that has no place here
        return Problem("definition.not_here", {"key": str(path[-1]) if path else ""}, path)
    return Problem("definition.refused", {"rule": rule, "value": shown}, path)


def _schema(error: ValidationError) -> dict[str, Any]:
    return error.schema if isinstance(error.schema, dict) else {}


def _of_nearest(error: ValidationError, path: tuple[PathPart, ...]) -> Iterator[Problem]:
    """The problems of the variant that the author most probably meant."""
    branches: dict[Any, list[ValidationError]] = {}
    for inner in error.context or ():
        branches.setdefault(inner.relative_schema_path[0], []).append(inner)
    meant = min(branches.values(), key=_distance, default=[])
    if not meant or _distance(meant)[0]:
        values = {"value": str(error.instance)[:_SHOWN], "expected": _schema(error).get("title", "")}
        yield Problem("definition.no_variant", values, path)
        return
    for inner in meant:
        yield from _problems(inner, path)


def _distance(errors: list[ValidationError]) -> tuple[int, int, int]:
    """Wrong kind of value first, then a missing key of the variant itself, then the count."""
    own = [error for error in errors if not error.relative_path]
    wrong = sum(error.validator in {"type", "enum", "const"} for error in own)
    missing = sum(error.validator == "required" for error in own)
    return wrong, missing, len(errors)
