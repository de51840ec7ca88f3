"""Two worlds that differ only in what somebody may not see look the same to them.

The worlds have the same records. One of them then gets other values in secret fields and in records
out of sight, everything computed is computed anew, and the person looks at both. What is secret and out
of sight is worked out here from the roles' documents, in plain Python and without the product's help.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from engine.kernel.actor import Actor
from engine.permissions import policy
from tests.factories.small_app import a_role
from tests.integration.permissions.policy_world import APP, Home, World, grant

scopes = st.sampled_from(["none", "own", "department", "department_and_below", "all"])
OTHER: Mapping[str, Mapping[str, Any]] = {
    "account": {"name": "b", "level": "y", "credit": Decimal(77)},
    "quotation": {"title": "u", "amount": Decimal(1234), "cost": Decimal(-3)},
    "line": {"product": "q", "unit_cost": Decimal(888)},
}
SOURCES = [("quotation", "lines"), *((entity, key) for entity, values in OTHER.items() for key in values)]
OUT_OF_SIGHT = {"account": ("name",), "quotation": ("title", "amount", "cost"), "line": ("product", "unit_cost")}
"""What is changed in records out of sight: a mirror shows its record's level and credit on purpose."""

Role = dict[str, Any]


@st.composite
def some_roles(draw: st.DrawFn) -> list[Role]:
    """Two roles that hide the same one to three fields, and each perhaps more."""
    secrets = draw(st.sets(st.sampled_from(SOURCES), min_size=1, max_size=3))
    return [draw(a_role_that_hides(key, secrets)) for key in ("one", "two")]


@st.composite
def a_role_that_hides(draw: st.DrawFn, key: str, secrets: set[tuple[str, str]]) -> Role:
    hidden = secrets | draw(st.sets(st.sampled_from(SOURCES), max_size=1))
    fields = {entity: {name: "hidden" for where, name in hidden if where == entity} for entity in OTHER}
    return a_role(
        key,
        {
            "quotation": grant(draw(scopes), draw(scopes), create=draw(st.booleans()), fields=fields["quotation"]),
            "account": grant(draw(scopes), fields=fields["account"]),
            "line": grant(fields=fields["line"]),
        },
    )


def readers(roles: Sequence[Role], entity: str) -> list[Role]:
    """The roles that open any record."""
    owner = "quotation" if entity == "line" else entity
    return [role for role in roles if role["entities"][owner]["read"] != "none"]


def is_secret(roles: Sequence[Role], entity: str, key: str) -> bool:
    """Do all roles that open records hide the field, or the field that holds its rows?"""

    def hides(role: Role) -> bool:
        lines = role["entities"]["quotation"]["fields"].get("lines")
        return role["entities"][entity]["fields"].get(key) == "hidden" or (entity == "line" and lines == "hidden")

    return all(hides(role) for role in readers(roles, entity))


def is_in_sight(roles: Sequence[Role], entity: str, *, own: bool, department: bool, below: bool) -> bool:
    """Does any role open a record that is one's own, of one's department, of one below?"""
    opens = {"all": True, "own": own, "department": own or department, "department_and_below": own or department or below}
    return any(opens[role["entities"][entity]["read"]] for role in readers(roles, entity))


class TwoWorlds:
    """Records of everybody, and what the person can get at."""

    def __init__(self, home: Home, roles: list[Role], held: list[str]) -> None:
        self.world = World(home, *roles)
        self.held = [role for role in roles if role["key"] in held]
        world = self.world
        self.li = world.person("li", *held, department=world.sales)
        wang, boss = world.person("wang", department=world.east), world.person("boss", department=world.company)
        self.sight: dict[str, dict[UUID, bool]] = {"account": {}, "quotation": {}, "line": {}}
        for owner, team, kin in (
            (self.li, world.other, (True, False, False)), (wang, world.east, (False, False, True)),
            (boss, world.sales, (False, True, False)), (boss, world.company, (False, False, False)),
        ):
            self._add(owner, team, kin)
        self.compute()

    def _add(self, owner: Actor, team: UUID, kin: tuple[bool, bool, bool]) -> None:
        world, (own, department, below) = self.world, kin
        account = world.add("account", name="a", level="x", credit=Decimal(1), owner=owner.user_id)
        quotation = world.add(
            "quotation", title="t", amount=Decimal(9), cost=Decimal(5), seller=owner.user_id, team=team, account=account
        )
        line = world.add("line", parent=quotation, product="p", unit_cost=Decimal(3))
        seen = is_in_sight(self.held, "quotation", own=own, department=department, below=below)
        # An account has no department of its own: its owner's counts, and the boss stands above.
        self.sight["account"][account] = is_in_sight(self.held, "account", own=own, department=own, below=below)
        self.sight["quotation"][quotation] = self.sight["line"][line] = seen

    def compute(self) -> None:
        """Work out formulas, mirrors and roll-ups as the product would."""
        rows = {entity: self._rows(entity) for entity in OTHER}
        for record_id, row in rows["quotation"].items():
            lines = [line for line in rows["line"].values() if line["parent_id"] == record_id]
            account, margin = rows["account"][row["account"]], row["amount"] - row["cost"]
            self.world.change(
                "quotation", record_id, margin=margin, double_margin=2 * margin, credit=account["credit"],
                level=account["level"], total_cost=sum((line["unit_cost"] for line in lines), Decimal(0)),
                line_count=len(lines),
            )

    def _rows(self, entity: str) -> dict[UUID, dict[str, Any]]:
        table = self.world.tables[entity]
        names = {item.column: key for key, item in self.world.model.entities[entity].fields.items()}
        with self.world.work(writes=False) as work:
            found = work.connection.execute(sa.select(table).where(table.c.id.in_(self.world.records))).mappings().all()
        return {row["id"]: {names.get(key, key): value for key, value in row.items()} for row in found}

    def change_what_is_hidden(self) -> None:
        """Other values wherever the person may not look."""
        for entity, records in self.sight.items():
            for record_id, is_seen in records.items():
                keys = {key for key in OTHER[entity] if is_secret(self.held, entity, key)}
                keys |= set() if is_seen else set(OUT_OF_SIGHT[entity])
                if keys:
                    self.world.change(entity, record_id, **{key: OTHER[entity][key] for key in keys})
        self.compute()

    def seen(self) -> dict[str, list[dict[str, Any]]]:
        """Everything the person can get at: rows, and readable values, in a fixed order."""
        found: dict[str, list[dict[str, Any]]] = {}
        with self.world.work(self.li, writes=False) as work:
            rules = policy(work, APP)
            for entity in OTHER:
                table, fields = self.world.tables[entity], self.world.model.entities[entity].fields
                shown = sorted(key for key in rules.readable(entity) if fields[key].column)
                statement = sa.select(table.c.id, *(table.c[fields[key].column] for key in shown))
                statement = statement.where(rules.row_predicate("read", entity, table), table.c.id.in_(self.world.records))
                rows = work.connection.execute(statement.order_by(table.c.id))
                found[entity] = [dict(zip(("id", *shown), row, strict=True)) for row in rows]
        return found


def test_what_is_hidden_never_shows(home: Home) -> None:
    @given(roles=some_roles(), held=st.sampled_from([["one"], ["one", "two"]]))
    @settings(max_examples=15, phases=[Phase.explicit, Phase.generate])  # a smaller example is no clearer here
    def check(roles: list[Role], held: list[str]) -> None:
        worlds = TwoWorlds(home, roles, held)
        before = worlds.seen()
        for entity, rows in before.items():
            assert {row["id"] for row in rows} == {key for key, is_seen in worlds.sight[entity].items() if is_seen}

        worlds.change_what_is_hidden()

        assert worlds.seen() == before

    check()
