"""Who created a record."""

from __future__ import annotations

from engine.fields.derived import Derived
from engine.fields.field_type import Options


class CreatedBy(Derived):
    """The user who created the record; empty where a part of the system did."""

    key = "created_by"
    kind = "reference"
    widget = "user"
    samples = ("01939e2c-6f00-7abc-8def-0123456789ab",)
    system_column = "created_by"

    def column(self, options: Options) -> None:
        return None  # every table has it already

    def stands_for(self, options: Options) -> tuple[str, Options]:
        return "user", {}

    def target(self, options: Options) -> str:
        """The built-in list of people."""
        return "@user"
