"""Sending work round has a bound: returns by `max`, new rounds by `max_rounds` (check V10).

Loops through the initial state begin a new round, and rounds are limited. Loops in which somebody at an input state
sends the work off anew each time (open, refused, open again) are people's own business, unless it is a return that
leads back there: returns can be counted.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.finding import Finding
from engine.definitions.flow import Flow
from engine.definitions.graph import circle_from, circles, components
from engine.definitions.lint.rule import LintRule, warning
from engine.definitions.survey import Survey
from engine.definitions.workflow_parts import Edge


def _check(survey: Survey) -> Iterator[Finding]:
    for flow in survey.flows:
        edges = [edge for edge in flow.edges if not _is_bounded(flow, edge)]
        for edge, circle in (*_returning(flow, edges), *_by_themselves(flow, edges)):
            chain = " → ".join((*circle, circle[0]))
            yield warning("definition.endless_loop", "workflow", flow.key, edge.path, states=list(circle), chain=chain)


def _is_bounded(flow: Flow, edge: Edge) -> bool:
    if edge.target == flow.body["initial"]:
        return True
    return edge.via == "return" and "max" in flow.states[edge.source]["return"]


def _returning(flow: Flow, edges: list[Edge]) -> Iterator[tuple[Edge, tuple[str, ...]]]:
    """Returns from which the work can come back to where it was returned: one for each state that returns."""
    graph = flow.graph(edges)
    together = {name: part for part in components(graph) for name in part}
    found: dict[str, Edge] = {}
    for edge in edges:
        if edge.via == "return" and edge.target in together[edge.source]:
            found.setdefault(edge.source, edge)
    for source, edge in found.items():
        yield edge, circle_from({**graph, source: (edge.target,)}, source, together[source])


def _by_themselves(flow: Flow, edges: list[Edge]) -> Iterator[tuple[Edge, tuple[str, ...]]]:
    """Circles of approvals and choices, without anybody who would send the work off."""
    inner = [edge for edge in edges if edge.via != "return" and "input" not in (flow.states[edge.source]["type"], flow.states[edge.target]["type"])]
    for circle in circles(flow.graph(inner)):
        if any(flow.states[name]["type"] == "approval" for name in circle):
            yield next(edge for edge in inner if (edge.source, edge.target) == (circle[-1], circle[0])), circle


RULE = LintRule("endless_loop", ("definition.endless_loop",), _check)
