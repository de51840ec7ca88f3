"""Somebody who works with the system."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy.types import TypeEngine

from engine.fields.column_types import Bytes16
from engine.fields.field_type import FieldType, Options
from engine.fields.ids import id_schema, parse_id


class User(FieldType[UUID]):
    """A user: an owner, an assistant, a reviewer."""

    key = "user"
    kind = "reference"
    widget = "user"
    samples = ("01939e2c-6f00-7abc-8def-0123456789ab",)

    def column(self, options: Options) -> TypeEngine[Any]:
        return Bytes16()

    def parse(self, raw: object, options: Options) -> UUID:
        found = parse_id(raw)
        if found is None:
            raise self.unreadable(raw)
        return found

    def dump(self, value: UUID, options: Options) -> str:
        return str(value)

    def schema(self, options: Options) -> dict[str, Any]:
        return id_schema()

    def target(self, options: Options) -> str:
        """The built-in list of people."""
        return "@user"
