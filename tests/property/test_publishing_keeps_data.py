"""Whatever is published and rolled back in whatever order: values that people entered stay."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.kernel.errors import Invalid
from engine.kernel.ids import new_id
from engine.publishing import create_app, publish, put_document, rollback
from engine.storage import Database
from tests.factories.small_app import SYSTEM, a_field, an_app, an_entity

FIELDS: dict[str, tuple[str, dict[str, Any], tuple[Any, ...]]] = {
    "colour": ("text", {}, ("red", "红", "")),
    "pieces": ("integer", {}, (0, -(10**17), 7)),
    "price": ("money", {"options": {"scale": 3}}, (Decimal("0.001"), Decimal("-99999999.999"))),
    "is_open": ("yes_no", {}, (True, False)),
    "code": ("text", {"unique": True, "searchable": True}, (None,)),
}
_numbers = itertools.count()

edits = st.one_of(
    st.tuples(st.just("toggle"), st.sampled_from(sorted(FIELDS))),
    st.tuples(st.just("rename"), st.sampled_from(sorted(FIELDS))),
    st.tuples(st.just("record"), st.integers(0, 10)),
    st.tuples(st.just("publish"), st.none()),
    st.tuples(st.just("rollback"), st.integers(1, 6)),
)


@dataclass
class World:
    """An app of its own in the database, and what must be in it."""

    database: Database
    app: str
    uids: Mapping[str, str]
    entity_uid: str
    shown: set[str] = field(default_factory=lambda: {"colour"})
    names: dict[str, str] = field(default_factory=dict)
    records: dict[UUID, dict[str, Any]] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        items = [
            a_field(self.names.get(key, key), FIELDS[key][0], uid=self.uids[key], **FIELDS[key][1])
            for key in sorted(self.shown)
        ]
        return an_entity("thing", a_field("name", uid=self.uids["name"]), *items, uid=self.entity_uid)

    def do(self, verb: str, what: Any) -> None:
        if verb == "toggle":
            self.shown ^= {what}
        elif verb == "rename":
            self.names[what] = f"{what}_{len(self.names)}"
        else:
            getattr(self, verb)(what)

    def publish(self, _what: None) -> None:
        with self.database.work(SYSTEM) as work:
            put_document(work, self.app, self.document())
        try:
            with self.database.work(SYSTEM) as work:
                publish(work, self.app)
        except Invalid as error:
            _unless_nothing_changed(error)

    def rollback(self, number: int) -> None:
        try:
            with self.database.work(SYSTEM) as work:
                newest = work.release_number(self.app)
                rollback(work, self.app, 1 + number % newest)
        except Invalid as error:
            _unless_nothing_changed(error)

    def record(self, seed: int) -> None:
        with self.database.work(SYSTEM) as work:
            table, entity = work.tables(self.app)["thing"], work.model(self.app).entities["thing"]
            record_id, values = new_id(), {}
            for key, (_, _, samples) in FIELDS.items():
                item = next((item for item in entity.fields.values() if item.uid == self.uids[key]), None)
                if item is not None:
                    sample = samples[seed % len(samples)]
                    values[key] = str(record_id) if key == "code" else sample
                    table_value = {item.column: values[key]}
                    values |= {"@": {**values.get("@", {}), **table_value}}
            work.connection.execute(
                table.insert().values(
                    id=record_id, rev=1, created_on=work.now, changed_on=work.now, **values.pop("@", {})
                )
            )
        self.records[record_id] = values

    def check(self) -> None:
        with self.database.work(SYSTEM, writes=False) as work:
            table, entity = work.tables(self.app)["thing"], work.model(self.app).entities["thing"]
            rows = {row.id: row for row in work.connection.execute(sa.select(table))}
        assert rows.keys() == self.records.keys()
        for item in entity.fields.values():
            key = next((key for key, uid in self.uids.items() if uid == item.uid and key != "name"), None)
            if key is not None:
                stored = {record_id: row._mapping[item.column] for record_id, row in rows.items()}
                assert stored == {record_id: values.get(key) for record_id, values in self.records.items()}


def _unless_nothing_changed(error: Invalid) -> None:
    if error.problems[0].code != "publishing.nothing_changed":
        raise error


@settings(max_examples=6)
@given(st.lists(edits, min_size=3, max_size=12))
def test_random_edits_published_and_rolled_back_keep_every_value(
    database: Database, steps: list[tuple[str, Any]]
) -> None:
    app = f"app{next(_numbers)}"
    world = World(database, app, {key: str(new_id()) for key in (*FIELDS, "name")}, str(new_id()))
    with database.work(SYSTEM) as work:
        create_app(work, {**an_app(), "key": app, "uid": str(new_id())})
    world.publish(None)

    for verb, what in steps:
        world.do(verb, what)
        if verb in {"publish", "rollback"}:
            world.check()
    world.publish(None)

    world.check()
