"""When a record was created."""

from __future__ import annotations

from engine.fields.derived import Derived
from engine.fields.field_type import Options


class CreatedOn(Derived):
    """The moment of creation."""

    key = "created_on"
    kind = "datetime"
    widget = "datetime"
    samples = ("2026-11-24T08:30:00Z",)
    system_column = "created_on"

    def column(self, options: Options) -> None:
        return None  # every table has it already

    def stands_for(self, options: Options) -> tuple[str, Options]:
        return "datetime", {}
