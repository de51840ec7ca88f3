"""The options of a choice field, ready to be looked up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


class ChoiceList(tuple[Mapping[str, Any], ...]):  # noqa: SLOT001 - tuples allow no slots
    """The options in order, each {"key", "label"?, "colour"?, "retired"?}.

    A retired option is no longer offered. Records that have it keep it, and programs may still
    write it: otherwise such records could not be saved again, nor old data be imported.
    """

    positions: dict[str, int]
    """Where each key stands."""

    def __new__(cls, options: Iterable[Mapping[str, Any]] = ()) -> ChoiceList:
        found = super().__new__(cls, options)
        found.positions = {option["key"]: position for position, option in enumerate(found)}
        return found


def choice_list(options: Any) -> ChoiceList:
    """The options as a ChoiceList, whatever sequence they come in."""
    return options if isinstance(options, ChoiceList) else ChoiceList(options or ())


def keys_schema(options: ChoiceList) -> dict[str, Any]:
    """JSON Schema of the options' keys; an empty `enum` is not allowed everywhere."""
    return {"enum": list(options.positions)} if options else {"not": {}}
