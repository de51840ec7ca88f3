"""Fields that a workflow moves, rows of rows, and rows asked for on their own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from engine.kernel.errors import Conflict, Invalid
from engine.records import (
    Query,
    change_record,
    create_record,
    get_json,
    history,
    query_records,
    react,
    remove_record,
    restore_record,
    write_system,
)
from engine.storage import Database
from tests.factories.records import make, problems
from tests.factories.shop import APP, SYSTEM, Shop
from tests.factories.small_app import a_field, an_app, an_entity, publish_documents, uid_of

TRIP = an_entity(
    "trip",
    a_field("name", uid=uid_of("trip/name"), required=True),
    a_field("state", "choice", uid=uid_of("trip/state"), options={"options": [{"key": "open", "label": "Open"}, {"key": "done", "label": "Done"}]}),
    a_field("days", "rows", uid=uid_of("trip/days"), options={"entity": "day"}),
    a_field("cost", "rollup", uid=uid_of("trip/cost"), options={"rows": "days", "function": "sum", "field": "cost"}),
)
DAY = an_entity(
    "day",
    a_field("title", uid=uid_of("day/title")),
    a_field("stops", "rows", uid=uid_of("day/stops"), options={"entity": "stop"}),
    a_field("cost", "rollup", uid=uid_of("day/cost"), options={"rows": "stops", "function": "sum", "field": "price"}),
    part_of="trip",
)
STOP = an_entity("stop", a_field("place", uid=uid_of("stop/place"), required=True), a_field("price", "money", uid=uid_of("stop/price")), part_of="day")
NOTE = an_entity("note", a_field("text", uid=uid_of("note/text")), a_field("about", "reference", uid=uid_of("note/about"), options={"entity": "stop"}))
FLOW: dict[str, Any] = {
    "kind": "workflow", "key": "trip_flow", "uid": uid_of("trip_flow"), "schema": 1, "dsl": "formwork.workflow/1", "label": "Trip", "entity": "trip",
    "status_field": "state", "initial": "planning",
    "states": {
        "planning": {"type": "input", "label": "Planning", "status": "open", "transitions": [{"on": "finish", "label": "Finish", "to": "over", "by": ["any"]}]},
        "over": {"type": "final", "label": "Over", "status": "done", "outcome": "approved"},
    },
}


@pytest.fixture
def trips(tmp_path: Any) -> Iterator[Database]:
    """An app with a workflow and rows that own rows, on SQLite."""
    database = Database(f"sqlite:///{tmp_path / 'formwork.db'}", data=tmp_path)
    database.migrate()
    publish_documents(database, an_app(), TRIP, DAY, STOP, NOTE, FLOW)
    database.reactions = (react,)
    yield database
    database.close()


def test_a_record_starts_in_the_workflows_first_state_and_only_the_workflow_moves_it(trips: Database) -> None:
    with trips.work(SYSTEM) as work:
        trip = create_record(work, APP, "trip", {"name": "North"})
        assert trip.values["state"] == "open"
        for call in (lambda: create_record(work, APP, "trip", {"name": "x", "state": "done"}), lambda: change_record(work, APP, "trip", trip.id, {"state": "done"})):
            assert problems(Invalid, call) == {("field.by_workflow", ("state",))}
        assert write_system(work, APP, "trip", trip.id, {"state": "done"})["state"] == "done"


def test_rows_may_own_rows_and_all_of_it_is_kept_right(trips: Database) -> None:
    with trips.work(SYSTEM) as work:
        trip = create_record(work, APP, "trip", {"name": "North", "days": [
            {"title": "one", "stops": [{"place": "a", "price": "5"}, {"place": "b", "price": "7"}]}, {"title": "two"},
        ]})
        assert trip.values["cost"] == 12
        found = get_json(work, APP, "trip", trip.id)
        one, two = found["days"]
        changed = change_record(work, APP, "trip", trip.id, {"days": [
            {"id": two["id"], "stops": [{"place": "c", "price": "1"}]}, {"id": one["id"], "stops": [{"id": one["stops"][1]["id"], "price": "10"}]},
        ]})

        assert changed.values["cost"] == 11
        assert [[stop["place"] for stop in day["stops"]] for day in changed.values["days"]] == [["c"], ["b"]]
        assert problems(Invalid, lambda: change_record(work, APP, "trip", trip.id, {"days": [{"id": one["id"], "stops": [{"price": "1"}]}]})) == {
            ("field.required", ("days", 0, "stops", 0, "place"))
        }
        remove_record(work, APP, "trip", trip.id)
        assert query_records(work, APP, "stop", Query()).records == ()
        restored = restore_record(work, APP, "trip", trip.id)
        assert restored.values["cost"] == 11
        assert [[stop["place"] for stop in day["stops"]] for day in restored.values["days"]] == [["c"], ["b"]]
        assert history(work, APP, "trip", trip.id)


def test_a_row_that_is_referred_to_stays(trips: Database) -> None:
    with trips.work(SYSTEM) as work:
        trip = create_record(work, APP, "trip", {"name": "North", "days": [{"stops": [{"place": "a"}]}]})
        day = trip.values["days"][0]
        create_record(work, APP, "note", {"text": "x", "about": str(day["stops"][0]["id"])})

        change = {"days": [{"id": str(day["id"]), "stops": []}]}
        assert problems(Conflict, lambda: change_record(work, APP, "trip", trip.id, change)) == {("record.referred_to", ("days", 0, "stops"))}


def test_rows_asked_for_on_their_own_are_as_open_as_their_owner(shop: Shop, mark: str) -> None:
    product = make(shop, "product", name=mark)
    make(shop, "sale", who="sam", subject=mark, lines=[{"product": product, "quantity": 1}])
    make(shop, "sale", who="sue", subject=f"{mark} b", lines=[{"product": product, "quantity": 2}])

    def quantities(who: str) -> list[int]:
        with shop.work(who, writes=False) as work:
            page = query_records(work, APP, "line", Query(filter=f'product.name = "{mark}"', sort=("quantity",)))
        return [record.values["quantity"] for record in page.records]

    assert quantities("maria") == [1, 2]
    assert quantities("sam") == [1]
