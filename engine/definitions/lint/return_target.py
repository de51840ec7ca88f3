"""Work is returned only to where it has been: every way to the step passes the target (check V19)."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.finding import Finding
from engine.definitions.lint.rule import LintRule, error, warning
from engine.definitions.survey import Survey
from engine.definitions.workflow_parts import is_choice, is_final


def _check(survey: Survey) -> Iterator[Finding]:
    for flow in survey.flows:
        for edge in flow.edges:
            if edge.via != "return" or edge.name != edge.target:
                continue
            target = flow.states[edge.target]
            values = {"state": edge.source, "target": edge.target}
            if is_choice(target) or is_final(target) or edge.target == edge.source:
                yield error("definition.return_unfit", "workflow", flow.key, edge.path, **values)
            elif edge.target not in flow.dominators.get(edge.source, {edge.target}):
                yield warning("definition.return_unvisited", "workflow", flow.key, edge.path, **values)


RULE = LintRule("return_target", ("definition.return_unvisited", "definition.return_unfit"), _check)
