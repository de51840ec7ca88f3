"""Values that follow from an expression."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from engine.fields.derived import Derived
from engine.fields.exact_numbers import SCALES, round_number
from engine.fields.field_type import Option, Options

_RESULTS = tuple({"key": key} for key in ("text", "number", "money", "yes_no", "date", "datetime"))
TEXT_LIMIT = 4000


class Formula(Derived):
    """The result of the field's formula; computed anew when what it depends on changes."""

    key = "formula"
    kind = "text"
    widget = "text"
    options = (
        Option("result", "choice", default="number", required=True, settings={"options": _RESULTS}),
        Option("scale", "integer", default=2, settings={"minimum": 0, "maximum": SCALES}),
        Option("currency", "currency"),
    )
    samples = ("12.50", 3)
    computation = "formula"

    def stands_for(self, options: Options) -> tuple[str, Options]:
        return _stands_for(options["result"], options["scale"], options["currency"])

    def settle(self, value: Any, options: Options) -> Any:
        """Numbers and amounts are rounded half up; a result too large to hold is stored as nothing."""
        if value is None:
            return None
        if options["result"] in ("number", "money"):
            return round_number(value, options["scale"])
        if options["result"] == "text":
            return str(value)[:TEXT_LIMIT] or None
        return value


@lru_cache(maxsize=64)
def _stands_for(result: str, scale: int, currency: str | None) -> tuple[str, Options]:
    if result == "number":
        return "decimal", {"scale": scale, "minimum": None, "maximum": None}
    if result == "money":
        return "money", {"currency": currency, "scale": scale, "minimum": None, "maximum": None}
    if result == "text":
        return "text", {"max_length": TEXT_LIMIT, "pattern": None, "multiline": True}
    if result == "date":
        return "date", {"minimum": None, "maximum": None}
    return result, {}
