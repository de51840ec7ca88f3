"""Texts for people, in one language or in several."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.fields.field_type import Options
from engine.fields.labels import label_schema, parse_label
from engine.fields.option_type import OptionType


class Label(OptionType[Mapping[str, str] | str]):
    """A name that people read: plain text, or one text per language."""

    key = "label"
    kind = "text"
    widget = "label"
    samples = ("Amount", {"zh-CN": "金额", "en": "Amount"})

    def parse(self, raw: object, options: Options) -> Mapping[str, str] | str:
        found = parse_label(raw)
        if found is None:
            raise self.unreadable(raw)
        return found

    def dump(self, value: Mapping[str, str] | str, options: Options) -> Any:
        return value if isinstance(value, str) else dict(value)

    def schema(self, options: Options) -> dict[str, Any]:
        return label_schema()
