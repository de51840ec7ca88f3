"""Payloads of jobs: dataclasses made from JSON, each value of the type that it says."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import orjson

from engine.kernel.errors import Invalid, Problem
from engine.kernel.ids import find_id

Payload = TypeVar("Payload")


def as_json(values: Mapping[str, Any]) -> dict[str, Any]:
    """Keys and values as JSON keeps them: ids and moments become text."""
    found: dict[str, Any] = orjson.loads(orjson.dumps(dict(values), default=str))
    return found


def read_payload(form: type[Payload], values: Mapping[str, Any]) -> Payload:
    """The dataclass `form` out of JSON values; raises Invalid (`jobs.payload`) for what doesn't fit."""
    hints = typing.get_type_hints(form)
    fields = {item.name: item for item in dataclasses.fields(form)}  # type: ignore[arg-type]
    problems = [Problem("jobs.payload", {"name": key}, (key,)) for key in values if key not in fields]
    found: dict[str, Any] = {}
    for name, item in fields.items():
        if name in values:
            try:
                found[name] = _read(hints[name], values[name])
            except (TypeError, ValueError):
                problems.append(Problem("jobs.payload", {"name": name}, (name,)))
        elif item.default is item.default_factory is dataclasses.MISSING:
            problems.append(Problem("jobs.payload", {"name": name}, (name,)))
    if problems:
        raise Invalid(*problems)
    return form(**found)


def _read(hint: Any, value: Any) -> Any:
    """A value of the type `hint`; raises TypeError or ValueError."""
    origin = typing.get_origin(hint)
    if origin in (typing.Union, types.UnionType):
        if value is None and type(None) in typing.get_args(hint):
            return None
        return _read(next(inner for inner in typing.get_args(hint) if inner is not type(None)), value)
    if origin is tuple:
        if not isinstance(value, list):
            raise TypeError
        return tuple(_read(typing.get_args(hint)[0], item) for item in value)
    if hint is UUID:
        return _id(value)
    if hint is datetime and isinstance(value, str):
        return datetime.fromisoformat(value)
    wanted = Mapping if origin is not None else hint
    if hint is Any or (isinstance(value, wanted) and not (hint is int and isinstance(value, bool))):
        return value
    raise TypeError


def _id(value: Any) -> UUID:
    found = find_id(value)
    if found is None:
        raise ValueError
    return found
