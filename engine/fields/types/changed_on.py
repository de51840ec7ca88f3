"""When a record was changed last."""

from __future__ import annotations

from engine.fields.derived import Derived
from engine.fields.field_type import Options


class ChangedOn(Derived):
    """The moment of the last change."""

    key = "changed_on"
    kind = "datetime"
    widget = "datetime"
    samples = ("2026-11-24T08:30:00Z",)
    system_column = "changed_on"

    def column(self, options: Options) -> None:
        return None  # every table has it already

    def stands_for(self, options: Options) -> tuple[str, Options]:
        return "datetime", {}
