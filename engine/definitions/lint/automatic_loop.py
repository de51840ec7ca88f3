"""Choice states don't send a record round and round among themselves (check V9).

For each circle of choice states the guards are laid over one grid. From the set of all cells, those
in which some way leaves the circle are taken out until nothing changes: what is left runs for ever.
Where guards aren't analysed, or actions on the way change the record, that proof isn't to be had and
the circle is only warned of.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.choices import Choice, Guards
from engine.definitions.finding import Finding
from engine.definitions.graph import components
from engine.definitions.lint.rule import LintRule, error, warning
from engine.definitions.survey import Survey
from engine.definitions.workflow_parts import Edge


def _check(survey: Survey) -> Iterator[Finding]:
    for guards in survey.guards.values():
        flow = guards.flow
        automatic = [edge for edge in flow.edges if edge.is_automatic and edge.source in flow.reached]
        graph = flow.graph(automatic)
        for component in components(graph):
            if len(component) > 1 or component[0] in graph[component[0]]:
                yield from _of_circle(guards, sorted(component, key=list(flow.states).index), automatic)


def _of_circle(guards: Guards, states: list[str], automatic: list[Edge]) -> Iterator[Finding]:
    flow = guards.flow
    choices = guards.together(states)
    inside = [edge for edge in automatic if edge.source in choices and edge.target in choices]
    path = ("states", states[0])
    staying = _staying(choices, inside)
    first = next((name for name in states if staying[name]), None)
    changes = _changes(guards, inside)
    if first is None and not changes:
        return  # whatever the record holds, it leaves the circle
    if first is None or changes or not all(choice.is_analysed for choice in choices.values()):
        yield warning("definition.possible_loop", "workflow", flow.key, path, states=states)
        return
    table = choices[first].table
    values = {
        "states": states,
        "witness": table.witness(staying[first]) if table else {},
        "example": table.example(staying[first]) if table else "",
    }
    yield error("definition.automatic_loop", "workflow", flow.key, path, **values)


def _staying(choices: dict[str, Choice], inside: list[Edge]) -> dict[str, int]:
    """The greatest sets of cells that, taken along the edges inside, stay inside."""
    table = next(iter(choices.values())).table
    full = table.full if table else 1
    taken = {edge: points for choice in choices.values() for edge, points in choice.taken().items()}
    found = dict.fromkeys(choices, full)
    changes = True
    while changes:
        changes = False
        for name in choices:
            points = 0
            for edge in inside:
                if edge.source == name:
                    points |= taken[edge] & found[edge.target]
            if points != found[name]:
                found[name] = points
                changes = True
    return found


def _changes(guards: Guards, inside: list[Edge]) -> bool:
    """Does an action on the way write into the record?"""
    states = [guards.flow.states[edge.source] for edge in inside]
    groups = [edge.actions for edge in inside]
    groups += [tuple(state.get(moment, ())) for state in states for moment in ("enter", "exit")]
    return any("set" in action for group in groups for action in group)


RULE = LintRule("automatic_loop", ("definition.automatic_loop", "definition.possible_loop"), _check)
