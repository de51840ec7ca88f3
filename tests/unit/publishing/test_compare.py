"""Differences are told by what things are, not by where they stand."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from engine.publishing import Edit, compare
from tests.factories.small_app import (
    ACCOUNT,
    a_field,
    a_view,
    an_entity,
    uid_of,
    with_fields,
    without_fields,
)


def edits(before: dict[str, Any], after: dict[str, Any]) -> tuple[Edit, ...]:
    found = compare([before], [after])
    return found[0].edits if found else ()


def test_equal_documents_do_not_differ() -> None:
    assert compare([ACCOUNT], [dict(ACCOUNT)]) == ()


def test_added_and_removed_documents_are_told() -> None:
    view = a_view("all", "account", "name")

    found = compare([ACCOUNT], [view])

    assert [(item.change, item.kind, item.key) for item in found] == [
        ("removed", "entity", "account"), ("added", "view", "all"),
    ]


def test_a_renamed_document_is_the_same_document() -> None:
    found = compare([ACCOUNT], [{**ACCOUNT, "key": "customer"}])

    assert [(item.change, item.old_key, item.key) for item in found] == [("changed", "account", "customer")]
    assert found[0].edits == (Edit("changed", ("key",), "account", "customer"),)


def test_fields_are_matched_by_uid() -> None:
    renamed = with_fields(without_fields(ACCOUNT, "level"), {**ACCOUNT["fields"][1], "key": "grade"})

    assert edits(ACCOUNT, renamed) == (Edit("changed", ("fields", "grade", "key"), "level", "grade"),)


def test_a_new_field_in_front_does_not_make_the_others_differ() -> None:
    new = a_field("city")

    assert edits(ACCOUNT, {**ACCOUNT, "fields": [new, *ACCOUNT["fields"]]}) == (
        Edit("added", ("fields", "city"), None, new),
    )


def test_the_fewest_moves_are_told() -> None:
    fields = [a_field(key) for key in "abcde"]
    before = an_entity("thing", *fields)

    after = {**before, "fields": [fields[4], *fields[:4]]}

    assert edits(before, after) == (Edit("moved", ("fields", "e"), 4, 0),)


def test_lists_of_texts_are_told_as_a_whole() -> None:
    before = a_view("all", "account", "name", "level")

    assert edits(before, {**before, "columns": ["level"]}) == (
        Edit("changed", ("columns",), ["name", "level"], ["level"]),
    )


def test_yes_is_not_one() -> None:
    before = {**ACCOUNT, "fields": [{**ACCOUNT["fields"][0], "options": {"max_length": 1}}]}
    after = {**ACCOUNT, "fields": [{**ACCOUNT["fields"][0], "options": {"max_length": True}}]}

    assert edits(before, after) == (Edit("changed", ("fields", "name", "options", "max_length"), 1, True),)


KEYS = st.lists(st.sampled_from("abcdefgh"), unique=True, min_size=1)


@given(KEYS, KEYS)
def test_moves_additions_and_removals_account_for_every_new_order(before: list[str], after: list[str]) -> None:
    left = an_entity("thing", *(a_field(key) for key in before), title="a")
    right = an_entity("thing", *(a_field(key) for key in after), title="a")

    found = edits(left, right)

    moved = {edit.path[1] for edit in found if edit.kind == "moved"}
    assert {edit.path[1] for edit in found if edit.kind == "added"} == set(after) - set(before)
    assert {edit.path[1] for edit in found if edit.kind == "removed"} == set(before) - set(after)
    kept = [key for key in before if key in after and key not in moved]
    assert kept == [key for key in after if key in before and key not in moved]
    assert (not found) == (before == after)


def test_entities_of_the_same_key_and_another_uid_are_two_things() -> None:
    other = {**ACCOUNT, "uid": uid_of("another")}

    assert sorted(item.change for item in compare([ACCOUNT], [other])) == ["added", "removed"]
