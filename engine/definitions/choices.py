"""Choice states with their guards as sets: the questions of checks V6 to V9."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.definitions.cells import MEMBER
from engine.definitions.filled_fields import FilledFields
from engine.definitions.guard_atoms import Guard, Joined, NotAnalysed, guard_of
from engine.definitions.guard_table import GuardTable, NameFacts
from engine.definitions.model import Entity
from engine.definitions.names import Names
from engine.definitions.paths import find_field
from engine.definitions.workflow_parts import Edge, Path, is_choice
from engine.expressions import Expression

_NEVER_NULL = frozenset({"actor.id", "initiator.id", "initiator.name", "actor.roles", "is_new()"})


@dataclass(frozen=True)
class Branch:
    """A way out of a state with the condition it is open under; None where that isn't analysed."""

    edge: Edge
    guard: Guard | None


@dataclass(frozen=True)
class Choice:
    """A choice state: its branches in order, the one for all else, and its guards as sets.

    `table` is None when there is nothing that could be analysed.
    """

    state: str
    is_unique: bool
    branches: tuple[Branch, ...]
    otherwise: Edge | None
    table: GuardTable | None

    @property
    def is_analysed(self) -> bool:
        """Are all guards analysed, so that something can be said about their union?"""
        return self.table is not None and all(branch.guard is not None for branch in self.branches)

    def points(self, branch: Branch) -> int:
        """The set of cells in which a branch's guard holds; everything where it isn't analysed."""
        if self.table is None:
            return 1
        return self.table.full if branch.guard is None else self.table.points(branch.guard)

    def taken(self) -> dict[Edge, int]:
        """For every way out, the cells in which it is taken."""
        full = self.table.full if self.table else 1
        found: dict[Edge, int] = {}
        left = full
        for branch in self.branches:
            points = self.points(branch)
            found[branch.edge] = points if self.is_unique else points & left
            if branch.guard is not None:
                left &= ~points
        if self.otherwise is not None:
            found[self.otherwise] = left
        return found


class Guards:
    """The guards of one workflow."""

    def __init__(
        self,
        filled: FilledFields,
        entities: Mapping[str, Entity],
        expressions: Mapping[tuple[str, str, Path], Expression],
    ) -> None:
        self.flow = filled.flow
        self.filled = filled
        self.entities = entities
        self.expressions = expressions
        self.names = Names(entities, filled.entity, "workflow")

    def choices(self) -> Iterable[Choice]:
        """Every choice state that can be reached, with a table of its own."""
        for name, state in self.flow.states.items():
            if is_choice(state) and name in self.flow.reached:
                yield self.together([name])[name]

    def together(self, states: list[str]) -> dict[str, Choice]:
        """Choice states over one common table, so that their sets can be compared."""
        branches = {name: self._branches(name) for name in states}
        every = [branch.guard for items in branches.values() for branch in items if branch.guard]
        facts = self._facts(states)
        try:
            table: GuardTable | None = GuardTable(every, facts)
        except NotAnalysed:
            branches = {name: self._alone(items, facts) for name, items in branches.items()}
            table = self._table([b.guard for items in branches.values() for b in items if b.guard], facts)
            if table is None:
                branches = {name: [Branch(b.edge, None) for b in items] for name, items in branches.items()}
        return {name: self._choice(name, branches[name], table) for name in states}

    def is_possible(self, edge: Edge) -> bool:
        """Can the guard of a single edge ever hold? Yes, as long as the contrary isn't proved."""
        guard = self._guard(edge)
        if guard is None:
            return True
        table = self._table([guard], self._facts([edge.source]))
        return table is None or table.points(guard) != 0

    def _choice(self, name: str, branches: list[Branch], table: GuardTable | None) -> Choice:
        state = self.flow.states[name]
        otherwise = next(
            (edge for edge in self.flow.edges if edge.source == name and edge.via == "otherwise"), None
        )
        return Choice(name, state.get("hit", "unique") == "unique", tuple(branches), otherwise, table)

    def _branches(self, name: str) -> list[Branch]:
        cases = [edge for edge in self.flow.edges if edge.source == name and edge.via == "case"]
        return [Branch(edge, self._guard(edge)) for edge in cases]

    def _guard(self, edge: Edge) -> Guard | None:
        if edge.guard is None:
            return Joined("true")
        expression = self.expressions.get(("workflow", self.flow.key, (*edge.path, "when")))
        if expression is None:
            return None
        try:
            return guard_of(expression)
        except NotAnalysed:
            return None

    def _alone(self, branches: list[Branch], facts: Callable[[str], NameFacts]) -> list[Branch]:
        """Keep the guards of those branches that can be laid out at all."""
        return [
            branch if branch.guard and self._table([branch.guard], facts) else Branch(branch.edge, None)
            for branch in branches
        ]

    def _table(self, guards: list[Guard], facts: Callable[[str], NameFacts]) -> GuardTable | None:
        try:
            return GuardTable(guards, facts)
        except NotAnalysed:
            return None

    def _facts(self, states: list[str]) -> Callable[[str], NameFacts]:
        def facts(name: str) -> NameFacts:
            path = name.partition(MEMBER)[0]
            kind = self.names.get(path)
            start = self.names.entity_path(path)
            if start is None:
                return NameFacts(kind, None, may_be_null=path not in _NEVER_NULL)
            item = find_field(self.entities, *start)
            certain = all(self.filled.is_certain_inside(state, path) for state in states)
            return NameFacts(kind, item, may_be_null=not certain)

        return facts


def case_values(edge: Edge, **values: Any) -> dict[str, Any]:
    """What a finding says about a case: its state, its place, where it leads."""
    return {"state": edge.source, "case": edge.name, "target": edge.target, **values}
