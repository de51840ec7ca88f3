"""Publishing changes tables, keeps data, and happens as a whole or not at all."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from engine.kernel.actor import Actor
from engine.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from engine.kernel.ids import new_id
from engine.publishing import (
    check,
    diff,
    discard_draft,
    get_document,
    list_documents,
    list_releases,
    publish,
    put_document,
    remove_document,
    rename_document,
    restore_document,
    rollback,
)
from engine.storage import Database, Work
from tests.factories.small_app import (
    ACCOUNT,
    APP,
    LINE,
    QUOTATION,
    SYSTEM,
    a_field,
    a_role,
    a_view,
    an_app,
    an_entity,
    publish_documents,
    put,
    uid_of,
    with_fields,
    without_fields,
)


@pytest.fixture
def published(database: Database) -> Database:
    """The small app, published once."""
    publish_documents(database, an_app(), ACCOUNT, QUOTATION, LINE)
    return database


def insert(work: Work, entity: str, **values: Any) -> UUID:
    """A record as the records room would write it."""
    record_id = new_id()
    fields = work.model(APP).entities[entity].fields
    work.connection.execute(
        work.tables(APP)[entity].insert().values(
            id=record_id, rev=1, created_on=work.now, changed_on=work.now,
            **{fields[key].column: value for key, value in values.items()},
        )
    )
    return record_id


def read(database: Database, entity: str, key: str) -> list[Any]:
    """All values of a field, in the order of creation."""
    with database.work(SYSTEM, writes=False) as work:
        table = work.tables(APP)[entity]
        column = table.c[work.model(APP).entities[entity].fields[key].column]
        return list(work.connection.execute(sa.select(column).order_by(table.c.id)).scalars())


def test_a_published_entity_has_a_table_that_takes_records(published: Database) -> None:
    with published.work(SYSTEM) as work:
        account = insert(work, "account", name="Acme")
        insert(work, "quotation", title="Pumps", account=account, amount=Decimal("12.50"))

    assert read(published, "quotation", "amount") == [Decimal("12.50")]


def test_a_reference_to_nothing_is_refused_by_the_database(published: Database) -> None:
    with pytest.raises(sa.exc.IntegrityError), published.work(SYSTEM) as work:
        insert(work, "quotation", title="Pumps", account=new_id())


def test_a_removed_field_keeps_its_data_for_its_return(published: Database) -> None:
    with published.work(SYSTEM) as work:
        insert(work, "quotation", title="Pumps", amount=Decimal(7))

    publish_documents(published, without_fields(QUOTATION, "amount"))
    with published.work(SYSTEM, writes=False) as work:
        assert "amount" not in work.model(APP).entities["quotation"].fields
    publish_documents(published, QUOTATION)

    assert read(published, "quotation", "amount") == [Decimal(7)]


def test_a_rollback_takes_a_field_away_and_publishing_again_brings_its_data_back(published: Database) -> None:
    publish_documents(published, with_fields(QUOTATION, a_field("colour")))
    with published.work(SYSTEM) as work:
        insert(work, "quotation", title="Pumps", colour="red")

    with published.work(SYSTEM) as work:
        assert rollback(work, APP, 1) == 3
    with published.work(SYSTEM, writes=False) as work:
        assert "colour" not in work.model(APP).entities["quotation"].fields
    publish_documents(published, with_fields(QUOTATION, a_field("colour")))

    assert read(published, "quotation", "colour") == ["red"]


def test_a_renamed_field_keeps_its_data(published: Database) -> None:
    with published.work(SYSTEM) as work:
        insert(work, "account", name="Acme", level="b")

    renamed = a_field("grade", "choice", uid=uid_of("field/level"), options=ACCOUNT["fields"][1]["options"])
    publish_documents(published, with_fields(without_fields(ACCOUNT, "level"), renamed))

    assert read(published, "account", "grade") == ["b"]


def test_more_decimals_keep_every_value(published: Database) -> None:
    with published.work(SYSTEM) as work:
        insert(work, "quotation", title="Pumps", amount=Decimal("-12.34"))

    wider = a_field("amount", "money", options={"scale": 4})
    publish_documents(published, with_fields(without_fields(QUOTATION, "amount"), wider))

    assert read(published, "quotation", "amount") == [Decimal("-12.3400")]


def test_fewer_decimals_than_the_values_may_have_are_refused(published: Database) -> None:
    put(published, with_fields(without_fields(QUOTATION, "amount"), a_field("amount", "money", options={"scale": 0})))

    with pytest.raises(Invalid) as caught, published.work(SYSTEM) as work:
        publish(work, APP)

    assert [problem.code for problem in caught.value.problems] == ["storage.type_change"]


def test_a_field_that_goes_and_comes_back_as_another_type_begins_anew(published: Database) -> None:
    with published.work(SYSTEM) as work:
        insert(work, "quotation", title="Pumps", amount=Decimal(7))
    publish_documents(published, without_fields(QUOTATION, "amount"))

    publish_documents(published, with_fields(without_fields(QUOTATION, "amount"), a_field("amount", "date")))
    assert read(published, "quotation", "amount") == [None]

    publish_documents(published, without_fields(QUOTATION, "amount"))
    publish_documents(published, QUOTATION)
    assert read(published, "quotation", "amount") == [Decimal(7)]


def test_a_database_of_before_gets_columns_that_say_their_type(published: Database) -> None:
    with published.work(SYSTEM) as work:
        insert(work, "quotation", title="Pumps", amount=Decimal(7))
        for table, column in work.connection.execute(sa.text('SELECT "table", "column" FROM record_column WHERE "column" <> \'\'')).all():
            old = "_".join(column.split("_")[:2])
            work.connection.exec_driver_sql(f'ALTER TABLE "{table}" RENAME COLUMN "{column}" TO "{old}"')
            work.connection.execute(sa.text('UPDATE record_column SET "column" = :old WHERE "column" = :new'), {"old": old, "new": column})
        work.connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0003'")

    published.migrate()

    assert read(published, "quotation", "amount") == [Decimal(7)]
    publish_documents(published, with_fields(QUOTATION, a_field("colour")))
    assert read(published, "quotation", "amount") == [Decimal(7)]


def test_a_failed_publish_leaves_nothing_behind(published: Database) -> None:
    with published.work(SYSTEM) as work:
        for _ in range(2):
            insert(work, "quotation", title="Twice")
    with published.work(SYSTEM, writes=False) as work:
        before = set(sa.inspect(work.connection).get_table_names())

    unique = with_fields(without_fields(QUOTATION, "title"), a_field("title", unique=True))
    put(published, unique, an_entity("campaign", a_field("subject")))
    with pytest.raises(Invalid) as caught, published.work(SYSTEM) as work:
        publish(work, APP)

    assert [problem.code for problem in caught.value.problems] == ["storage.duplicates"]
    with published.work(SYSTEM, writes=False) as work:
        assert set(sa.inspect(work.connection).get_table_names()) == before
        assert [item.number for item in list_releases(work, APP)] == [1]
        assert "campaign" not in work.model(APP).entities


def test_a_definition_with_errors_is_refused_with_all_of_them(published: Database) -> None:
    put(published, a_view("broken", "quotation", "nothing", sort=["nobody"]))

    with pytest.raises(Invalid) as caught, published.work(SYSTEM) as work:
        publish(work, APP)

    assert len(caught.value.problems) == 2
    assert caught.value.problems[0].path[:2] == ("view", "broken")


def test_a_unique_field_ignores_removed_records(published: Database) -> None:
    publish_documents(published, with_fields(QUOTATION, a_field("code", unique=True)))
    with published.work(SYSTEM) as work:
        first = insert(work, "quotation", title="A", code="1")
        table = work.tables(APP)["quotation"]
        work.connection.execute(table.update().where(table.c.id == first).values(removed_on=work.now))
        insert(work, "quotation", title="B", code="1")

    with pytest.raises(sa.exc.IntegrityError), published.work(SYSTEM) as work:
        insert(work, "quotation", title="C", code="1")


def test_publishing_what_is_published_is_refused(published: Database) -> None:
    with pytest.raises(Invalid) as caught, published.work(SYSTEM) as work:
        publish(work, APP)

    assert caught.value.problems[0].code == "publishing.nothing_changed"


def test_a_work_sees_one_release_from_its_beginning_to_its_end(database_url: str, published: Database) -> None:
    with published.work(SYSTEM, writes=False) as reader:
        assert reader.model(APP).release == 1
        publish_documents(published, with_fields(QUOTATION, a_field("colour")))

        assert reader.model(APP).release == 1
    with published.work(SYSTEM, writes=False) as reader:
        assert reader.model(APP).release == 2
        assert reader.model_of(APP, 1).release == 1


def test_another_process_sees_the_release_at_its_next_work(database_url: str, published: Database) -> None:
    other = Database(database_url)
    try:
        with other.work(SYSTEM, writes=False) as work:
            assert "colour" not in work.model(APP).entities["quotation"].fields

        publish_documents(published, with_fields(QUOTATION, a_field("colour")))

        with other.work(SYSTEM, writes=False) as work:
            assert "colour" in work.model(APP).entities["quotation"].fields
            work.connection.execute(sa.select(work.tables(APP)["quotation"])).all()
    finally:
        other.close()


def test_a_publish_that_is_undone_is_not_remembered(published: Database) -> None:
    put(published, with_fields(QUOTATION, a_field("colour")))
    work = published.work(SYSTEM)
    work.__enter__()
    assert publish(work, APP) == 2
    assert "colour" in work.model(APP).entities["quotation"].fields
    work.__exit__(RuntimeError, RuntimeError(), None)

    publish_documents(published, with_fields(QUOTATION, a_field("size")))

    with published.work(SYSTEM, writes=False) as work:
        assert work.model(APP).release == 2
        assert "colour" not in work.model(APP).entities["quotation"].fields
        assert "size" in work.model(APP).entities["quotation"].fields


def test_a_stale_document_is_refused_with_what_stands(published: Database) -> None:
    with published.work(SYSTEM, writes=False) as work:
        rev = get_document(work, APP, "entity", "account").rev
    put(published, with_fields(ACCOUNT, a_field("city")))

    with pytest.raises(Conflict) as caught, published.work(SYSTEM) as work:
        put_document(work, APP, ACCOUNT, rev)

    assert caught.value.current["rev"] == rev + 1
    assert caught.value.current["document"]["fields"][-1]["key"] == "city"


def test_a_broken_document_never_gets_into_the_draft(published: Database) -> None:
    with pytest.raises(Invalid), published.work(SYSTEM) as work:
        put_document(work, APP, {**ACCOUNT, "surprise": 1})


def test_a_copy_needs_a_uid_of_its_own(published: Database) -> None:
    with pytest.raises(Invalid) as caught, published.work(SYSTEM) as work:
        put_document(work, APP, {**ACCOUNT, "key": "customer"})

    assert caught.value.problems[0].code == "publishing.uid_taken"


def test_a_renamed_entity_keeps_its_records(database: Database) -> None:
    publish_documents(database, an_app(), ACCOUNT)
    with database.work(SYSTEM) as work:
        insert(work, "account", name="Acme")

    with database.work(SYSTEM) as work:
        rename_document(work, APP, "entity", "account", "customer")
        publish(work, APP)

    assert read(database, "customer", "name") == ["Acme"]


def test_a_draft_can_be_discarded_and_a_document_brought_back(published: Database) -> None:
    publish_documents(published, with_fields(ACCOUNT, a_field("city")))
    put(published, without_fields(QUOTATION, "amount"))

    with published.work(SYSTEM) as work:
        discard_draft(work, APP)
        assert not diff(work, APP)
        restore_document(work, APP, 1, "entity", "account")
        found = diff(work, APP)

    assert [(item.kind, item.key) for item in found] == [("entity", "account")]
    assert [(edit.kind, edit.path) for edit in found[0].edits] == [("removed", ("fields", "city"))]


def test_a_rollback_leaves_a_draft_with_changes_alone(published: Database) -> None:
    publish_documents(published, with_fields(ACCOUNT, a_field("city")))
    put(published, with_fields(ACCOUNT, a_field("city"), a_field("street")))

    with published.work(SYSTEM) as work:
        rollback(work, APP, 1)
        draft = get_document(work, APP, "entity", "account").document

    assert draft["fields"][-1]["key"] == "street"


def test_the_check_counts_the_records_that_break_new_demands(published: Database) -> None:
    with published.work(SYSTEM) as work:
        insert(work, "account", name="A long name", level="a")
        insert(work, "account", name="B", level="b")
        insert(work, "account", level="b")
    options = {"options": [{"key": "a", "label": "a"}]}
    stricter = an_entity(
        "account",
        a_field("name", uid=uid_of("account/name"), required=True, options={"max_length": 5}),
        a_field("level", "choice", options=options),
        rules=[{"key": "top", "check": 'level = "a"', "message": "Only the best"}],
    )
    put(published, stricter)

    with published.work(SYSTEM, writes=False) as work:
        report = check(work, APP)

    counts = {item.code: item.values["count"] for item in report.impact}
    assert counts == {
        "publishing.required": 1, "publishing.too_long": 1, "publishing.option_removed": 2, "publishing.rule_broken": 2,
    }
    assert report.can_publish


def test_the_check_names_who_uses_what_goes(published: Database) -> None:
    publish_documents(published, a_view("all", "quotation", "title", "amount"))
    with published.work(SYSTEM) as work:
        insert(work, "quotation", title="A", amount=Decimal(1))
    put(published, without_fields(QUOTATION, "amount"))

    with published.work(SYSTEM, writes=False) as work:
        report = check(work, APP)

    assert not report.can_publish
    assert {(item.kind, item.key) for item in report.findings if item.severity == "error"} == {("view", "all")}


def test_the_check_blocks_a_unique_field_with_repeated_values(published: Database) -> None:
    with published.work(SYSTEM) as work:
        for _ in range(3):
            insert(work, "quotation", title="Same")
    put(published, with_fields(without_fields(QUOTATION, "title"), a_field("title", unique=True)))

    with published.work(SYSTEM, writes=False) as work:
        report = check(work, APP)

    assert not report.can_publish
    assert [(item.code, item.values["count"]) for item in report.impact] == [("publishing.repeated", 2)]


def test_a_removed_entity_keeps_its_records_for_its_return(published: Database) -> None:
    publish_documents(published, an_entity("campaign", a_field("subject")))
    with published.work(SYSTEM) as work:
        insert(work, "campaign", subject="Spring")
        remove_document(work, APP, "entity", "campaign")
        publish(work, APP)
    publish_documents(published, an_entity("campaign", a_field("subject")))

    assert read(published, "campaign", "subject") == ["Spring"]


def test_only_those_who_may_design_see_the_draft(published: Database) -> None:
    publish_documents(published, a_role("maker", design=True), a_role("clerk"))
    maker = Actor(user_id=new_id(), name="Maker", roles={APP: frozenset({"maker"})})
    clerk = Actor(user_id=new_id(), name="Clerk", roles={APP: frozenset({"clerk"})})
    stranger = Actor(user_id=new_id(), name="Stranger")

    with published.work(maker, writes=False) as work:
        assert list_documents(work, APP)
    with pytest.raises(Forbidden), published.work(clerk, writes=False) as work:
        list_documents(work, APP)
    with pytest.raises(NotFound), published.work(stranger, writes=False) as work:
        list_documents(work, APP)
