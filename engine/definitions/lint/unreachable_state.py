"""Every state can be reached from the initial one (check V3)."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.finding import Finding
from engine.definitions.lint.rule import LintRule, error
from engine.definitions.survey import Survey


def _check(survey: Survey) -> Iterator[Finding]:
    for flow in survey.flows:
        for name in flow.states:
            if name not in flow.reached:
                yield error("definition.unreachable_state", "workflow", flow.key, ("states", name), state=name)


RULE = LintRule("unreachable_state", ("definition.unreachable_state",), _check)
