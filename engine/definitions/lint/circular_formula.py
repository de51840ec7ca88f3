"""No computed field depends on itself, not even by way of other fields and entities."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.finding import Finding
from engine.definitions.graph import circles
from engine.definitions.lint.rule import LintRule, error
from engine.definitions.survey import Survey


def _check(survey: Survey) -> Iterator[Finding]:
    for circle in circles(survey.dependencies):
        entity, field = circle[0]
        path = ("fields", _index(survey, entity, field))
        chain = " → ".join(f"{owner}.{key}" for owner, key in (*circle, circle[0]))
        yield error("definition.circular_formula", "entity", entity, path, field=field, chain=chain)


def _index(survey: Survey, entity: str, field: str) -> int:
    fields = survey.outline.by_kind["entity"][entity]["fields"]
    return next(index for index, item in enumerate(fields) if item["key"] == field)


RULE = LintRule("circular_formula", ("definition.circular_formula",), _check, guards_building=True)
