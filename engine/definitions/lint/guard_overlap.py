"""Where at most one case may hold, no record fits two (check V7)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from engine.definitions.finding import Finding
from engine.definitions.lint.rule import LintRule, error
from engine.definitions.survey import Survey


def _check(survey: Survey) -> Iterator[Finding]:
    for flow, choice in survey.choices:
        if choice.table is None or not choice.is_unique:
            continue
        analysed = [(branch.edge, choice.points(branch)) for branch in choice.branches if branch.guard]
        for (first, one), (second, other) in combinations(analysed, 2):
            if one & other:
                values = {
                    "state": choice.state,
                    "case": first.name,
                    "other": second.name,
                    "witness": choice.table.witness(one & other),
                    "example": choice.table.example(one & other),
                }
                yield error("definition.guard_overlap", "workflow", flow.key, second.path, **values)


RULE = LintRule("guard_overlap", ("definition.guard_overlap",), _check)
