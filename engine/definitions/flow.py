"""A workflow as a graph: what the checks V3 to V19 of the workflow language ask.

Only edges whose target exists are followed; missing states are another rule's finding.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from engine.definitions.graph import reachable
from engine.definitions.model import Document
from engine.definitions.workflow_parts import Edge, edges_of


@dataclass(frozen=True)
class Flow:
    """States and edges of one workflow document."""

    body: Document

    @property
    def key(self) -> str:
        """The workflow's key."""
        return str(self.body["key"])

    @property
    def states(self) -> Mapping[str, Mapping[str, Any]]:
        """The states by name."""
        states: Mapping[str, Mapping[str, Any]] = self.body["states"]
        return states

    @cached_property
    def edges(self) -> tuple[Edge, ...]:
        """Every edge between states that exist."""
        return tuple(
            edge for edge in edges_of(self.body) if edge.target in self.states and edge.source in self.states
        )

    @cached_property
    def forward(self) -> tuple[Edge, ...]:
        """Edges by which work goes on: neither returns nor global moves."""
        return tuple(edge for edge in self.edges if edge.via not in {"return", "global"})

    def graph(self, edges: Iterable[Edge]) -> dict[str, tuple[str, ...]]:
        """Targets by state, in an order that is always the same: what is said of a circle must not change by chance."""
        found: dict[str, dict[str, None]] = {name: {} for name in sorted(self.states)}
        for edge in edges:
            found[edge.source][edge.target] = None
        return {name: tuple(sorted(targets)) for name, targets in found.items()}

    @cached_property
    def reached(self) -> frozenset[str]:
        """The states that a run can come to."""
        if self.body["initial"] not in self.states:
            return frozenset(self.states)
        return frozenset(reachable(self.graph(self.edges), [self.body["initial"]]))

    @cached_property
    def dominators(self) -> Mapping[str, frozenset[str]]:
        """For every state reached by forward edges, the states that every way to it goes through."""
        initial = self.body["initial"]
        if initial not in self.states:
            return {}
        graph = self.graph(self.forward)
        inside = reachable(graph, [initial])
        before: dict[str, set[str]] = {name: set() for name in inside}
        for source in inside:
            for target in graph[source]:
                before[target].add(source)
        found = {name: frozenset(inside) for name in inside}
        found[initial] = frozenset({initial})
        order = [name for name in self.states if name in inside and name != initial]
        changes = True
        while changes:
            changes = False
            for name in order:
                common = frozenset.intersection(*(found[source] for source in before[name])) | {name}
                if common != found[name]:
                    found[name] = common
                    changes = True
        return found
