"""The options of a choice field, ready to be looked up."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any


class ChoiceList(tuple[Mapping[str, Any], ...]):
    """The options in order, each {"key", "label"?, "colour"?, "retired"?}.

    A retired option is no longer offered. Records that have it keep it, and programs may still
    write it: otherwise such records could not be saved again, nor old data be imported.
    """

    @cached_property
    def positions(self) -> dict[str, int]:
        """Where each key stands."""
        return {option["key"]: position for position, option in enumerate(self)}


def choice_list(options: Any) -> ChoiceList:
    """The options as a ChoiceList, whatever sequence they come in."""
    return options if isinstance(options, ChoiceList) else ChoiceList(options or ())
