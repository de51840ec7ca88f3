"""Chains upwards and trees downwards, also where the data goes in circles."""

from __future__ import annotations

import itertools
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from engine.accounts.tree import climb, tops, with_all_below, would_circle

IDS = [UUID(int=number) for number in range(1, 9)]
trees = st.dictionaries(st.sampled_from(IDS), st.sampled_from([None, *IDS]))


def grown(moves: list[tuple[UUID, UUID | None]]) -> dict[UUID, UUID | None]:
    """A tree made by moves, each refused if it would close a circle."""
    parents: dict[UUID, UUID | None] = dict.fromkeys(IDS)
    for child, parent in moves:
        if not would_circle(child, parent, parents.get):
            parents[child] = parent
    return parents


moves = st.lists(st.tuples(st.sampled_from(IDS), st.sampled_from([None, *IDS])), max_size=30)


@given(moves)
def test_refusing_circles_keeps_every_chain_going_to_a_top(made: list[tuple[UUID, UUID | None]]) -> None:
    parents = grown(made)

    for child in IDS:
        chain = climb(child, parents.get)
        assert child not in chain
        assert parents[[child, *chain][-1]] is None


@given(moves, st.sampled_from(IDS))
def test_below_are_exactly_those_who_have_it_above_them(made: list[tuple[UUID, UUID | None]], top: UUID) -> None:
    parents = grown(made)

    below = with_all_below(top, parents)

    assert below[0] == top
    assert set(below[1:]) == {child for child in IDS if top in climb(child, parents.get)}


@given(trees, st.sampled_from(IDS))
def test_circles_in_old_data_end_every_walk(parents: dict[UUID, UUID | None], start: UUID) -> None:
    assert len(climb(start, parents.get)) < len(IDS)
    assert len(set(with_all_below(start, parents))) == len(with_all_below(start, parents))


def test_a_chain_can_be_cut_after_some_levels() -> None:
    parents = dict(itertools.pairwise(IDS))

    assert climb(IDS[0], parents.get, 2) == [IDS[1], IDS[2]]


def test_tops_are_those_without_a_known_parent() -> None:
    assert set(tops(IDS[:3], {IDS[0]: None, IDS[1]: IDS[0], IDS[2]: IDS[7]})) == {IDS[0], IDS[2]}
