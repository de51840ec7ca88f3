"""Owned rows: the lines of a quotation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from engine.fields.field_type import FieldType, Option, Options
from engine.kernel.errors import Problem

LIMIT = 1000
"""Rows that one record owns at most; more belong into records of their own."""


class Rows(FieldType[list[dict[str, Any]]]):
    """Rows that live and die with their record. Their fields are the child entity's business."""

    key = "rows"
    kind = "rows"
    widget = "rows"
    options = (Option("entity", "entity_name", default="", required=True),)
    samples = ([], [{"quantity": "2"}, {"id": "01939e2c-6f00-7abc-8def-0123456789ab"}])

    def column(self, options: Options) -> None:
        return None

    def parse(self, raw: object, options: Options) -> list[dict[str, Any]]:
        if not isinstance(raw, (list, tuple)) or not all(isinstance(row, Mapping) for row in raw):
            raise self.unreadable(raw)
        return [dict(row) for row in raw]

    def check(self, value: list[dict[str, Any]], options: Options) -> Iterable[Problem]:
        if len(value) > LIMIT:
            return (Problem("field.too_many", {"count": LIMIT}),)
        return ()

    def dump(self, value: list[dict[str, Any]], options: Options) -> list[dict[str, Any]]:
        return [dict(row) for row in value]

    def schema(self, options: Options) -> dict[str, Any]:
        return {"type": "array", "items": {"type": "object"}, "maxItems": LIMIT}

    def rows_entity(self, options: Options) -> str:
        """Key of the child entity."""
        return str(options["entity"])
