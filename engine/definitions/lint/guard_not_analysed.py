"""Guards about which nothing could be proved are named (check V31): silence would be taken for proof."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.choices import case_values
from engine.definitions.finding import Finding
from engine.definitions.lint.rule import LintRule, warning
from engine.definitions.survey import Survey


def _check(survey: Survey) -> Iterator[Finding]:
    for flow, choice in survey.choices:
        for branch in choice.branches:
            path = (*branch.edge.path, "when")
            is_sound = ("workflow", flow.key, path) in survey.expressions
            if branch.guard is None and is_sound:
                values = case_values(branch.edge, expression=branch.edge.guard)
                yield warning("definition.guard_not_analysed", "workflow", flow.key, path, **values)


RULE = LintRule("guard_not_analysed", ("definition.guard_not_analysed",), _check)
