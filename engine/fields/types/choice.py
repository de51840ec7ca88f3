"""One of a list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy.types import TypeEngine

from engine.fields.choice_lists import choice_list, keys_schema
from engine.fields.column_types import binary_text
from engine.fields.field_type import FieldType, Option, Options, shown
from engine.kernel.errors import Problem


class Choice(FieldType[str]):
    """One of the options that the admin listed: a status, a region, a level."""

    key = "choice"
    kind = "text"
    widget = "choice"
    options = (Option("options", "choice_list", default=(), required=True),)
    samples = ("draft", "lost")

    def column(self, options: Options) -> TypeEngine[Any]:
        return binary_text()

    def parse(self, raw: object, options: Options) -> str:
        if type(raw) is not str or len(raw) > 100:
            raise self.unreadable(raw)
        return raw

    def check(self, value: str, options: Options) -> Iterable[Problem]:
        if value not in choice_list(options["options"]).positions:
            return (Problem("field.choice.unknown", {"value": shown(value)}),)
        return ()

    def dump(self, value: str, options: Options) -> str:
        return value

    def schema(self, options: Options) -> dict[str, Any]:
        return keys_schema(choice_list(options["options"]))

    def choices(self, options: Options) -> tuple[Mapping[str, Any], ...]:
        """The options, in order."""
        return choice_list(options["options"])
