"""What only some field types can do; looked up with `isinstance`, never with a flag."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol, runtime_checkable

from engine.kernel.errors import Problem

Options = Mapping[str, Any]


@runtime_checkable
class Refers(Protocol):
    """Holds the id of a record (or user, or department)."""

    def target(self, options: Options) -> str:
        """Key of the entity referred to; "@user" and "@department" for the built-in ones."""
        ...


@runtime_checkable
class OwnsRows(Protocol):
    """Holds owned child rows instead of a value."""

    def rows_entity(self, options: Options) -> str:
        """Key of the child entity."""
        ...


@runtime_checkable
class Computes(Protocol):
    """Its value follows from other values; nobody may write it.

    `computation` is "formula", "mirror", "rollup" or "number" (auto-number, given at creation).
    """

    computation: str

    def settle(self, value: Any, options: Options) -> Any:
        """A computed value as it is stored: rounded, cut; None where it can't be held."""
        ...


@runtime_checkable
class SystemValue(Protocol):
    """Shows a system column (`created_on` …) instead of an own one."""

    system_column: str


@runtime_checkable
class HoldsFiles(Protocol):
    """Holds ids of stored files."""

    def accepted(self, options: Options) -> tuple[str, ...]:
        """File name endings that are accepted, in lower case with the dot."""
        ...


@runtime_checkable
class Offers(Protocol):
    """Has a fixed list of options to choose from."""

    def choices(self, options: Options) -> tuple[Mapping[str, Any], ...]:
        """The options: {"key", "label", "colour"?, "retired"?}, in order."""
        ...


@runtime_checkable
class LintsOptions(Protocol):
    """Has rules about its options that no option can have on its own."""

    def lint(self, options: Options) -> Iterable[Problem]:
        """Problems of complete options, as paths into them."""
        ...
