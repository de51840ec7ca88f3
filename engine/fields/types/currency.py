"""Currencies."""

from __future__ import annotations

import re
from typing import Any

from engine.fields.field_type import Options
from engine.fields.option_type import OptionType

PATTERN = "^[A-Z]{3}$"
_is_code = re.compile(PATTERN[1:-1]).fullmatch


class Currency(OptionType[str]):
    """An ISO 4217 code: CNY, EUR, USD."""

    key = "currency"
    kind = "text"
    widget = "text"
    samples = ("CNY", "EUR")

    def parse(self, raw: object, options: Options) -> str:
        if type(raw) is not str or not _is_code(raw):
            raise self.unreadable(raw)
        return raw

    def dump(self, value: str, options: Options) -> str:
        return value

    def schema(self, options: Options) -> dict[str, Any]:
        return {"type": "string", "pattern": PATTERN, "maxLength": 3}
