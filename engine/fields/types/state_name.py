"""Keys of states."""

from __future__ import annotations

from engine.fields.option_type import NameType


class StateName(NameType):
    """The key of a state of the workflow at hand."""

    key = "state_name"
    widget = "state_name"
