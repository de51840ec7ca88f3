"""Every case and every guarded transition can be taken by some record (check V8).

An `otherwise` that is never taken is no fault: it is a net.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.choices import Choice, case_values
from engine.definitions.finding import Finding
from engine.definitions.flow import Flow
from engine.definitions.lint.rule import LintRule, warning
from engine.definitions.survey import Survey


def _check(survey: Survey) -> Iterator[Finding]:
    for flow, choice in survey.choices:
        if choice.table is not None:
            yield from _of_choice(flow, choice)
    for guards in survey.guards.values():
        for edge in guards.flow.edges:
            if edge.via in {"transition", "global"} and edge.guard and not guards.is_possible(edge):
                values = {"state": edge.source, "name": edge.name}
                yield warning("definition.dead_transition", "workflow", guards.flow.key, edge.path, **values)


def _of_choice(flow: Flow, choice: Choice) -> Iterator[Finding]:
    for branch in choice.branches:
        points = choice.points(branch)
        if branch.guard is None:
            continue
        if not points:
            yield warning("definition.dead_case", "workflow", flow.key, branch.edge.path, **case_values(branch.edge))
        elif not choice.taken()[branch.edge]:
            values = case_values(branch.edge)
            yield warning("definition.shadowed_case", "workflow", flow.key, branch.edge.path, **values)


RULE = LintRule(
    "dead_case",
    (
        "definition.dead_case",
        "definition.shadowed_case",
        "definition.dead_transition",
    ),
    _check,
)
