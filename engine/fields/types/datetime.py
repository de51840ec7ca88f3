"""Moments."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.types import TypeEngine

from engine.fields.column_types import Instant
from engine.fields.field_type import FieldType, Options
from engine.fields.moments import (
    MOMENT_LIMIT,
    MOMENT_PATTERN,
    dump_moment,
    lacks_zone,
    parse_moment,
)
from engine.kernel.errors import Invalid, Problem


class DateTime(FieldType[datetime]):
    """A moment, kept in UTC and shown in the reader's time zone.

    Forms turn what was typed in the user's zone into a moment before it comes here.
    """

    key = "datetime"
    kind = "datetime"
    widget = "datetime"
    samples = ("2026-11-24T08:30:00Z", "2026-11-24T16:30:00.25+08:00", "1970-01-01T00:00:00Z")

    def column(self, options: Options) -> TypeEngine[Any]:
        return Instant()

    def parse(self, raw: object, options: Options) -> datetime:
        moment = parse_moment(raw)
        if moment is not None:
            return moment
        if lacks_zone(raw):
            raise Invalid(Problem("field.datetime.no_zone"))
        raise self.unreadable(raw)

    def dump(self, value: datetime, options: Options) -> str:
        return dump_moment(value)

    def schema(self, options: Options) -> dict[str, Any]:
        return {
            "type": "string",
            "format": "date-time",
            "maxLength": MOMENT_LIMIT,
            "pattern": MOMENT_PATTERN,
        }
