"""Tables, indexes and search follow from the definitions."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from engine.kernel.errors import Invalid
from engine.kernel.ids import new_id
from engine.publishing import create_app, publish, put_document, remove_document
from engine.storage import (
    Database,
    Work,
    indexes,
    make_indexes,
    missing_indexes,
    search,
    search_predicate,
)
from tests.factories.small_app import (
    ACCOUNT,
    APP,
    LINE,
    QUOTATION,
    SYSTEM,
    a_field,
    a_view,
    an_app,
    an_entity,
    publish_documents,
    put,
    with_fields,
)

TEXTS = ("北京钢铁公司 abc-123", "上海钢厂", "张三", "100%_x", "ab", "\\o/", "𠮷野家 鉄")


@pytest.fixture
def published(database: Database) -> Database:
    publish_documents(database, an_app(), ACCOUNT, QUOTATION, LINE)
    return database


def insert_text(work: Work, entity: str, text: str | None) -> None:
    work.connection.execute(
        work.tables(APP)[entity].insert().values(
            id=new_id(), rev=1, created_on=work.now, changed_on=work.now, search_text=text
        )
    )


def found(work: Work, entity: str, term: str) -> set[str | None]:
    table = work.tables(APP)[entity]
    query = sa.select(table.c.search_text).where(search_predicate(table, term, work.dialect))
    alias = table.alias()
    again = sa.select(alias.c.search_text).where(search_predicate(alias, term, work.dialect, work.connection))
    rows = set(work.connection.execute(query).scalars())
    assert set(work.connection.execute(again).scalars()) == rows
    return rows


@pytest.mark.parametrize("is_late", [False, True])
def test_search_finds_exactly_what_contains_every_word(
    database: Database, is_late: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "BROAD", 2)
    publish_documents(database, an_app(), ACCOUNT if not is_late else without_search(ACCOUNT))
    with database.work(SYSTEM) as work:
        for text in (*TEXTS, None):
            insert_text(work, "account", text)
    if is_late:  # the records are there before the index
        publish_documents(database, ACCOUNT)

    terms = ["钢", "钢铁", "钢铁公司", "abc", "bc-1", "张", "%", "_", "%_", "ab 北京", "北京 上海", "\\", "公司 abc", "o/", "吉", "𠮷", "铁上"]
    with database.work(SYSTEM, writes=False) as work:
        for term in terms:
            expected = {text for text in TEXTS if all(word in text for word in term.split())}
            assert found(work, "account", term) == expected, term
        assert len(found(work, "account", " ")) == len(TEXTS) + 1


def without_search(entity: dict[str, Any]) -> dict[str, Any]:
    return {**entity, "fields": [{**item, "searchable": False} for item in entity["fields"]]}


def test_search_follows_changes_and_removals(published: Database) -> None:
    with published.work(SYSTEM) as work:
        for text in ("张三", "上海钢厂", "abcdef"):
            insert_text(work, "account", text)
        table = work.tables(APP)["account"]
        work.connection.execute(table.update().where(table.c.search_text == "张三").values(search_text="李四五"))
        work.connection.execute(table.update().where(table.c.search_text == "abcdef").values(search_text=None))
        work.connection.execute(table.delete().where(table.c.search_text == "上海钢厂"))

    with published.work(SYSTEM, writes=False) as work:
        assert [found(work, "account", term) for term in ("张", "钢", "李四", "李四五", "bcd")] == [
            set(), set(), {"李四五"}, {"李四五"}, set(),
        ]


def test_search_goes_when_nothing_is_searchable_any_more(published: Database) -> None:
    publish_documents(published, without_search(ACCOUNT))

    with published.work(SYSTEM) as work:
        insert_text(work, "account", "张三")
        names = sa.inspect(work.connection).get_table_names()
        assert not [name for name in names if name.startswith(("se_", "he_"))]


def test_a_view_is_served_by_an_index(published: Database) -> None:
    view = a_view(
        "best", "quotation", "title", filter='title = "x"', sort=["-amount"], quick_filters=["account"], default=True
    )
    publish_documents(published, view)

    with published.work(SYSTEM, writes=False) as work:
        model = work.model(APP)
        entity = model.entities["quotation"]
        title, amount, account = (f'"{entity.fields[key].column}"' for key in ("title", "amount", "account"))
        wanted = {index.on for index in indexes.wanted_indexes(entity, model, work.connection)}
        there = indexes.existing_indexes(work.connection)[entity.table]

    order = (f"{amount} DESC", '"id" DESC')
    assert {(title, *order), (title, account, *order)} <= wanted
    assert len(there) == len(wanted)


def test_indexes_that_nothing_asks_for_any_more_go(published: Database) -> None:
    def names() -> frozenset[str]:
        with published.work(SYSTEM, writes=False) as work:
            return indexes.existing_indexes(work.connection)[work.model(APP).entities["quotation"].table]

    before = names()
    publish_documents(published, a_view("sorted", "quotation", "title", sort=["title"]))
    assert names() != before
    with published.work(SYSTEM) as work:
        remove_document(work, APP, "view", "sorted")
        publish(work, APP)

    assert names() == before


def test_a_computed_column_of_another_type_is_built_anew_under_its_indexes(published: Database) -> None:
    def computed(result: str, formula: str) -> dict[str, Any]:
        return with_fields(QUOTATION, a_field("mark", "formula", formula=formula, options={"result": result}))

    publish_documents(published, computed("text", "title"), a_view("marks", "quotation", "title", sort=["mark"]))
    publish_documents(published, computed("number", "amount * 2"))

    with published.work(SYSTEM, writes=False) as work:
        entity = work.model(APP).entities["quotation"]
        assert not missing_indexes(work, work.model(APP))
        column = work.tables(APP)["quotation"].c[entity.fields["mark"].column]
        assert work.connection.execute(sa.select(column)).all() == []


def test_a_formula_that_depends_on_the_clock_has_no_column(published: Database) -> None:
    late = a_field("age", "formula", formula="today()", options={"result": "date"})
    publish_documents(published, with_fields(QUOTATION, late))

    with published.work(SYSTEM, writes=False) as work:
        assert work.model(APP).entities["quotation"].fields["age"].column == ""


def test_entities_that_refer_to_each_other_can_be_published_at_once(database: Database) -> None:
    left = an_entity("husband", a_field("name"), a_field("wife", "reference", options={"entity": "wife"}))
    right = an_entity("wife", a_field("call"), a_field("husband", "reference", options={"entity": "husband"}))

    assert publish_documents(database, an_app(), left, right) == 1


def test_a_uid_of_another_app_is_refused(published: Database) -> None:
    with pytest.raises(Invalid) as caught, published.work(SYSTEM) as work:
        create_app(work, {**an_app(), "key": "other", "uid": str(new_id())})
        put_document(work, "other", ACCOUNT)
        publish(work, "other")

    assert [problem.code for problem in caught.value.problems] == ["storage.table_taken"]


@pytest.fixture
def everything_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexes, "_LARGE", -1)


def test_indexes_of_large_tables_are_made_after_the_publish(published: Database, everything_is_large: None) -> None:
    put(published, a_view("sorted", "quotation", "title", sort=["title"]))
    with published.work(SYSTEM) as work:
        publish(work, APP)

    with published.work(SYSTEM, writes=False) as work:
        missing = missing_indexes(work, work.model(APP))
        assert bool(missing) == (work.dialect == "postgresql")
        make_indexes(work, missing)
        assert not missing_indexes(work, work.model(APP))


def test_columns_of_a_board_and_days_of_a_calendar_have_indexes(published: Database) -> None:
    board = a_view("stages", "quotation", "title", type="board", board={"by": "status"}, sort=["-amount"])
    calendar = a_view("days", "quotation", "title", type="calendar", calendar={"start": "due_on", "end": "ends_on"}, filter='title = "x"')
    groups = a_view("groups", "quotation", "title", group_by="account", sort=["title"])
    fields = [
        a_field("status", "choice", options={"options": [{"key": "a", "label": "A"}]}), a_field("due_on", "date"), a_field("ends_on", "date"),
    ]
    publish_documents(published, {**QUOTATION, "fields": [*QUOTATION["fields"], *fields]}, board, calendar, groups)

    with published.work(SYSTEM, writes=False) as work:
        model = work.model(APP)
        entity = model.entities["quotation"]
        wanted = {index.on for index in indexes.wanted_indexes(entity, model, work.connection)}
        of = {key: f'"{item.column}"' for key, item in entity.fields.items()}

    assert (of["status"], f"{of['amount']} DESC", '"id" DESC') in wanted
    assert {(of["title"], of["due_on"], '"id"'), (of["title"], of["ends_on"], '"id"')} <= wanted
    assert (of["account"], of["title"], '"id"') in wanted
