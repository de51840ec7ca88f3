"""Whatever the record holds, a choice state has a way out (check V6)."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.finding import Finding
from engine.definitions.lint.rule import LintRule, error
from engine.definitions.survey import Survey


def _check(survey: Survey) -> Iterator[Finding]:
    for flow, choice in survey.choices:
        if choice.table is None or not choice.is_analysed or choice.otherwise is not None:
            continue
        left = choice.table.full
        for branch in choice.branches:
            left &= ~choice.points(branch)
        if left:
            table = choice.table
            values = {"state": choice.state, "witness": table.witness(left), "example": table.example(left)}
            yield error("definition.guard_gap", "workflow", flow.key, ("states", choice.state, "cases"), **values)


RULE = LintRule("guard_gap", ("definition.guard_gap",), _check)
