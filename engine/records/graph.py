"""Which derived values follow from which values: pure, built once per release.

A node is a formula, mirror or roll-up that is stored. A trigger says: when this field of that
entity changes, the node must be computed anew, and so many hops lead from the changed record to
the records that hold the node. Hops run against the references, from what is read to who reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from engine.definitions.model import Entity, Field, Model
from engine.definitions.paths import computation_of, fields_on_path, rolled_up

MEMBERSHIP = "*"
"""Stands for "this record came to be, went, or came back" in place of a field's key."""


@dataclass(frozen=True, order=True)
class Node:
    """A derived field."""

    entity: str
    field: str


@dataclass(frozen=True)
class Hop:
    """One step from changed records to those that depend on them.

    "referrers": records of `entity` whose `field` points to the changed ones; "target": what
    `field` of the changed records (of `entity`) points to; "parent": the owners of changed rows
    of `entity`.
    """

    kind: Literal["referrers", "target", "parent"]
    entity: str
    field: str = ""


@dataclass(frozen=True)
class Trigger:
    """A node to compute anew, and the way to the records that hold it (none: the record itself)."""

    node: Node
    hops: tuple[Hop, ...] = ()


@dataclass(frozen=True)
class Graph:
    """All dependencies of one release.

    `order` ranks stored nodes so that each comes after all it depends on; `own` lists an entity's
    nodes in that order; `volatile` holds derived fields that depend on the time of reading and are
    therefore not stored; `triggers` answers what a change sets off.
    """

    order: Mapping[Node, int]
    own: Mapping[str, tuple[Node, ...]]
    volatile: frozenset[Node]
    triggers: Mapping[tuple[str, str], tuple[Trigger, ...]]
    reads: Mapping[Node, frozenset[str]]

    def affected(self, entity: str, changed: Iterable[str]) -> tuple[Node, ...]:
        """The entity's nodes that follow from changed fields of the same record, in order."""
        dirty = set(changed)
        found = []
        for node in self.own.get(entity, ()):
            if not dirty.isdisjoint(self.reads[node]):
                dirty.add(node.field)
                found.append(node)
        return tuple(found)


def build_graph(model: Model) -> Graph:
    """The dependencies of a release. Cycles were refused by lint; a stored one is cut, not followed."""
    triggers: dict[tuple[str, str], list[Trigger]] = {}
    inputs: dict[Node, set[Node]] = {}
    reads: dict[Node, frozenset[str]] = {}
    timely: set[Node] = set()
    for entity in model.entities.values():
        for item in entity.fields.values():
            if computation_of(item) in {"formula", "mirror", "rollup"}:
                node = Node(entity.key, item.key)
                sources = list(_sources(model, entity, item))
                inputs[node] = {Node(owner, key) for owner, key, _ in sources}
                reads[node] = frozenset(key for owner, key, hops in sources if not hops and owner == entity.key)
                if _is_timely(item):
                    timely.add(node)
                for owner, key, hops in sources:
                    triggers.setdefault((owner, key), []).append(Trigger(node, hops))
    volatile = _spread(timely, inputs)
    stored = {node: found & inputs.keys() - volatile for node, found in inputs.items() if node not in volatile}
    order = _ranks(stored)
    own: dict[str, list[Node]] = {}
    for node in sorted(stored, key=lambda each: (order[each], each)):
        own.setdefault(node.entity, []).append(node)
    return Graph(
        order,
        {entity: tuple(nodes) for entity, nodes in own.items()},
        frozenset(volatile),
        {
            name: kept
            for name, found in triggers.items()
            if (kept := tuple(dict.fromkeys(each for each in found if each.node not in volatile)))
        },
        reads,
    )


Source = tuple[str, str, tuple[Hop, ...]]
"""Entity and field that a node reads, and the hops from there back to the node's records."""


def _sources(model: Model, entity: Entity, item: Field) -> Iterable[Source]:
    computation = computation_of(item)
    if computation == "formula" and item.formula is not None:
        for name in item.formula.names:
            yield from _path(model, entity.key, name, ())
    elif computation == "mirror":
        yield from _path(model, entity.key, f"{item.options['via']}.{item.options['field']}", ())
    elif computation == "rollup":
        yield from _summed(model, entity, item)


def _path(model: Model, entity: str, name: str, after: tuple[Hop, ...]) -> Iterable[Source]:
    """All fields that a dotted name runs through. `after` leads on from `entity` to the node."""
    hops = after
    for owner, key in fields_on_path(model.entities, entity, name):
        yield owner, key, hops
        hops = (Hop("referrers", owner, key), *hops)


def _summed(model: Model, entity: Entity, item: Field) -> Iterable[Source]:
    other = rolled_up(model.entities, entity.key, item)
    if other is None:
        return
    rows = item.options.get("rows")
    if rows:
        back = Hop("parent", other)
        yield entity.key, str(rows), ()
    else:
        back = Hop("target", other, str(item.options.get("via")))
        yield other, back.field, (back,)
    yield other, MEMBERSHIP, (back,)
    if item.options.get("field"):
        yield other, str(item.options["field"]), (back,)
    for name in item.filter.names if item.filter else ():
        yield from _path(model, other, name, (back,))


def _is_timely(item: Field) -> bool:
    return any(expression is not None and expression.is_volatile for expression in (item.formula, item.filter))


def _spread(timely: set[Node], inputs: Mapping[Node, set[Node]]) -> set[Node]:
    """The given nodes and all that read them, however indirectly."""
    found = set(timely)
    while True:
        more = {node for node, sources in inputs.items() if node not in found and sources & found}
        if not more:
            return found
        found |= more


def _ranks(inputs: Mapping[Node, set[Node]]) -> dict[Node, int]:
    """Longest distance from the plain fields. A node inside a cycle gets the rank at which it was met."""
    ranks: dict[Node, int] = {}
    waiting = dict(inputs)
    rank = 0
    while waiting:
        ready = [node for node, sources in waiting.items() if not (sources & waiting.keys()) - {node}]
        for node in ready or [min(waiting)]:
            ranks[node] = rank
            del waiting[node]
        rank += 1
    return ranks

