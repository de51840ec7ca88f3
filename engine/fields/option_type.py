"""Types that only serve to describe options; no field has them, so they have no column."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from engine.fields.field_type import FieldType, Options, Value

NAME = "^[a-z][a-z0-9_]{0,62}$"
NAME_LIMIT = 63
_is_name = re.compile(NAME[1:-1]).fullmatch


class OptionType(FieldType[Value]):
    """A type without a column, left out of the palette."""

    def column(self, options: Options) -> None:
        return None


class NameType(OptionType[str]):
    """The key of something that is defined elsewhere. Is it there? Lint asks, knowing the app."""

    kind = "text"
    widget: ClassVar[str] = "text"
    samples = ("amount", "valid_until2")

    def parse(self, raw: object, options: Options) -> str:
        if type(raw) is not str or not _is_name(raw):
            raise self.unreadable(raw)
        return raw

    def dump(self, value: str, options: Options) -> str:
        return value

    def schema(self, options: Options) -> dict[str, Any]:
        return {"type": "string", "pattern": NAME, "maxLength": NAME_LIMIT}
