"""What is stored is not computed from what changes by itself: a sum of ages would be wrong tomorrow."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.finding import Finding
from engine.definitions.lint.rule import LintRule, error
from engine.definitions.paths import LOOKING, computation_of
from engine.definitions.survey import Survey


def _check(survey: Survey) -> Iterator[Finding]:
    for (entity, field), sources in survey.dependencies.items():
        computation = computation_of(survey.outline.entities[entity].fields[field])
        if computation not in LOOKING:
            continue
        moving = sorted(f"{owner}.{key}" for owner, key in sources if (owner, key) in survey.volatile)
        if moving or (entity, field) in survey.volatile:
            fields = survey.outline.by_kind["entity"][entity]["fields"]
            index = next(index for index, item in enumerate(fields) if item["key"] == field)
            values = {"field": field, "sources": moving or [field]}
            yield error("definition.volatile_source", "entity", entity, ("fields", index), **values)


RULE = LintRule("volatile_source", ("definition.volatile_source",), _check, guards_building=True)
