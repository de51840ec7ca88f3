"""Attached files."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy.types import TypeEngine

from engine.fields.column_types import Ids
from engine.fields.field_type import FieldType, Option, Options
from engine.fields.ids import LOWER_PATTERN, parse_lower_id
from engine.kernel.errors import Invalid, Problem


class File(FieldType[tuple[UUID, ...]]):
    """Ids of files that were uploaded before: drawings, contracts, photographs.

    Ids are in lower case here, so that an outside validator can tell that none stands twice.
    """

    key = "file"
    kind = "file"
    widget = "file"
    options = (
        Option("maximum", "integer", default=10, settings={"minimum": 1, "maximum": 100}),
        Option("endings", "endings", default=()),
    )
    samples = ([], ["01939e2c-6f00-7abc-8def-0123456789ab"])

    def column(self, options: Options) -> TypeEngine[Any]:
        return Ids()

    def parse(self, raw: object, options: Options) -> tuple[UUID, ...]:
        if not isinstance(raw, (list, tuple)):
            raise self.unreadable(raw)
        found = tuple(id_ for id_ in map(parse_lower_id, raw) if id_ is not None)
        if len(found) != len(raw):
            raise self.unreadable(raw)
        if len(set(found)) != len(found):
            raise Invalid(Problem("field.twice"))
        return found

    def check(self, value: tuple[UUID, ...], options: Options) -> Iterable[Problem]:
        if len(value) > options["maximum"]:
            return (Problem("field.file.too_many", {"count": options["maximum"]}),)
        return ()

    def dump(self, value: tuple[UUID, ...], options: Options) -> list[str]:
        return [str(item) for item in value]

    def schema(self, options: Options) -> dict[str, Any]:
        return {
            "type": "array",
            "items": {"type": "string", "pattern": LOWER_PATTERN, "maxLength": 36},
            "uniqueItems": True,
            "maxItems": options["maximum"],
        }

    def accepted(self, options: Options) -> tuple[str, ...]:
        """File name endings that are accepted; none means any."""
        return tuple(options["endings"])
