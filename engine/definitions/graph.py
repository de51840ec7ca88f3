"""Two questions about directed graphs: what lies in a circle, and what can be reached."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping
from typing import TypeVar

Node = TypeVar("Node", bound=Hashable)


def components(graph: Mapping[Node, Iterable[Node]]) -> list[tuple[Node, ...]]:
    """Strongly connected components (Tarjan), each in the order in which it was entered.

    Works without recursion: a workflow may have hundreds of states in a row.
    """
    index: dict[Node, int] = {}
    low: dict[Node, int] = {}
    stack: list[Node] = []
    on_stack: set[Node] = set()
    found: list[tuple[Node, ...]] = []
    for root in graph:
        if root in index:
            continue
        work = [(root, iter(tuple(graph.get(root, ()))))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        while work:
            node, further = work[-1]
            for target in further:
                if target not in index:
                    index[target] = low[target] = len(index)
                    stack.append(target)
                    on_stack.add(target)
                    work.append((target, iter(tuple(graph.get(target, ())))))
                    break
                if target in on_stack:
                    low[node] = min(low[node], index[target])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    cut = stack.index(node)
                    found.append(tuple(stack[cut:]))
                    on_stack.difference_update(stack[cut:])
                    del stack[cut:]
    return found


def circles(graph: Mapping[Node, Iterable[Node]]) -> list[tuple[Node, ...]]:
    """One circle for every component that has one: its nodes in the order of walking."""
    return [
        circle_from(graph, component[0], component)
        for component in components(graph)
        if len(component) > 1 or component[0] in set(graph.get(component[0], ()))
    ]


def circle_from(graph: Mapping[Node, Iterable[Node]], start: Node, within: Collection[Node]) -> tuple[Node, ...]:
    """The shortest circle through a node of a strongly connected component."""
    inside = set(within)
    came_from: dict[Node, Node] = {}
    waiting = [start]
    for node in waiting:
        for target in graph.get(node, ()):
            if target == start:
                path = [node]
                while path[-1] != start:
                    path.append(came_from[path[-1]])
                return tuple(reversed(path))
            if target in inside and target not in came_from:
                came_from[target] = node
                waiting.append(target)
    return tuple(within)


def reachable(graph: Mapping[Node, Iterable[Node]], starts: Iterable[Node]) -> set[Node]:
    """All nodes that can be reached from `starts`, these included."""
    found = set(starts)
    waiting = list(found)
    while waiting:
        for target in graph.get(waiting.pop(), ()):
            if target not in found:
                found.add(target)
                waiting.append(target)
    return found


def reversed_graph(graph: Mapping[Node, Iterable[Node]]) -> dict[Node, set[Node]]:
    """The same graph with every edge turned round."""
    found: dict[Node, set[Node]] = {node: set() for node in graph}
    for node, targets in graph.items():
        for target in targets:
            found.setdefault(target, set()).add(node)
    return found
