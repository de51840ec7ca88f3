"""From every state a final one can be reached (check V4)."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.finding import Finding
from engine.definitions.graph import reachable, reversed_graph
from engine.definitions.lint.rule import LintRule, error
from engine.definitions.survey import Survey
from engine.definitions.workflow_parts import is_final


def _check(survey: Survey) -> Iterator[Finding]:
    for flow in survey.flows:
        finals = [name for name, state in flow.states.items() if is_final(state)]
        if not finals:
            yield error("definition.no_final_state", "workflow", flow.key, ("states",))
            continue
        leaving = reachable(reversed_graph(flow.graph(flow.edges)), finals)
        for name in flow.states:
            if name in flow.reached and name not in leaving:
                yield error("definition.no_way_out", "workflow", flow.key, ("states", name), state=name)


RULE = LintRule("no_way_out", ("definition.no_way_out", "definition.no_final_state"), _check)
