"""Removing and restoring: who is held, who goes along, what comes back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from engine.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from engine.records import (
    change_record,
    get_record,
    history,
    remove_record,
    restore_record,
    write_system,
)
from tests.factories.records import make, problems, value
from tests.factories.shop import APP, Shop


def remove(shop: Shop, entity: str, id_: UUID, who: str = "maria", **more: Any) -> None:
    with shop.work(who) as work:
        remove_record(work, APP, entity, id_, **more)


def restore(shop: Shop, entity: str, id_: UUID, who: str = "maria") -> None:
    with shop.work(who) as work:
        restore_record(work, APP, entity, id_)


def stands(shop: Shop, entity: str, id_: UUID) -> bool:
    with shop.work("maria", writes=False) as work:
        try:
            get_record(work, APP, entity, id_)
        except NotFound:
            return False
    return True


def test_a_record_that_others_need_is_held_and_says_by_whom(shop: Shop, mark: str) -> None:
    account = make(shop, "account", name=mark)
    sale = make(shop, "sale", subject=mark, account=account)

    with pytest.raises(Conflict) as caught:
        remove(shop, "account", account)
    [problem] = caught.value.problems
    assert (problem.code, problem.values["count"], problem.values["field"]) == ("record.referred_to", 1, "Account")

    remove(shop, "sale", sale)
    remove(shop, "account", account)
    assert not stands(shop, "account", account)


def test_references_are_cleared_and_dependents_go_along_as_their_fields_say(shop: Shop, mark: str) -> None:
    top = make(shop, "account", name=mark)
    below = make(shop, "account", name=f"{mark} b", group=top)
    contact = make(shop, "contact", name=mark, account=top)
    other = make(shop, "account", name=f"{mark} c")
    sale = make(shop, "sale", subject=mark, account=top, contact=contact)
    with shop.work() as work:
        write_system(work, APP, "sale", sale, {"account": None, "contact": None})
    sale_of_contact = make(shop, "sale", subject=f"{mark} d", account=other)

    remove(shop, "account", top)

    assert not stands(shop, "contact", contact)
    assert value(shop, "account", below, "group") is None
    assert stands(shop, "sale", sale_of_contact)
    with shop.work("maria", writes=False) as work:
        [entry, *_] = history(work, APP, "account", below)
    assert [change["field"] for change in entry["changes"]] == ["group"]


def test_what_went_along_comes_back_along_and_what_went_before_does_not(shop: Shop, mark: str) -> None:
    account = make(shop, "account", name=mark)
    before, along = make(shop, "contact", name=mark, account=account), make(shop, "contact", name=f"{mark} b", account=account)
    remove(shop, "contact", before)
    remove(shop, "account", account)

    restore(shop, "account", account)

    assert stands(shop, "account", account)
    assert stands(shop, "contact", along)
    assert not stands(shop, "contact", before)


def test_a_record_comes_back_with_its_rows_but_not_those_taken_out_before(shop: Shop, mark: str) -> None:
    sale = make(shop, "sale", subject=mark, lines=[{"quantity": 1}, {"quantity": 2}])
    keep = str(value(shop, "sale", sale, "lines")[1]["id"])
    with shop.work("maria") as work:
        change_record(work, APP, "sale", sale, {"lines": [{"id": keep}]})
    remove(shop, "sale", sale)

    restore(shop, "sale", sale)

    assert [row["quantity"] for row in value(shop, "sale", sale, "lines")] == [2]
    assert value(shop, "sale", sale, "status") == "draft"


def test_a_record_does_not_come_back_pointing_to_nothing(shop: Shop, mark: str) -> None:
    account = make(shop, "account", name=mark)
    contact = make(shop, "contact", name=mark, account=account)
    remove(shop, "contact", contact)
    remove(shop, "account", account)

    assert problems(Invalid, lambda: restore(shop, "contact", contact)) == {("record.points_to_removed", ("account",))}


def test_removing_asks_for_the_right_the_rev_and_an_open_lock(shop: Shop, mark: str) -> None:
    product, sale = make(shop, "product", name=mark), make(shop, "sale", subject=mark)
    theirs = make(shop, "sale", who="sue", subject=f"{mark} b")

    assert problems(Forbidden, lambda: remove(shop, "product", product, "sam")) == {("record.may_not_remove_this", ())}
    assert problems(NotFound, lambda: remove(shop, "sale", theirs, "sam")) == {("record.not_found", ())}
    assert problems(Conflict, lambda: remove(shop, "product", product, rev=7)) == {("record.stale", ())}
    with shop.work() as work:
        write_system(work, APP, "sale", sale, {}, open_fields=())
    assert problems(Conflict, lambda: remove(shop, "sale", sale)) == {("record.locked", ())}


def test_what_stands_can_not_be_restored_and_what_is_gone_not_be_removed(shop: Shop, mark: str) -> None:
    product = make(shop, "product", name=mark)

    assert problems(NotFound, lambda: restore(shop, "product", product)) == {("record.not_found", ())}
    remove(shop, "product", product)
    assert problems(NotFound, lambda: remove(shop, "product", product)) == {("record.not_found", ())}


def test_removal_and_return_are_in_the_history(shop: Shop, mark: str) -> None:
    product = make(shop, "product", name=mark)
    remove(shop, "product", product)
    restore(shop, "product", product)

    with shop.work("maria", writes=False) as work:
        entries = history(work, APP, "product", product)
    assert [(entry["verb"], entry["rev"]) for entry in sorted(entries, key=lambda each: each["rev"])] == [("created", 1), ("removed", 2), ("restored", 3)]
