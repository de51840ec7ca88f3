"""The options of a choice."""

from __future__ import annotations

from typing import Any

from engine.fields.choice_lists import ChoiceList
from engine.fields.field_type import Options
from engine.fields.labels import choices_schema, parse_choices
from engine.fields.option_type import OptionType


class ChoiceListType(OptionType[ChoiceList]):
    """What may be chosen: each with a key, and perhaps a label, a colour, or retired."""

    key = "choice_list"
    kind = "list"
    widget = "choice_list"
    samples = (
        [],
        [
            {"key": "draft", "label": {"en": "Draft", "zh-CN": "草稿"}, "colour": "grey"},
            {"key": "lost", "label": "Lost", "retired": True},
            {"key": "plain"},
        ],
    )

    def parse(self, raw: object, options: Options) -> ChoiceList:
        found = parse_choices(raw)
        if found is None:
            raise self.unreadable(raw)
        return found

    def dump(self, value: ChoiceList, options: Options) -> list[dict[str, Any]]:
        return [dict(option) for option in value]

    def schema(self, options: Options) -> dict[str, Any]:
        return choices_schema()
