"""Does a value fit a JSON Schema of ours? The short answer, from functions made of the schema once.

Almost every document that is looked at is sound, and a pack has hundreds: the library, which can say what is
wrong, needs ten times as long to say that nothing is. It is asked about the others.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sized
from functools import cache
from typing import Any

Check = Callable[[Any], bool]
Schema = Mapping[str, Any]

_SILENT = frozenset({"$schema", "$id", "$defs", "title", "description", "default", "examples", "format", "then", "else"})
"""Keywords that ask nothing by themselves."""


def check_of(schema: Schema) -> Check:
    """The check of a complete schema; raises KeyError for a keyword that is none of those we use."""
    return _Maker(schema.get("$defs", {})).check(schema)


@cache
def pattern_of(text: str) -> re.Pattern[str]:
    """A pattern as the standard has it: Python's own `$` would also match before a final newline."""
    return re.compile(re.sub(r"(?<!\\)\$$", r"\\Z", text))


class _Maker:
    def __init__(self, parts: Mapping[str, Schema]) -> None:
        self._parts = parts
        self._made: dict[str, Check] = {}

    def check(self, schema: Schema | bool) -> Check:  # noqa: FBT001 (a schema may be one of the two)
        if isinstance(schema, bool):
            return lambda _: schema
        checks = tuple(self._checks(schema))
        if len(checks) == 1:
            return checks[0]
        return lambda value: all(check(value) for check in checks)

    def _checks(self, schema: Schema) -> Iterator[Check]:
        for keyword, rule in schema.items():
            if keyword in ("properties", "additionalProperties"):
                if keyword == "properties" or "properties" not in schema:  # the two are one check
                    yield self._properties(schema)
            elif keyword in _NESTED:
                yield _NESTED[keyword](self, rule, schema)
            elif keyword not in _SILENT:
                yield _PLAIN[keyword](rule)

    def ref(self, name: str, _: Schema) -> Check:
        """The part that is referred to; it is made when it is first needed, for parts may hold themselves."""
        key = name.removeprefix("#/$defs/")

        def check(value: Any) -> bool:
            if key not in self._made:
                self._made[key] = self.check(self._parts[key])
            return self._made[key](value)

        return check

    def _properties(self, schema: Schema) -> Check:
        known = {key: self.check(inner) for key, inner in schema.get("properties", {}).items()}
        other = schema.get("additionalProperties", True)
        rest = None if other is True else self.check(other)

        def check(value: Any) -> bool:
            if not isinstance(value, dict):
                return True
            for key, item in value.items():
                inner = known.get(key, rest)
                if inner is not None and not inner(item):
                    return False
            return True

        return check

    def items(self, rule: Schema, _: Schema) -> Check:
        each = self.check(rule)
        return lambda value: not isinstance(value, list) or all(each(item) for item in value)

    def names(self, rule: Schema, _: Schema) -> Check:
        each = self.check(rule)
        return lambda value: not isinstance(value, dict) or all(each(key) for key in value)

    def all_of(self, rule: list[Schema], _: Schema) -> Check:
        checks = [self.check(one) for one in rule]
        return lambda value: all(check(value) for check in checks)

    def any_of(self, rule: list[Schema], _: Schema) -> Check:
        checks = [self.check(one) for one in rule]
        return lambda value: any(check(value) for check in checks)

    def one_of(self, rule: list[Schema], _: Schema) -> Check:
        checks = [self.check(one) for one in rule]
        return lambda value: sum(check(value) for check in checks) == 1

    def refuse(self, rule: Schema, _: Schema) -> Check:
        check = self.check(rule)
        return lambda value: not check(value)

    def choose(self, rule: Schema, schema: Schema) -> Check:
        asked = self.check(rule)
        yes, no = self.check(schema.get("then", True)), self.check(schema.get("else", True))
        return lambda value: yes(value) if asked(value) else no(value)


_NESTED: dict[str, Callable[[_Maker, Any, Schema], Check]] = {
    "$ref": _Maker.ref, "items": _Maker.items, "propertyNames": _Maker.names, "allOf": _Maker.all_of,
    "anyOf": _Maker.any_of, "oneOf": _Maker.one_of, "not": _Maker.refuse, "if": _Maker.choose,
}


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


_TYPES: dict[str, Check] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
    "number": _is_number,
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
}


def _type(rule: str | list[str]) -> Check:
    if isinstance(rule, str):
        return _TYPES[rule]
    some = [_TYPES[each] for each in rule]
    return lambda value: any(one(value) for one in some)


def _enum(rule: list[Any]) -> Check:
    """Yes and no are not 1 and 0."""
    offered = {(isinstance(one, bool), one) for one in rule}
    return lambda value: not isinstance(value, (dict, list)) and (isinstance(value, bool), value) in offered


def _required(rule: list[str]) -> Check:
    return lambda value: not isinstance(value, dict) or all(key in value for key in rule)


def _dependent(rule: Mapping[str, list[str]]) -> Check:
    return lambda value: not isinstance(value, dict) or all(
        key in value for given, keys in rule.items() if given in value for key in keys
    )


def _pattern(rule: str) -> Check:
    search = pattern_of(rule).search
    return lambda value: not isinstance(value, str) or search(value) is not None


def _unique(rule: bool) -> Check:  # noqa: FBT001 (the keyword's value)
    def check(value: Any) -> bool:
        return not (rule and isinstance(value, list)) or are_unique(value)

    return check


def are_unique(items: list[Any]) -> bool:
    """Is no item of a list there twice? In linear time."""
    return len({json.dumps(item, sort_keys=True) for item in items}) == len(items)


def _size(kind: type[Sized], fits: Callable[[int, int], bool]) -> Callable[[int], Check]:
    return lambda rule: lambda value: not isinstance(value, kind) or fits(len(value), rule)


def _bound(fits: Callable[[float, float], bool]) -> Callable[[float], Check]:
    return lambda rule: lambda value: not _is_number(value) or fits(value, rule)


def _least(value: float, rule: float) -> bool:
    return value >= rule


def _most(value: float, rule: float) -> bool:
    return value <= rule


_PLAIN: dict[str, Callable[[Any], Check]] = {
    "type": _type, "enum": _enum, "const": lambda rule: _enum([rule]), "required": _required,
    "dependentRequired": _dependent, "pattern": _pattern, "uniqueItems": _unique,
    "minLength": _size(str, _least), "maxLength": _size(str, _most),
    "minItems": _size(list, _least), "maxItems": _size(list, _most),
    "minProperties": _size(dict, _least), "maxProperties": _size(dict, _most),
    "minimum": _bound(_least), "maximum": _bound(_most),
    "exclusiveMinimum": _bound(lambda value, rule: value > rule), "exclusiveMaximum": _bound(lambda value, rule: value < rule),
}
