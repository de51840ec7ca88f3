"""Text of several lines: a description, a note, minutes of a meeting."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy.types import TypeEngine

from engine.fields.column_types import binary_text
from engine.fields.field_type import FieldType, Option, Options
from engine.fields.plain_texts import lines_schema, parse_lines, too_long
from engine.kernel.errors import Problem


class LongText(FieldType[str]):
    """Plain text with line breaks and tabs."""

    key = "long_text"
    kind = "text"
    widget = "long_text"
    options = (
        Option("max_length", "integer", default=20000, settings={"minimum": 1, "maximum": 200000}),
    )
    samples = ("First line\nSecond line", "一\t二\r\n三")

    def column(self, options: Options) -> TypeEngine[Any]:
        return binary_text()

    def parse(self, raw: object, options: Options) -> str:
        if type(raw) is not str:
            raise self.unreadable(raw)
        return parse_lines(raw, options["max_length"])

    def check(self, value: str, options: Options) -> Iterable[Problem]:
        if len(value) > options["max_length"]:
            return (too_long(len(value), options["max_length"]),)
        return ()

    def dump(self, value: str, options: Options) -> str:
        return value

    def schema(self, options: Options) -> dict[str, Any]:
        return lines_schema(options["max_length"])
