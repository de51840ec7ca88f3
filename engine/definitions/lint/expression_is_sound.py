"""Every expression can be read, uses only names it may use, and yields what its place needs."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.finding import Finding
from engine.definitions.lint.rule import LintRule, error
from engine.definitions.survey import Survey


def _check(survey: Survey) -> Iterator[Finding]:
    for item in survey.compiled:
        place = item.place
        for problem in item.problems:
            values = {**problem.values, "expression": place.text, "at": list(problem.path)}
            yield error(problem.code, place.kind, place.key, place.path, **values)


RULE = LintRule("expression_is_sound", ("expression.*",), _check, guards_building=True)
