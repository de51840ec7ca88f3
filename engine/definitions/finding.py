"""What the checks of definitions say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from engine.kernel.errors import PathPart, Problem

Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Finding:
    """One thing found in a definition, as data.

    `kind` and `key` name the document, `path` points into it. `code` has a sentence per language;
    `values` fill it and may hold a `witness`: a record (JSON values by field) that shows the fault.
    Errors block publishing, warnings are shown and may be accepted.
    """

    code: str
    severity: Severity
    kind: str
    key: str
    path: tuple[PathPart, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def problem(self) -> Problem:
        """The same as a problem whose path starts with the document's kind and key."""
        return Problem(self.code, self.values, (self.kind, self.key, *self.path))


def from_problems(kind: str, key: str, problems: Iterable[Problem]) -> tuple[Finding, ...]:
    """Problems of one document as errors found in it."""
    return tuple(
        Finding(problem.code, "error", kind, key, problem.path, problem.values)
        for problem in problems
    )
