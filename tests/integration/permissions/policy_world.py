"""An app with quotations, their lines and accounts, and people who may see parts of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa

from engine import accounts
from engine.definitions import build_model
from engine.kernel.actor import Actor, system_actor
from engine.kernel.clock import SteppedClock
from engine.permissions import Policy, policy
from engine.storage import Database, Work, build
from tests.factories.small_app import a_field, a_role, an_app, an_entity, publish_documents

APP = "crm"
AT = datetime(2026, 11, 24, 8, tzinfo=UTC)

ACCOUNT = an_entity(
    "account",
    a_field("name"),
    a_field("level"),
    a_field("credit", "money"),
    a_field("since", "date"),
    a_field("days", "formula", formula="days_between(since, today())", options={"result": "number", "scale": 0}),
    a_field("late_credit", "rollup", options={"entity": "quotation", "via": "account", "function": "sum", "field": "amount"},
            filter="due < today()"),
    a_field("owner", "user", uid="0d5c1f43-8f20-5b8e-9a54-000000000001"),
    owner="owner",
)
QUOTATION = an_entity(
    "quotation",
    a_field("title"),
    a_field("amount", "money"),
    a_field("cost", "money"),
    a_field("status", "choice", options={"options": [{"key": key, "label": key} for key in ("draft", "sent")]}),
    a_field("seller", "user"),
    a_field("team", "department"),
    a_field("account", "reference", uid="0d5c1f43-8f20-5b8e-9a54-000000000002", options={"entity": "account"}),
    a_field("margin", "formula", formula="amount - cost", options={"result": "number", "scale": 2}),
    a_field("double_margin", "formula", formula="margin * 2", options={"result": "number", "scale": 2}),
    a_field("age", "formula", formula="days_between(due, today())", options={"result": "number", "scale": 0}),
    a_field("due", "date"),
    a_field("credit", "mirror", uid="0d5c1f43-8f20-5b8e-9a54-000000000003", options={"via": "account", "field": "credit"}),
    a_field("level", "mirror", uid="0d5c1f43-8f20-5b8e-9a54-000000000004", options={"via": "account", "field": "level"}),
    a_field("accounts_late_credit", "mirror", options={"via": "account", "field": "late_credit"}),
    a_field("twice_late", "formula", formula="late_lines * 2", options={"result": "number", "scale": 0}),
    a_field("late_lines", "rollup", options={"rows": "lines", "function": "count"}, filter="due_on < today()"),
    a_field("late_cost", "rollup", options={"rows": "lines", "function": "max", "field": "unit_cost"}, filter="due_on < today()"),
    a_field("lines", "rows", options={"entity": "line"}),
    a_field("total_cost", "rollup", options={"rows": "lines", "function": "sum", "field": "unit_cost"}),
    a_field("line_count", "rollup", options={"rows": "lines", "function": "count"}),
    owner="seller",
    department="team",
)
LINE = an_entity(
    "line",
    a_field("product"),
    a_field("unit_cost", "money"),
    a_field("due_on", "date"),
    a_field("parts", "rows", options={"entity": "part"}),
    part_of="quotation",
)
PART = an_entity("part", a_field("material"), part_of="line")
NOTE = an_entity("note", a_field("text"))
DOCUMENTS = (an_app(), ACCOUNT, QUOTATION, LINE, PART, NOTE)
ENTITIES = ("account", "quotation", "line", "part", "note")


def grant(read: Any = "none", change: Any = "none", remove: Any = "none", *, create: bool = False, **more: Any) -> dict[str, Any]:
    return {"read": read, "change": change, "remove": remove, "create": create, **more}


class Home:
    """A database in which the app is published once, without roles; tests share it and mind their own records."""

    def __init__(self, database: Database) -> None:
        self.database = database
        publish_documents(database, *DOCUMENTS)


class World:
    """The app with roles as the test wants them, departments and people of its own.

    Roles make no tables: the model with them is built here and stands for a release.
    """

    _numbers = count(1)

    def __init__(self, home: Home, *roles: Mapping[str, Any]) -> None:
        self.database = home.database
        self.clock = SteppedClock(AT)
        self.number = next(self._numbers)
        self.model = build_model([*DOCUMENTS, *roles], release=self.number)
        self.tables = build(self.model)
        self.records: set[UUID] = set()
        with self.work() as work:
            self.company = self._department(work, "company")
            self.sales = self._department(work, "sales", self.company)
            self.east = self._department(work, "east", self.sales)
            self.other = self._department(work, "other", self.company)

    def _department(self, work: Work, key: str, parent: UUID | None = None) -> UUID:
        return accounts.create_department(work, f"{key}_{self.number}", key, parent=parent)

    @contextmanager
    def work(self, actor: Actor | None = None, *, writes: bool = True) -> Iterator[Work]:
        with self.database.work(actor or system_actor("test"), clock=self.clock, writes=writes) as work:
            work.model = lambda _: self.model  # type: ignore[method-assign]
            work.tables = lambda _: self.tables  # type: ignore[method-assign]
            yield work

    @contextmanager
    def policy(self, actor: Actor) -> Iterator[Policy]:
        with self.work(actor, writes=False) as work:
            yield policy(work, APP)

    def person(self, login: str, *roles: str, department: UUID | None = None, is_admin: bool = False) -> Actor:
        with self.work() as work:
            user_id = accounts.create_user(
                work, f"{login}{self.number}", login.title(), department=department, roles={APP: list(roles)},
                is_admin=is_admin,
            )
        with self.work(writes=False) as work:
            return accounts.find_actor(work, user_id)

    def add(self, entity: str, *, parent: UUID | None = None, removed: bool = False, by: UUID | None = None, **values: Any) -> UUID:
        """Store a record as it stands, past all rules."""
        record_id = uuid4()
        fields, table = self.model.entities[entity].fields, self.tables[entity]
        row = {fields[key].column: value for key, value in values.items()}
        row |= {"id": record_id, "rev": 1, "created_on": AT, "changed_on": AT, "created_by": by}
        row["removed_on"] = AT if removed else None
        if "parent_id" in table.c:
            row["parent_id"] = parent
        with self.work() as work:
            work.connection.execute(sa.insert(table).values(**row))
        self.records.add(record_id)
        return record_id

    def change(self, entity: str, record_id: UUID, **values: Any) -> None:
        fields, table = self.model.entities[entity].fields, self.tables[entity]
        row = {fields[key].column: value for key, value in values.items()}
        with self.work() as work:
            work.connection.execute(sa.update(table).where(table.c.id == record_id).values(**row))

    def found(self, actor: Actor, verb: str, entity: str) -> set[UUID]:
        """The test's records for which a verb's condition holds, through the table and through an alias."""
        with self.work(actor, writes=False) as work:
            table, rules = self.tables[entity], policy(work, APP)
            alias = table.alias()
            by_table, by_alias = (
                set(work.connection.scalars(sa.select(one.c.id).where(rules.row_predicate(verb, entity, one))))
                for one in (table, alias)
            )
            assert by_table == by_alias
            return by_table & self.records


def roles_for(**grants: Mapping[str, Any]) -> Mapping[str, Any]:
    """One role named "seller" with these grants."""
    return a_role("seller", grants)
