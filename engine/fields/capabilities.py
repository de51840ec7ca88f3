"""What only some field types can do; looked up with `isinstance`, never with a flag.

A type has a capability when its class has the members. The answer is kept per class: protocols that
are checked at run time would look at every member again each time, on the hottest paths.
"""

from __future__ import annotations

from abc import ABC
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from engine.kernel.errors import Problem

Options = Mapping[str, Any]


class Capability(ABC):
    """Base of the capabilities; `members` are the names that make one."""

    members: ClassVar[tuple[str, ...]]

    @classmethod
    def __subclasshook__(cls, other: type) -> Any:
        if cls is Capability:
            return NotImplemented
        return all(any(name in base.__dict__ for base in other.__mro__) for name in cls.members)


class Refers(Capability):
    """Holds the id of a record (or user, or department)."""

    members = ("target",)

    def target(self, options: Options) -> str:
        """Key of the entity referred to; "@user" and "@department" for the built-in ones."""
        raise NotImplementedError


class OwnsRows(Capability):
    """Holds owned child rows instead of a value."""

    members = ("rows_entity",)

    def rows_entity(self, options: Options) -> str:
        """Key of the child entity."""
        raise NotImplementedError


class Computes(Capability):
    """Its value follows from other values; nobody may write it.

    `computation` is "formula", "mirror", "rollup" or "number" (auto-number, given at creation).
    """

    members = ("computation", "settle")

    computation: str

    def settle(self, value: Any, options: Options) -> Any:
        """A computed value as it is stored: rounded, cut; None where it can't be held."""
        raise NotImplementedError


class SystemValue(Capability):
    """Shows a system column (`created_on` …) instead of an own one."""

    members = ("system_column",)

    system_column: str


class HoldsFiles(Capability):
    """Holds ids of stored files."""

    members = ("accepted",)

    def accepted(self, options: Options) -> tuple[str, ...]:
        """File name endings that are accepted, in lower case with the dot."""
        raise NotImplementedError


class Offers(Capability):
    """Has a fixed list of options to choose from."""

    members = ("choices",)

    def choices(self, options: Options) -> tuple[Mapping[str, Any], ...]:
        """The options: {"key", "label", "colour"?, "retired"?}, in order."""
        raise NotImplementedError


class LintsOptions(Capability):
    """Has rules about its options that no option can have on its own."""

    members = ("lint",)

    def lint(self, options: Options) -> Iterable[Problem]:
        """Problems of complete options, as paths into them."""
        raise NotImplementedError
