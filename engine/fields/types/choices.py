"""Some of a list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy.types import TypeEngine

from engine.fields.choice_lists import choice_list, keys_schema
from engine.fields.column_types import Texts
from engine.fields.field_type import FieldType, Option, Options, shown
from engine.kernel.errors import Invalid, Problem


class Choices(FieldType[tuple[str, ...]]):
    """Any number of the options that the admin listed; kept in the order of that list."""

    key = "choices"
    kind = "list"
    widget = "choices"
    options = (
        Option("options", "choice_list", default=(), required=True),
        Option("maximum", "integer", settings={"minimum": 1, "maximum": 200}),
    )
    samples = ([], ["lost", "draft"])

    def column(self, options: Options) -> TypeEngine[Any]:
        return Texts()

    def parse(self, raw: object, options: Options) -> tuple[str, ...]:
        if not isinstance(raw, (list, tuple)):
            raise self.unreadable(raw)
        positions = choice_list(options["options"]).positions
        if not all(type(item) is str for item in raw):
            raise self.unreadable(raw)
        if len(set(raw)) != len(raw):
            raise Invalid(Problem("field.twice"))
        return tuple(sorted(raw, key=lambda key: positions.get(key, len(positions))))

    def check(self, value: tuple[str, ...], options: Options) -> Iterable[Problem]:
        positions = choice_list(options["options"]).positions
        for key in value:
            if key not in positions:
                return (Problem("field.choice.unknown", {"value": shown(key)}),)
        if options["maximum"] is not None and len(value) > options["maximum"]:
            return (Problem("field.too_many", {"count": options["maximum"]}),)
        return ()

    def dump(self, value: tuple[str, ...], options: Options) -> list[str]:
        return list(value)

    def schema(self, options: Options) -> dict[str, Any]:
        found: dict[str, Any] = {
            "type": "array",
            "items": keys_schema(choice_list(options["options"])),
            "uniqueItems": True,
        }
        if options["maximum"] is not None:
            found["maxItems"] = options["maximum"]
        return found

    def choices(self, options: Options) -> tuple[Mapping[str, Any], ...]:
        """The options, in order."""
        return choice_list(options["options"])
