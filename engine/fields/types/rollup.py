"""Sums over other records."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from engine.fields.derived import Derived, source_of
from engine.fields.exact_numbers import round_number
from engine.fields.field_type import Option, Options
from engine.kernel.errors import Problem

_FUNCTIONS = tuple({"key": key} for key in ("sum", "count", "min", "max"))
_WHOLE: Options = {"minimum": None, "maximum": None}
_MOST: Options = {"scale": 4, "minimum": None, "maximum": None}


class Rollup(Derived):
    """Sum, count, least or greatest over owned rows, or over the records that refer to this one."""

    key = "rollup"
    kind = "number"
    widget = "number"
    options = (
        Option("rows", "field_name"),
        Option("entity", "entity_name"),
        Option("via", "field_name"),
        Option(
            "function", "choice", default="count", required=True, settings={"options": _FUNCTIONS}
        ),
        Option("field", "field_name"),
    )
    samples = (0, 12)
    computation = "rollup"

    def stands_for(self, options: Options) -> tuple[str, Options]:
        if options["function"] == "count":
            return "integer", _WHOLE
        if not options.get("source"):
            return "decimal", _MOST
        key, settings = source_of(options)
        if options["function"] == "sum":  # the bounds of one value are not those of a sum
            settings = {**settings, "minimum": None, "maximum": None}
            key = "integer" if key == "rating" else key
        return key, settings

    def settle(self, value: Any, options: Options) -> Any:
        """Sums keep the scale of what is summed; one too large to hold is stored as nothing."""
        key, settings = self.stands_for(options)
        if value is None or key not in {"integer", "decimal", "money", "percent", "rating"}:
            return value
        number = round_number(value, settings.get("scale", 0))
        return int(number) if number is not None and "scale" not in settings else number

    def lint(self, options: Options) -> Iterable[Problem]:
        """Either owned rows or an entity with the field that refers here; a field unless counting."""
        is_owned, is_related = bool(options["rows"]), bool(options["entity"] and options["via"])
        if is_owned == is_related or (is_owned and (options["entity"] or options["via"])):
            yield Problem("field.options.rollup_source", {}, ("rows",))
        if options["function"] != "count" and not options["field"]:
            yield Problem("field.options.rollup_field", {}, ("field",))
