"""What a function is: its name, what it takes and gives, and how it is explained."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.expressions.kinds import KINDS, Kind, ResultKind

ANY: tuple[ResultKind, ...] = KINDS
SCALAR: tuple[ResultKind, ...] = ("text", "number", "yes_no", "date", "datetime")


@dataclass(frozen=True)
class Parameter:
    """One thing a function takes.

    Arguments of parameters with the same `group` must be of one kind. The last parameter may
    repeat. A parameter that is `as_date` takes a moment too, as its date in the time zone.
    """

    key: str
    kinds: tuple[ResultKind, ...]
    group: str = ""
    optional: bool = False
    repeats: bool = False
    as_date: bool = False


@dataclass(frozen=True)
class Function:
    """A function of the language.

    `run` gets the arguments' values in order (None for null; omitted ones are left out) and, for a
    function that `needs_zone`, the time zone's name last. `run` is None where the checker replaces
    the call by something else (`if`, `today`). `returns` is a kind, or the name of a group.
    `example` gives `result` (as text) over the names of `EXAMPLE_NAMES`; a test runs it.
    """

    key: str
    room: str
    parameters: tuple[Parameter, ...]
    returns: Kind | str
    description: Mapping[str, str]
    example: str
    result: str
    run: Callable[..., Any] | None = field(default=None, repr=False, compare=False)
    needs_zone: bool = False
    in_sql: bool = True
    in_browser: bool = True

    @property
    def least(self) -> int:
        """How many arguments it takes at least."""
        return sum(not parameter.optional for parameter in self.parameters)

    @property
    def most(self) -> int | None:
        """How many arguments it takes at most; None without a limit."""
        if self.parameters and self.parameters[-1].repeats:
            return None
        return len(self.parameters)

    def parameter(self, index: int) -> Parameter:
        """The parameter for the argument at an index."""
        return self.parameters[min(index, len(self.parameters) - 1)]


def text(key: str, *, optional: bool = False, repeats: bool = False) -> Parameter:
    """A parameter that takes a text."""
    return Parameter(key, ("text",), optional=optional, repeats=repeats)


def number(key: str, *, optional: bool = False, repeats: bool = False) -> Parameter:
    """A parameter that takes a number."""
    return Parameter(key, ("number",), optional=optional, repeats=repeats)


def day(key: str) -> Parameter:
    """A parameter that takes a date, or a moment as its date in the time zone."""
    return Parameter(key, ("date",), as_date=True)
