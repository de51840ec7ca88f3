"""Owned rows as their reader may see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.records.access import Access
from engine.records.graph import Node
from engine.records.names import readable, readable_rows
from engine.records.plan import SYSTEM_FIELDS, Slot
from engine.records.query.columns import Columns
from engine.records.query.listing import Layout, select_list
from engine.records.query.statements import among, chunks


@dataclass(frozen=True, eq=False)
class ChildRow:
    """One owned row: the database's row, its layout, and the rows that it owns in turn."""

    owner: UUID
    values: Sequence[Any]
    layout: Layout
    rows: dict[str, list[ChildRow]]

    @property
    def id(self) -> UUID:
        """The row's id."""
        found: UUID = self.values[0]
        return found


def find_child_rows(access: Access, child: str, owners: Sequence[UUID]) -> dict[UUID, list[ChildRow]]:
    """The rows of each owner in their order; owners whose rows may not be read are not asked for."""
    if not owners:
        return {}
    statement, layout = _prepared(access, child)
    found: dict[UUID, list[ChildRow]] = {}
    everything: list[ChildRow] = []
    for some in chunks(list(owners)):
        for values in access.work.connection.execute(statement, {"ids": some}):
            made = ChildRow(values[-1], values, layout, {})
            found.setdefault(made.owner, []).append(made)
            everything.append(made)
    for key in readable_rows(access, child):
        inner = find_child_rows(access, access.plan(child).rows[key], [row.id for row in everything])
        for row in everything:
            row.rows[key] = inner.get(row.id, [])
    return found


def _prepared(access: Access, child: str) -> tuple[sa.Select[Any], Layout]:
    slots = _slots(access, child)
    timely = any(Node(child, slot.key) in access.plans.graph.volatile for slot in slots)
    if access.key is None or timely:
        return _build(access, child)
    key = ("child rows", child, access.key, tuple(slot.key for slot in slots))
    return access.plans.statements.get(key, lambda: _build(access, child))


def _slots(access: Access, child: str) -> tuple[Slot, ...]:
    return tuple(slot for slot in readable(access, child) if slot.key not in SYSTEM_FIELDS)


def _build(access: Access, child: str) -> tuple[sa.Select[Any], Layout]:
    columns = Columns(access, child)
    table = columns.table
    selected, layout = select_list(columns, _slots(access, child))
    statement = (
        sa.select(*selected, table.c.parent_id)
        .select_from(columns.from_clause())
        .where(among(table.c.parent_id, access), table.c.removed_on.is_(None))
        .order_by(table.c.position, table.c.id)
    )
    return statement, layout
