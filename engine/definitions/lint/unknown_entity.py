"""Every entity that is named exists."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.finding import Finding
from engine.definitions.lint.rule import LintRule, error
from engine.definitions.survey import Survey


def _check(survey: Survey) -> Iterator[Finding]:
    for item in survey.references:
        if item.target[0] == "entity" and not survey.outline.has("entity", item.target[1]):
            yield error("definition.unknown_entity", item.kind, item.key, item.path, entity=item.target[1])


RULE = LintRule("unknown_entity", ("definition.unknown_entity",), _check, guards_building=True)
