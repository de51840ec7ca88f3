"""Options of fields and actions: their defaults, their check, their JSON Schema.

Options are described as fields (`Option`), so all three follow from the list that a type declares.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from engine.fields.capabilities import LintsOptions
from engine.fields.field_type import FieldType, Option, Options, shown
from engine.fields.registry import TYPES
from engine.kernel.errors import Invalid, Problem
from engine.kernel.messages import translate


def complete_options(type_: FieldType[Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """A field's options as its type wants them: defaults filled in, values parsed.

    Raises Invalid with all problems. What the model builder adds for types that follow another
    field (`derived.source_of`) is none of them: nobody may write it into a document.
    """
    return _completed(type_, given) if given else dict(_all_defaults(type_))


def _completed(type_: FieldType[Any], given: Mapping[str, Any]) -> dict[str, Any]:
    found, problems = read_options(type_.options, given)
    if problems:
        raise Invalid(*problems)
    return found


@cache
def _all_defaults(type_: FieldType[Any]) -> Options:
    """What most fields of most types have: options that nobody set."""
    return MappingProxyType(_completed(type_, {}))


def check_options(type_: FieldType[Any], given: object) -> tuple[Problem, ...]:
    """Everything that is wrong with a field's options, as paths into them."""
    if not isinstance(given, Mapping):
        return (Problem("field.options.unreadable"),)
    found, problems = read_options(type_.options, given)
    if problems:
        return tuple(problems)
    return tuple(type_.lint(found)) if isinstance(type_, LintsOptions) else ()


def read_options(
    options: Iterable[Option], given: Mapping[str, Any]
) -> tuple[dict[str, Any], list[Problem]]:
    """Values of declared options, defaults filled in, and the problems of those that have some."""
    found: dict[str, Any] = {}
    known = {option.key for option in options}
    problems = [
        Problem("field.options.unknown", {"option": shown(key)}, (str(key),))
        for key in given
        if key not in known
    ]
    for option in options:
        raw = given.get(option.key)
        if raw is None or raw == "":
            found[option.key] = _default(option)
            if option.required and _is_empty(found[option.key]):
                values = {"option": option.key}
                problems.append(Problem("field.options.missing", values, (option.key,)))
            continue
        try:
            found[option.key] = parse_option(option, raw)
        except Invalid as error:
            problems += [problem.under(option.key) for problem in error.problems]
    return found, problems


def parse_option(option: Option, raw: object) -> Any:
    """One option's value; raises Invalid."""
    type_, settings = TYPES[option.type], _settings(option)
    value = type_.parse(raw, settings)
    problems = tuple(type_.check(value, settings))
    if problems:
        raise Invalid(*problems)
    return value


def dump_options(type_: FieldType[Any], options: Options) -> dict[str, Any]:
    """Complete options back to JSON, without those that are what they would be anyway."""
    found = {}
    for option in type_.options:
        value = options.get(option.key)
        if value is not None and value != _default(option):
            found[option.key] = TYPES[option.type].dump(value, _settings(option))
    return found


def options_schema(options: Iterable[Option], language: str | None = None) -> dict[str, Any]:
    """JSON Schema of declared options; with titles and descriptions where a language is given."""
    properties: dict[str, Any] = {}
    for option in options:
        schema = dict(TYPES[option.type].schema(_settings(option)))
        if language is not None:
            schema["title"] = translate(f"field_option.{option.key}", None, language)
            schema["description"] = translate(f"field_option.{option.key}.help", None, language)
        if option.default is not None and not _is_empty(option.default):
            schema["default"] = option.default
        properties[option.key] = schema
    return {
        "type": "object",
        "properties": properties,
        "required": [
            option.key for option in options if option.required and _is_empty(option.default)
        ],
        "additionalProperties": False,
    }


def _is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, (str, tuple, list)) and not value)


def _default(option: Option) -> Any:
    return option.default if _is_empty(option.default) else _parsed_default(_Declared(option))


def _settings(option: Option) -> Options:
    return _complete_settings(_Declared(option))


class _Declared:
    """An option, compared by identity: options are declared once and live as long as the process."""

    __slots__ = ("option",)

    def __init__(self, option: Option) -> None:
        self.option = option

    def __hash__(self) -> int:
        return id(self.option)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Declared) and other.option is self.option


@cache
def _complete_settings(key: _Declared) -> Options:
    option = key.option
    return MappingProxyType(complete_options(TYPES[option.type], option.settings))


@cache
def _parsed_default(key: _Declared) -> Any:
    return TYPES[key.option.type].parse(key.option.default, _complete_settings(key))
