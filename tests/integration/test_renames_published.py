"""A published rename keeps data, and what people keep of their own follows it."""

from __future__ import annotations

from uuid import UUID

import pytest

from engine.accounts import create_user
from engine.kernel.actor import Actor
from engine.kernel.errors import Invalid
from engine.publishing import put_document, rename_document, rename_json
from engine.publishing.publish import publish
from engine.records import (
    Query,
    add_comment,
    create_record,
    get_record,
    list_comments,
    list_saved_views,
    query_records,
    save_view,
)
from engine.storage import Database
from tests.factories.small_app import (
    ACCOUNT,
    APP,
    LINE,
    QUOTATION,
    SYSTEM,
    a_view,
    an_app,
    publish_documents,
)

VIEW = a_view("quotations", "quotation", "title", "amount", "account.level", filter="amount > 5", sort=["-amount"])


@pytest.fixture
def person(database: Database) -> Actor:
    publish_documents(database, an_app(), ACCOUNT, QUOTATION, LINE, VIEW)
    with database.work(SYSTEM) as work:
        user_id = create_user(work, "lin", "Lin", is_admin=True)
    return Actor(user_id=user_id, name="Lin", is_admin=True)


def rename(database: Database, entity: str, field: str | None, to: str) -> list[dict[str, object]]:
    """Plan a rename, write its documents as a designer would, publish."""
    with database.work(SYSTEM) as work:
        found = rename_json(work, APP, entity, field, to, [])
        for item in found["documents"]:
            kind, key = item["address"].split("/")
            if item["document"]["key"] != key:
                rename_document(work, APP, kind, key, item["document"]["key"])
            put_document(work, APP, item["document"])
        publish(work, APP)
    return list(found["places"])


def test_a_field_renamed_in_the_draft_keeps_data_and_views_of_people(database: Database, person: Actor) -> None:
    with database.work(person) as work:
        id_ = create_record(work, APP, "quotation", {"title": "Pumps", "amount": "7"}).id
        save_view(work, APP, "quotation", "Mine", {"filter": 'amount > 5 and account.level = "a"', "sort": ["-amount"], "columns": ["title", "amount"]})

    places = rename(database, "quotation", "amount", "worth")
    rename(database, "account", "level", "grade")

    assert {(place["address"], place["before"], place["after"]) for place in places} == {
        ("entity/quotation", "amount", "worth"), ("view/quotations", "amount", "worth"), ("view/quotations", "-amount", "-worth"),
        ("view/quotations", "amount > 5", "worth > 5"),
    }
    with database.work(person) as work:
        assert str(get_record(work, APP, "quotation", id_).values["worth"]) == "7.00"
        assert work.model(APP).views["quotations"].columns[2].field == "account.grade"
        mine = list_saved_views(work, APP, "quotation")[0]
        assert mine.settings == {"filter": 'worth > 5 and account.grade = "a"', "sort": ["-worth"], "columns": ["title", "worth"]}


def test_an_entity_renamed_keeps_records_comments_and_views(database: Database, person: Actor) -> None:
    with database.work(person) as work:
        id_ = create_record(work, APP, "quotation", {"title": "Pumps"}).id
        add_comment(work, APP, "quotation", id_, "Call them.")
        save_view(work, APP, "quotation", "Mine", {"sort": ["title"]})

    rename(database, "quotation", None, "offer")

    with database.work(person) as work:
        assert [record.id for record in query_records(work, APP, "offer", Query()).records] == [id_]
        assert [comment.text for comment in list_comments(work, APP, "offer", id_)] == ["Call them."]
        assert [view.name for view in list_saved_views(work, APP, "offer")] == ["Mine"]
        assert work.model(APP).entities["line"].part_of == "offer"


@pytest.mark.parametrize(("to", "code"), [("Amount", "definition.bad_key"), ("2nd", "definition.bad_key"), ("title", "publishing.key_taken")])
def test_a_key_that_can_not_be_one_or_is_taken_is_refused(database: Database, person: Actor, to: str, code: str) -> None:
    with pytest.raises(Invalid) as caught, database.work(person) as work:
        rename_json(work, APP, "quotation", "amount", to, [])
    assert caught.value.problems[0].code == code


def test_the_plan_is_made_over_what_is_not_saved_yet(database: Database, person: Actor) -> None:
    unsaved = {**VIEW, "filter": "amount < 3"}
    with database.work(person) as work:
        found = rename_json(work, APP, "quotation", "amount", "worth", [unsaved])
    assert next(item["document"]["filter"] for item in found["documents"] if item["address"] == "view/quotations") == "worth < 3"
    assert isinstance(person.user_id, UUID)
