"""The contract of a field type: ten members and no more.

A kind of field declares all that is particular to it in one file under `types/`. A need that only
some types have becomes a capability (`capabilities.py`), never an eleventh member; a test counts.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Generic, TypeVar
from uuid import UUID

from sqlalchemy.types import TypeEngine

from engine.expressions.kinds import Kind
from engine.kernel.errors import Invalid, Problem

__all__ = ["FieldType", "Kind", "Option", "Options", "Value", "shown"]

Value = TypeVar("Value")
Options = Mapping[str, Any]


@dataclass(frozen=True)
class Option:
    """Something an admin may set on a field or an action, described as a field itself.

    `type` is the key of a field type; `settings` are that type's own options. From these the JSON
    Schema of the options, the property panel, the validation and the documentation are made.
    """

    key: str
    type: str
    default: Any = None
    required: bool = False
    settings: Options = field(default_factory=dict)


class FieldType(ABC, Generic[Value]):
    """A kind of field. Subclasses are stateless; one instance serves all fields of the type.

    `samples` are raw inputs that parse with default options; contract tests, the documentation and
    the designer's preview use them. `options` arrive complete: defaults are filled in when the
    definition is loaded.
    """

    key: ClassVar[str]
    kind: ClassVar[Kind]
    widget: ClassVar[str]
    options: ClassVar[tuple[Option, ...]] = ()
    samples: ClassVar[tuple[Any, ...]] = ()

    @abstractmethod
    def column(self, options: Options) -> TypeEngine[Any] | None:
        """The column's type, or None for a field that has no column (owned rows)."""

    @abstractmethod
    def parse(self, raw: object, options: Options) -> Value:
        """Raw input (JSON or form text, never None or "") to a value.

        Raises Invalid for what the type can't hold; it never guesses. No range rules here.
        """

    def check(self, value: Value, options: Options) -> Iterable[Problem]:
        """Problems of a parsed value: length, range, allowed choices."""
        return ()

    @abstractmethod
    def dump(self, value: Value, options: Options) -> Any:
        """A value to JSON: text, whole number, yes/no, list or object. Decimals are text."""

    @abstractmethod
    def schema(self, options: Options) -> dict[str, Any]:
        """JSON Schema (Draft 2020-12) of what `parse` and `check` accept from JSON, without null."""

    def unreadable(self, raw: object) -> Invalid:
        """The error for input that is not of this type at all."""
        return Invalid(Problem(f"field.{self.key}.unreadable", {"value": shown(raw)}))


def shown(raw: object) -> str:
    """Doubtful input as a message may show it: short, printable, and never costly to write out."""
    if isinstance(raw, str):
        text = raw[:60]
    elif isinstance(raw, int):  # Python refuses to write out integers of more than 4300 digits
        text = str(raw) if raw.bit_length() < 256 else "…"
    elif raw is None or isinstance(raw, (float, Decimal, date, UUID)):
        text = str(raw)[:60]
    else:
        text = "{…}" if isinstance(raw, dict) else "[…]" if isinstance(raw, (list, tuple)) else "?"
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)
