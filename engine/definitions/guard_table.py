"""Guards as sets of cells: exact answers to "is there a gap, do two overlap, can this ever hold?".

The cells of all names together form a grid; a guard is the set of grid points at which it holds,
kept as one long integer with a bit for each point. `and`, `or`, `not` are then single operations,
and the lowest bit of a set is a witness.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import prod
from typing import Any

from engine.definitions.cells import Axis, values_of
from engine.definitions.guard_atoms import Atom, Guard, NotAnalysed, atoms_of
from engine.definitions.model import Field
from engine.definitions.paths import options_of
from engine.expressions import Expression, evaluate
from engine.kernel.errors import Invalid

MAX_POINTS = 1 << 20
_NOW = datetime(2000, 1, 1, tzinfo=UTC)  # no guard in the fragment reads the clock


@dataclass(frozen=True)
class NameFacts:
    """What the table has to know about a name: kind, field behind it, and whether null can occur."""

    kind: str | None
    field: Field | None
    may_be_null: bool


class GuardTable:
    """The grid of some guards' names. Raises NotAnalysed when it can't be laid out or is too large."""

    def __init__(self, guards: Iterable[Guard], facts: Callable[[str], NameFacts]) -> None:
        atoms = [atom for guard in guards for atom in atoms_of(guard)]
        grouped: dict[str, list[Atom]] = {}
        for atom in atoms:
            grouped.setdefault(atom.name, []).append(atom)
        self.axes: list[Axis] = []
        self._truths: dict[Atom, tuple[bool, ...]] = {}
        for name, group in grouped.items():
            self._lay_out(name, group, facts)
        self.size = prod(len(axis.values) for axis in self.axes)
        if self.size > MAX_POINTS:
            raise NotAnalysed
        self.full = (1 << self.size) - 1
        self._strides: dict[str, int] = {}
        stride = 1
        for axis in self.axes:
            self._strides[axis.name] = stride
            stride *= len(axis.values)

    def points(self, guard: Guard) -> int:
        """The set of grid points at which a guard holds."""
        if isinstance(guard, Atom):
            return self._atom(guard)
        parts = [self.points(part) for part in guard.parts]
        return _COMBINE[guard.operator](parts, self.full)

    def witness(self, points: int) -> dict[str, Any]:
        """The values, as JSON, of the first point of a set that isn't empty."""
        index = (points & -points).bit_length() - 1
        found: dict[str, Any] = {}
        for axis in self.axes:
            index, place = divmod(index, len(axis.values))
            found[axis.name] = axis.shown(axis.values[place])
        return found

    def example(self, points: int) -> str:
        """The same values as a condition: `amount = 50000.01 and level = "gold"`."""
        index = (points & -points).bit_length() - 1
        parts: list[str] = []
        for axis in self.axes:
            index, place = divmod(index, len(axis.values))
            parts.append(axis.condition(axis.values[place]))
        return " and ".join(parts)

    def _lay_out(self, name: str, atoms: list[Atom], facts: Callable[[str], NameFacts]) -> None:
        """Values of a name, those that no condition tells apart taken together."""
        if atoms[0].is_member:
            values: tuple[Any, ...] = (True, False)
            rows = [tuple(True for _ in atoms), tuple(False for _ in atoms)]
        else:
            values = _values(atoms, facts(name))
            rows = [tuple(_truth(atom, value) for atom in atoms) for value in values]
        first: dict[tuple[bool, ...], int] = {}
        for index, row in enumerate(rows):
            first.setdefault(row, index)
        kept = sorted(first.values())
        self.axes.append(Axis(name, tuple(values[index] for index in kept), atoms[0].is_member))
        for place, atom in enumerate(atoms):
            self._truths[atom] = tuple(rows[index][place] for index in kept)

    def _atom(self, atom: Atom) -> int:
        """Repeat the axis's pattern over the whole grid."""
        stride, truths = self._strides[atom.name], self._truths[atom]
        block = (1 << stride) - 1
        pattern = sum(block << (place * stride) for place, truth in enumerate(truths) if truth)
        period = stride * len(truths)
        return pattern * (self.full // ((1 << period) - 1))


def _values(atoms: list[Atom], known: NameFacts) -> tuple[Any, ...]:
    constants = [value for atom in atoms for value in atom.constants]
    is_endless = known.kind == "text" and not (known.field and options_of(known.field))
    if is_endless and any(atom.is_ordered for atom in atoms):
        raise NotAnalysed  # between two texts there are always more
    try:
        values = values_of(known.kind or "", known.field, constants)
    except (ArithmeticError, OverflowError):  # a date before the first, a number beyond all digits
        raise NotAnalysed from None
    if values is None:
        raise NotAnalysed
    return (*values, None) if known.may_be_null else values


def _truth(atom: Atom, value: Any) -> bool:
    expression = Expression("", atom.tree, frozenset({atom.name}), "yes_no", is_volatile=False)
    try:
        return bool(evaluate(expression, {atom.name: value}, now=_NOW))
    except Invalid:
        raise NotAnalysed from None


def _all_of(parts: Sequence[int], full: int) -> int:
    for part in parts:
        full &= part
    return full


def _any_of(parts: Sequence[int], _: int) -> int:
    found = 0
    for part in parts:
        found |= part
    return found


_COMBINE: Mapping[str, Callable[[Sequence[int], int], int]] = {
    "and": _all_of,
    "or": _any_of,
    "not": lambda parts, full: full & ~parts[0],
    "true": lambda _, full: full,
    "false": lambda _, __: 0,
}
