"""E-mail addresses."""

from __future__ import annotations

from typing import Any

from sqlalchemy.types import TypeEngine

from engine.fields.addresses import EMAIL, EMAIL_LIMIT, EMAIL_NAME, parse_email
from engine.fields.column_types import binary_text
from engine.fields.field_type import FieldType, Options
from engine.fields.plain_texts import line_schema


class Email(FieldType[str]):
    """One e-mail address. Capitals in the domain don't count and are made small."""

    key = "email"
    kind = "text"
    widget = "email"
    samples = ("li.wei@example.com", "Anna+Sales@Example.COM", "a@corp.local")

    def column(self, options: Options) -> TypeEngine[Any]:
        return binary_text()

    def parse(self, raw: object, options: Options) -> str:
        found = parse_email(raw) if type(raw) is str else None
        if found is None:
            raise self.unreadable(raw)
        return found

    def dump(self, value: str, options: Options) -> str:
        return value

    def schema(self, options: Options) -> dict[str, Any]:
        return {**line_schema(EMAIL_LIMIT, EMAIL), "allOf": [{"pattern": EMAIL_NAME}]}
