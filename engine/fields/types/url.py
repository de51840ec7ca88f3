"""Web addresses."""

from __future__ import annotations

from typing import Any

from sqlalchemy.types import TypeEngine

from engine.fields.addresses import URL, URL_LIMIT, parse_url
from engine.fields.column_types import binary_text
from engine.fields.field_type import FieldType, Options
from engine.fields.plain_texts import line_schema


class Url(FieldType[str]):
    """A link to a page: http or https."""

    key = "url"
    kind = "text"
    widget = "url"
    samples = (
        "https://example.com/a?b=c#d",
        "HTTP://Example.com",
        "https://例子.中国/产品",
        "http://oa:8080",
    )

    def column(self, options: Options) -> TypeEngine[Any]:
        return binary_text()

    def parse(self, raw: object, options: Options) -> str:
        found = parse_url(raw) if type(raw) is str else None
        if found is None:
            raise self.unreadable(raw)
        return found

    def dump(self, value: str, options: Options) -> str:
        return value

    def schema(self, options: Options) -> dict[str, Any]:
        return line_schema(URL_LIMIT, URL)
