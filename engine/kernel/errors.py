"""The five errors of the engine and the problem they carry.

EngineError                 carries a tuple of Problem(code, values, path)
├─ Invalid        a rule the user can mend; all problems at once          422
├─ NotFound       not there, or not for this actor: the two look the same 404
├─ Forbidden      may see it, may not do it                               403
├─ Conflict       it moved on: stale rev, taken key, state already left   409
└─ Unavailable    a part we lean on did not answer; worth retrying        503

The numbers are what `runtime/shell/errors.py` answers; the engine never uses them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

PathPart = str | int


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, as data.

    `code` is stable and has a sentence per language in a messages catalogue; `values` fill the
    sentence's placeholders; `path` points into the document or record, e.g. `("lines", 2, "qty")`.
    """

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)
    path: tuple[PathPart, ...] = ()

    def under(self, *path: PathPart) -> Problem:
        """The same problem seen from further outside: `path` is put in front."""
        return replace(self, path=(*path, *self.path))


class EngineError(Exception):
    """Base of the five; never raised itself."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(", ".join(problem.code for problem in problems))
        self.problems: tuple[Problem, ...] = problems


class Invalid(EngineError):
    """What was given breaks rules that the user can mend."""


class NotFound(EngineError):
    """No such thing, or not for this actor; the two must look the same."""


class Forbidden(EngineError):
    """The actor may see the thing and may not do this to it."""


class Conflict(EngineError):
    """It moved on. `current` is what stands now (a JSON-ready value), where that helps."""

    def __init__(self, *problems: Problem, current: Any = None) -> None:
        super().__init__(*problems)
        self.current = current


class Unavailable(EngineError):
    """A part we lean on did not answer; the same request may succeed later."""


def raise_invalid(problems: Iterable[Problem]) -> None:
    """Raise one Invalid with all problems, or do nothing when there are none."""
    found = tuple(problems)
    if found:
        raise Invalid(*found)
