"""The chip of a card is one choice."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.finding import Finding
from engine.definitions.lint.rule import LintRule, error
from engine.definitions.paths import kind_of, options_of
from engine.definitions.survey import Survey


def _check(survey: Survey) -> Iterator[Finding]:
    for document in survey.outline.by_kind["view"].values():
        entity = survey.outline.entities.get(document["entity"])
        chip = document.get("cards", {}).get("chip")
        item = entity.fields.get(chip) if entity is not None and chip else None
        if item is not None and (not options_of(item) or kind_of(item) != "text"):
            yield error("definition.card_chip", "view", document["key"], ("cards", "chip"), field=item.label or item.key)


RULE = LintRule("view_cards", ("definition.card_chip",), _check)
