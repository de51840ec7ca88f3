"""Telephone numbers."""

from __future__ import annotations

from typing import Any

from sqlalchemy.types import TypeEngine

from engine.fields.addresses import PHONE, PHONE_DIGITS, PHONE_LIMIT, parse_phone
from engine.fields.column_types import binary_text
from engine.fields.field_type import FieldType, Options
from engine.fields.plain_texts import line_schema


class Phone(FieldType[str]):
    """A number to dial, grouped as people like it."""

    key = "phone"
    kind = "text"
    widget = "phone"
    samples = ("138 0013 8000", "+86 (0512) 6666-8888", "０１０－１２３４５６７")

    def column(self, options: Options) -> TypeEngine[Any]:
        return binary_text()

    def parse(self, raw: object, options: Options) -> str:
        found = parse_phone(raw) if type(raw) is str else None
        if found is None:
            raise self.unreadable(raw)
        return found

    def dump(self, value: str, options: Options) -> str:
        return value

    def schema(self, options: Options) -> dict[str, Any]:
        return {**line_schema(PHONE_LIMIT, PHONE), "allOf": [{"pattern": PHONE_DIGITS}]}
