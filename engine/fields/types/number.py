"""Running numbers that the system gives."""

from __future__ import annotations

from typing import Any

from sqlalchemy.types import TypeEngine

from engine.fields.column_types import binary_text
from engine.fields.field_type import FieldType, Option, Options
from engine.fields.plain_texts import line_schema, parse_line

LIMIT = 100


class Number(FieldType[str]):
    """QT-202611-0001: given when the record is created, never twice, never by hand."""

    key = "number"
    kind = "text"
    widget = "text"
    options = (Option("pattern", "number_pattern", default="{0000}", required=True),)
    samples = ("QT-202611-0001", "0001")
    computation = "number"

    def column(self, options: Options) -> TypeEngine[Any]:
        return binary_text()

    def parse(self, raw: object, options: Options) -> str:
        if type(raw) is not str:
            raise self.unreadable(raw)
        return parse_line(raw, LIMIT)

    def dump(self, value: str, options: Options) -> str:
        return value

    def schema(self, options: Options) -> dict[str, Any]:
        return line_schema(LIMIT)

    def settle(self, value: Any, options: Options) -> Any:
        """Numbers are stored as they are given."""
        return value
