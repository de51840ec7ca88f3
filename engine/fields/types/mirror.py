"""Values of a record that is referred to."""

from __future__ import annotations

from typing import Any

from engine.fields.derived import Derived, source_of
from engine.fields.field_type import Option, Options


class Mirror(Derived):
    """Shows a field of the referred record: the account's level on its quotations. Kept up to date."""

    key = "mirror"
    kind = "text"
    widget = "text"
    options = (
        Option("via", "field_name", default="", required=True),
        Option("field", "field_name", default="", required=True),
    )
    samples = ("A key account",)
    computation = "mirror"

    def stands_for(self, options: Options) -> tuple[str, Options]:
        return source_of(options)

    def settle(self, value: Any, options: Options) -> Any:
        """The other field has seen to the value."""
        return value
