"""Sending work round has a bound: returns by `max`, new rounds by `max_rounds` (check V10).

Loops through the initial state begin a new round, and rounds are limited. Loops that pass through
input states alone are people's own business (open, waiting, open again).
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.finding import Finding
from engine.definitions.flow import Flow
from engine.definitions.graph import circles
from engine.definitions.lint.rule import LintRule, warning
from engine.definitions.survey import Survey
from engine.definitions.workflow_parts import Edge


def _check(survey: Survey) -> Iterator[Finding]:
    for flow in survey.flows:
        edges = [edge for edge in flow.edges if not _is_bounded(flow, edge)]
        for circle in circles(flow.graph(edges)):
            if any(flow.states[name]["type"] == "approval" for name in circle):
                chain = " → ".join((*circle, circle[0]))
                path = _way(edges, circle)
                yield warning("definition.endless_loop", "workflow", flow.key, path, states=list(circle), chain=chain)


def _is_bounded(flow: Flow, edge: Edge) -> bool:
    if edge.target == flow.body["initial"]:
        return True
    return edge.via == "return" and "max" in flow.states[edge.source]["return"]


def _way(edges: list[Edge], circle: tuple[str, ...]) -> tuple[str | int, ...]:
    """Where to mend it: the return in the circle, else the edge that closes it."""
    steps = set(zip(circle, (*circle[1:], circle[0]), strict=True))
    inside = [edge for edge in edges if (edge.source, edge.target) in steps]
    backwards = [edge for edge in inside if edge.via == "return"]
    return (backwards or inside)[-1].path


RULE = LintRule("endless_loop", ("definition.endless_loop",), _check)
