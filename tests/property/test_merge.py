"""Merging what two people made of one document: nothing disappears unseen."""

from __future__ import annotations

from collections import Counter
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from engine.definitions.likeness import same
from engine.definitions.merge import MISSING, merge

KEYS = ["a", "b", "c", "d"]
leaves = st.one_of(st.none(), st.booleans(), st.integers(0, 3), st.sampled_from(["x", "y", "z"]))


def elements(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(
        st.builds(lambda key, value: {"key": key, "value": value}, st.sampled_from(KEYS), values),
        st.builds(lambda key, width: {"field": key, "width": width}, st.sampled_from(KEYS), st.integers(1, 4)),
        st.builds(lambda text: {"text": text}, st.sampled_from(["one", "two"])),
        st.sampled_from(KEYS),
        values,
    )


values = st.recursive(
    leaves, lambda inner: st.one_of(st.dictionaries(st.sampled_from(KEYS), inner, max_size=4), st.lists(elements(inner), max_size=5)), max_leaves=12,
)
documents = st.dictionaries(st.sampled_from(KEYS), values, max_size=4)

keyed = st.lists(st.sampled_from("abcdefgh"), unique=True, max_size=7)


def leaves_of(value: Any) -> Counter[str]:
    if isinstance(value, dict):
        return sum((leaves_of(each) for each in value.values()), Counter())
    if isinstance(value, list):
        return sum((leaves_of(each) for each in value), Counter())
    return Counter([repr(value)])


@given(documents, documents)
def test_who_changed_alone_is_taken_whole(base: Any, changed: Any) -> None:
    assert merge(base, changed, base) == (changed, ())
    assert merge(base, base, changed) == (changed, ())
    assert merge(base, changed, changed) == (changed, ())


@given(documents, documents, documents)
def test_a_clash_for_one_is_a_clash_for_the_other(base: Any, mine: Any, theirs: Any) -> None:
    _, ours = merge(base, mine, theirs)
    _, others = merge(base, theirs, mine)

    assert len(ours) == len(others)
    assert Counter(repr((clash.mine, clash.theirs)) for clash in ours) == Counter(repr((clash.theirs, clash.mine)) for clash in others)


@given(documents, documents, documents)
def test_nothing_of_either_side_disappears_unseen(base: Any, mine: Any, theirs: Any) -> None:
    merged, clashes = merge(base, mine, theirs)
    seen = leaves_of(merged)
    for clash in clashes:
        for side in (clash.mine, clash.theirs):
            seen += leaves_of(side)

    before = leaves_of(base)
    for side in (mine, theirs):
        added = leaves_of(side) - before
        assert not added - seen


@given(st.dictionaries(st.sampled_from(KEYS), leaves, max_size=4), st.data())
def test_changes_of_different_things_are_both_there(base: dict[str, Any], data: st.DataObject) -> None:
    mine_keys = data.draw(st.sets(st.sampled_from(KEYS)))
    mine, theirs = dict(base), dict(base)
    for key in KEYS:
        side = mine if key in mine_keys else theirs
        side[key] = data.draw(leaves)

    merged, clashes = merge(base, mine, theirs)

    assert clashes == ()
    assert all(same(merged[key], (mine if key in mine_keys else theirs)[key]) for key in KEYS)


@given(keyed, st.data())
def test_lists_keep_what_both_added_and_lose_what_either_removed(base: list[str], data: st.DataObject) -> None:
    def edited(mark: str) -> list[str]:
        kept = [name for name in base if data.draw(st.booleans())]
        found = data.draw(st.permutations(kept)) if data.draw(st.booleans()) else kept
        for number in range(data.draw(st.integers(0, 2))):
            found.insert(data.draw(st.integers(0, len(found))), f"{mark}{number}")
        return list(found)

    mine, theirs = edited("m"), edited("t")
    documents = [[{"key": name} for name in side] for side in (base, mine, theirs)]
    merged, clashes = merge(*documents)
    names = [item["key"] for item in merged]

    removed = (set(base) - set(mine)) | (set(base) - set(theirs))
    assert sorted(names) == sorted((set(base) | set(mine) | set(theirs)) - removed)
    both = [name for name in base if name in mine and name in theirs]
    own, other, found = ([name for name in side if name in both] for side in (mine, theirs, names))
    if not clashes:
        assert other != both or found == own
        assert own != both or found == other
    for clash in clashes:
        assert clash.order is not None
        assert [names[place] for place in clash.order if names[place] in both] == other
        assert found == own


@given(documents, documents, documents)
def test_a_document_that_one_side_removed_is_never_lost(base: Any, mine: Any, theirs: Any) -> None:
    merged, clashes = merge(base, MISSING, theirs)

    assert merged is MISSING or same(merged, theirs)
    assert bool(clashes) == (not same(base, theirs))
