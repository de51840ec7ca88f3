"""Matching in time proportional to the text, whatever the pattern.

The pattern becomes states joined by moves (Thompson's construction); while matching, the set of all
states that the text so far can lead to is followed at once, and such sets are remembered with the
moves between them, so that after the first few texts each character costs one look-up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

MAX_STATES = 2000
_MAX_REMEMBERED = 5000


class TooLarge(Exception):
    """The pattern needs more states than MAX_STATES."""


@dataclass(frozen=True, slots=True)
class Set:
    """One character out of some ranges of code points, or out of all others."""

    ranges: tuple[tuple[int, int], ...]
    is_negated: bool = False

    def holds(self, letter: str) -> bool:
        """Is the character among them?"""
        code = ord(letter)
        return any(first <= code <= last for first, last in self.ranges) != self.is_negated


@dataclass(frozen=True, slots=True)
class Follow:
    """One after the other."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """One of several."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """The same between `least` and `most` times; None means without end."""

    node: Node
    least: int
    most: int | None


Node = Set | Follow | Either | Repeat


def follow(nodes: Sequence[Node]) -> Node:
    """Nodes one after the other."""
    return nodes[0] if len(nodes) == 1 else Follow(tuple(nodes))


def either(nodes: Sequence[Node]) -> Node:
    """One of several nodes."""
    return nodes[0] if len(nodes) == 1 else Either(tuple(nodes))


class _Place:
    """A set of states that a text can lead to; `moves` are the places that a character leads on to."""

    __slots__ = ("is_end", "moves", "states")

    def __init__(self, states: frozenset[int], *, is_end: bool) -> None:
        self.states = states
        self.is_end = is_end
        self.moves: dict[str, _Place] = {}


class Automaton:
    """A pattern, ready to match whole texts. Raises TooLarge for one that needs too many states.

    Threads may share it: what one remembers, the other finds or works out again.
    """

    def __init__(self, node: Node) -> None:
        self._sets: list[Set | None] = []  # None: a state that only leads on, without a character
        self._next: list[tuple[int, ...]] = []
        end = self._state(None, ())
        self._end = end
        self._start = self._build(node, end)
        self._places: dict[frozenset[int], _Place] = {}
        self._remembered = 0
        self._first = self._place({self._start})

    def matches(self, text: str) -> bool:
        """Does the whole text match?"""
        place = self._first
        for letter in text:
            following = place.moves.get(letter)
            if following is None:
                following = self._move(place, letter)
            if not following.states:
                return False
            place = following
        return place.is_end

    def _move(self, place: _Place, letter: str) -> _Place:
        reached: set[int] = set()
        for state in place.states:
            characters = self._sets[state]
            if characters is not None and characters.holds(letter):
                reached.update(self._next[state])
        following = self._place(reached)
        self._remembered += 1
        if self._remembered > _MAX_REMEMBERED:  # texts of ever new characters must not fill memory
            self._remembered = 0
            self._places = {}
            self._first = self._place({self._start})
        else:
            place.moves[letter] = following
        return following

    def _place(self, reached: set[int]) -> _Place:
        waiting, seen = list(reached), set(reached)
        while waiting:
            state = waiting.pop()
            if self._sets[state] is None:
                for following in self._next[state]:
                    if following not in seen:
                        seen.add(following)
                        waiting.append(following)
        states = frozenset(state for state in seen if self._sets[state] or state == self._end)
        found = self._places.get(states)
        if found is None:
            found = _Place(states, is_end=self._end in states)
            self._places[states] = found
        return found

    def _state(self, characters: Set | None, following: tuple[int, ...]) -> int:
        if len(self._sets) >= MAX_STATES:
            raise TooLarge
        self._sets.append(characters)
        self._next.append(following)
        return len(self._sets) - 1

    def _build(self, node: Node, end: int) -> int:
        """States for a node that lead on to `end`; returns where they begin."""
        if isinstance(node, Set):
            return self._state(node, (end,))
        if isinstance(node, Follow):
            for part in reversed(node.nodes):
                end = self._build(part, end)
            return end
        if isinstance(node, Either):
            return self._state(None, tuple(self._build(part, end) for part in node.nodes))
        return self._repeat(node, end)

    def _repeat(self, node: Repeat, end: int) -> int:
        start = end
        if node.most is None:
            start = self._state(None, ())
            self._next[start] = (self._build(node.node, start), end)
        else:
            for _ in range(node.most - node.least):
                start = self._state(None, (self._build(node.node, start), end))
        for _ in range(node.least):
            start = self._build(node.node, start)
        return start
