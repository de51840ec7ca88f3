"""The contract of a lint rule: a key, the codes it may find, and one function."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from engine.definitions.finding import Finding
from engine.definitions.survey import Survey
from engine.definitions.workflow_parts import Path


@dataclass(frozen=True)
class LintRule:
    """Something that JSON Schema can't say about documents.

    `check` never raises, whatever the documents say. A rule that `guards_building` finds what would
    leave a model without meaning: with errors of such rules no model is built, not even of a draft.
    """

    key: str
    codes: tuple[str, ...]
    check: Callable[[Survey], Iterable[Finding]]
    guards_building: bool = False


def error(code: str, kind: str, key: str, path: Path = (), /, **values: Any) -> Finding:
    """Something that blocks publishing."""
    return Finding(code, "error", kind, key, path, values)


def warning(code: str, kind: str, key: str, path: Path = (), /, **values: Any) -> Finding:
    """Something that the admin should see and may accept."""
    return Finding(code, "warning", kind, key, path, values)
