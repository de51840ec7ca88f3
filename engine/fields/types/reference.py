"""A record of another entity."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy.types import TypeEngine

from engine.fields.column_types import Bytes16
from engine.fields.field_type import FieldType, Option, Options
from engine.fields.ids import id_schema, parse_id

_ON_REMOVE = ({"key": "restrict"}, {"key": "clear"}, {"key": "cascade"})


class Reference(FieldType[UUID]):
    """Points to one record: the account of a quotation. Does it exist? The records room asks."""

    key = "reference"
    kind = "reference"
    widget = "reference"
    options = (
        Option("entity", "entity_name", default="", required=True),
        Option("on_remove", "choice", default="restrict", settings={"options": _ON_REMOVE}),
    )
    samples = (
        "01939e2c-6f00-7abc-8def-0123456789ab",
        {"id": "01939E2C-6F00-7ABC-8DEF-0123456789AB", "title": "Acme"},
    )

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
        """Key of the entity referred to."""
        return str(options["entity"])
