"""Who still uses what a draft takes away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from engine.definitions import Document, Model, Use, UseIndex
from engine.definitions.survey import survey
from engine.definitions.uses import uses_in

_NOTHING = object()


class RemainingUses:
    """Uses in the published documents whose place says the same in the draft."""

    def __init__(self, before: Model, after: Iterable[Document]) -> None:
        self._before = before
        self._after = {(item["kind"], item["key"]): item for item in after}

    @cached_property
    def _index(self) -> UseIndex:
        return uses_in(survey(self._before.documents.values(), are_checked=True))  # a release is sound

    def of(self, *target: str) -> list[dict[str, Any]]:
        """Who still uses this very thing."""
        return self._remaining(self._index.of(*target))

    def within(self, *target: str) -> list[dict[str, Any]]:
        """Who still uses this or a part of it, from outside of it."""
        found = self._index.within(*target)
        if target[0] == "entity":
            found = tuple(use for use in found if (use.kind, use.key) != target)
        return self._remaining(found)

    def _remaining(self, found: Iterable[Use]) -> list[dict[str, Any]]:
        return [
            {"kind": use.kind, "key": use.key, "path": list(use.path)}
            for use in dict.fromkeys(found)
            if self._stays(use)
        ]

    def _stays(self, use: Use) -> bool:
        before = self._before.documents.get((use.kind, use.key))
        after = self._after.get((use.kind, use.key))
        return after is not None and _at(before, use.path) is not _NOTHING and _at(before, use.path) == _at(after, use.path)


def _at(value: Any, path: Iterable[str | int]) -> Any:
    for part in path:
        if isinstance(value, Mapping):
            value = value.get(part, _NOTHING)
        elif isinstance(value, (list, tuple)) and isinstance(part, int) and part < len(value):
            value = value[part]
        else:
            return _NOTHING
    return value
