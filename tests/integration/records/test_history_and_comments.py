"""What is told about a record: its history field by field, comments, and saved views of lists."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from engine.kernel.actor import system_actor
from engine.kernel.errors import Forbidden, Invalid, NotFound
from engine.kernel.ids import new_id
from engine.records import (
    add_comment,
    change_record,
    history,
    list_comments,
    list_saved_views,
    remove_saved_view,
    save_view,
    schema_of,
)
from tests.factories.records import make, problems, value
from tests.factories.shop import APP, Shop


def entries(shop: Shop, entity: str, id_: UUID, who: str = "maria") -> list[dict[str, Any]]:
    with shop.work(who, writes=False) as work:
        return history(work, APP, entity, id_)


def test_history_tells_who_changed_what_from_what_to_what(shop: Shop, mark: str) -> None:
    account, other = make(shop, "account", name=mark), make(shop, "account", name=f"{mark} b")
    sale = make(shop, "sale", subject=mark, account=account, owner=shop.user("sam"))
    with shop.work("sam") as work:
        change_record(work, APP, "sale", sale, {"account": str(other), "weight": "2"})

    [entry] = [entry for entry in entries(shop, "sale", sale) if entry["verb"] == "changed"]
    assert entry["actor"] == {"id": str(shop.user("sam")), "name": "Sam"}
    assert entry["rev"] == 2
    changes = {change["field"]: change for change in entry["changes"]}
    assert changes["weight"] == {"field": "weight", "before": None, "after": "2.000"}
    assert changes["account"]["titles"] == {"before": mark, "after": f"{mark} b"}
    assert changes["headline"]["after"] == f"{mark} / {mark} b"

    with shop.work("sam") as work, work.acting_as(system_actor("install")):
        change_record(work, APP, "sale", sale, {"weight": "3"})
    assert entries(shop, "sale", sale)[0]["actor"] == {"id": None, "name": "Automatic"}, "no name of a part of the product"


def test_history_tells_what_happened_to_rows(shop: Shop, mark: str) -> None:
    sale = make(shop, "sale", subject=mark, lines=[{"quantity": 1, "price": "1"}, {"quantity": 2, "price": "1"}])
    first, second = (str(row["id"]) for row in value(shop, "sale", sale, "lines"))
    with shop.work("maria") as work:
        change_record(work, APP, "sale", sale, {"lines": [{"id": first, "quantity": 5}, {"quantity": 3, "price": "1"}]})

    [entry] = [entry for entry in entries(shop, "sale", sale) if entry["verb"] == "changed"]
    [rows] = [change["rows"] for change in entry["changes"] if change["field"] == "lines"]
    verbs = {row["id"]: row["verb"] for row in rows}
    assert (verbs[first], verbs[second]) == ("changed", "removed")
    [changed] = [row for row in rows if row["id"] == first]
    assert {change["field"]: (change["before"], change["after"]) for change in changed["changes"]} == {
        "quantity": (1, 5), "amount": ("1.00", "5.00"),
    }


def test_history_hides_what_its_reader_may_not_see(shop: Shop, mark: str) -> None:
    sale = make(shop, "sale", subject=mark, memo="hidden", owner=shop.user("sam"))
    with shop.work("maria") as work:
        change_record(work, APP, "sale", sale, {"memo": "hidden too"})

    shown = entries(shop, "sale", sale, "sam")
    assert [entry["verb"] for entry in shown] == ["created"]
    assert "hidden" not in str(shown)
    assert len(entries(shop, "sale", sale)) == 2


def test_history_of_what_may_not_be_read_is_not_there(shop: Shop, mark: str) -> None:
    theirs = make(shop, "sale", who="sue", subject=mark)

    for id_ in (theirs, new_id(), "x"):
        assert problems(NotFound, lambda id_=id_: entries(shop, "sale", id_, "sam")) == {("record.not_found", ())}


def test_comments_are_for_those_who_may_read_the_record(shop: Shop, mark: str) -> None:
    mine = make(shop, "sale", who="sam", subject=mark)
    with shop.work("sam") as work:
        add_comment(work, APP, "sale", mine, "  First\r\nline ")
    with shop.work("maria") as work:
        add_comment(work, APP, "sale", mine, "second 第二")

    with shop.work("sam", writes=False) as work:
        assert [(comment.text, comment.author) for comment in list_comments(work, APP, "sale", mine)] == [
            ("First\nline", "Sam"), ("second 第二", "Maria"),
        ]
    with shop.work("sue") as work:
        with pytest.raises(NotFound):
            list_comments(work, APP, "sale", mine)
        with pytest.raises(NotFound):
            add_comment(work, APP, "sale", mine, "x")


@pytest.mark.parametrize("text", ["", "  ", "x" * 5_001, "\x00", "\ud800", None, 5])
def test_a_comment_is_a_text_that_can_be_stored(shop: Shop, mark: str, text: Any) -> None:
    mine = make(shop, "sale", who="sam", subject=mark)
    with shop.work("sam") as work, pytest.raises(Invalid):
        add_comment(work, APP, "sale", mine, text)


def test_the_product_itself_does_not_comment(shop: Shop, mark: str) -> None:
    mine = make(shop, "sale", subject=mark)
    with shop.work() as work, pytest.raises(Forbidden):
        add_comment(work, APP, "sale", mine, "x")


def test_a_saved_view_belongs_to_one_person(shop: Shop, mark: str) -> None:
    settings = {"filter": "rank > 1", "sort": ["-rank"], "columns": ["subject", "account"], "q": "pump"}
    with shop.work("sam") as work:
        view = save_view(work, APP, "sale", f" {mark}  mine ", settings)
        changed = save_view(work, APP, "sale", "Better", {"filter": ""}, id_=view.id)

    with shop.work("sue") as work:
        assert view.id not in {each.id for each in list_saved_views(work, APP, "sale")}
        assert problems(NotFound, lambda: save_view(work, APP, "sale", "x", {}, id_=view.id)) == {("saved_view.not_found", ())}
        assert problems(NotFound, lambda: remove_saved_view(work, view.id)) == {("saved_view.not_found", ())}
    with shop.work("sam") as work:
        assert changed in list_saved_views(work, APP, "sale")
        remove_saved_view(work, view.id)
        assert changed not in list_saved_views(work, APP, "sale")


@pytest.mark.parametrize(
    ("name", "settings", "code"),
    [("", {}, "saved_view.name"), ("x" * 81, {}, "saved_view.name"), ("x", {"filter": "memo = 1"}, "expression.unknown_name"),
     ("x", {"sort": ["memo"]}, "query.unknown_field"), ("x", {"columns": ["memo"]}, "query.unknown_field"),
     ("x", {"colour": "red"}, "saved_view.setting"), ("x", {"sort": "rank"}, "saved_view.setting"), ("x", {"sort": [1]}, "saved_view.setting")],
)
def test_a_saved_view_holds_only_what_its_owner_could_use(shop: Shop, name: str, settings: dict[str, Any], code: str) -> None:
    with shop.work("sam") as work:
        assert {found for found, _ in problems(Invalid, lambda: save_view(work, APP, "sale", name, settings))} == {code}


def test_the_schema_of_a_record_shows_what_its_asker_may_use(shop: Shop) -> None:
    with shop.work("sam", writes=False) as work:
        write, read = schema_of(work, APP, "sale"), schema_of(work, APP, "sale", for_="read")

    assert "memo" not in write["properties"]
    assert "rank" not in write["properties"]
    assert "rank" in read["properties"]
    assert "memo" not in read["properties"]
