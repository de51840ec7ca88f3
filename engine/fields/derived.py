"""Types whose values are those of another type: formulas, mirrors, roll-ups, system values.

Such a type says which type it stands for and with which options; all else is asked there.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy.types import TypeEngine

from engine.fields.field_type import FieldType, Kind, Options
from engine.fields.registry import TYPES
from engine.kernel.errors import Problem

TEXT: Mapping[str, Any] = {
    "type": "text",
    "options": {"max_length": 4000, "pattern": None, "multiline": True},
}
"""What a mirror holds as long as nobody has said what it shows."""


class Derived(FieldType[Any]):
    """A type that stands for another one."""

    @abstractmethod
    def stands_for(self, options: Options) -> tuple[str, Options]:
        """Key of the other type, and its complete options."""

    def column(self, options: Options) -> TypeEngine[Any] | None:
        other, settings = effective(self, options)
        return other.column(settings)

    def parse(self, raw: object, options: Options) -> Any:
        other, settings = effective(self, options)
        return other.parse(raw, settings)

    def check(self, value: Any, options: Options) -> Iterable[Problem]:
        other, settings = effective(self, options)
        return other.check(value, settings)

    def dump(self, value: Any, options: Options) -> Any:
        other, settings = effective(self, options)
        return other.dump(value, settings)

    def schema(self, options: Options) -> dict[str, Any]:
        other, settings = effective(self, options)
        return other.schema(settings)


def effective(type_: FieldType[Any], options: Options) -> tuple[FieldType[Any], Options]:
    """The type as which a field is stored, compared and shown, with that type's options.

    A formula for a number is a decimal, a mirror of a choice is that choice, `created_by` is a
    user; most types are what they are.
    """
    while isinstance(type_, Derived):
        key, options = type_.stands_for(options)
        type_ = TYPES[key]
    return type_, options


def kind_of(type_: FieldType[Any], options: Options) -> Kind:
    """What an expression sees in a field with these options."""
    return effective(type_, options)[0].kind


def source_of(options: Options) -> tuple[str, Options]:
    """The type and complete options that `source` names; it is put in when a model is built."""
    source = options.get("source") or TEXT
    return source["type"], source["options"]
