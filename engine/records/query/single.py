"""One record, with what the actor may do to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.records.access import Access
from engine.records.graph import Node
from engine.records.plan import Slot
from engine.records.query.columns import Column, Columns
from engine.records.query.listing import Layout, select_list
from engine.records.query.statements import columns_of


def find_row(
    access: Access, entity: str, id_: UUID, slots: tuple[Slot, ...], *, as_json: bool = False
) -> tuple[Sequence[Any], Layout] | None:
    """A record's row, if it stands and the actor may read it.

    Behind values and titles come: may it be changed, may it be removed, its open fields. `as_json`,
    values come as near to JSON as the database can.
    """
    timely = any(Node(entity, slot.key) in access.plans.graph.volatile for slot in slots)
    if access.key is None or timely:
        statement, layout = _build(access, entity, slots, as_json=as_json)
    else:
        key = ("single", as_json, entity, access.key, tuple(slot.key for slot in slots))
        statement, layout = access.plans.statements.get(key, lambda: _build(access, entity, slots, as_json=as_json))
    row = access.work.connection.execute(statement, {"at_id": id_}).first()
    return None if row is None else (row, layout)


def _build(access: Access, entity: str, slots: tuple[Slot, ...], *, as_json: bool) -> tuple[sa.Select[Any], Layout]:
    columns = Columns(access, entity)
    table = columns.table
    selected, layout = select_list(columns, slots, as_json=as_json)
    rights = [_right(access, verb, entity, table) for verb in ("change", "remove")]
    statement = (
        sa.select(*selected, *rights, table.c.open_fields)
        .select_from(columns.from_clause())
        .where(table.c.id == sa.bindparam("at_id", type_=table.c.id.type), *standing(access, "read", entity, table))
    )
    return statement, layout


def stands(access: Access, entity: str, id_: UUID) -> bool:
    """Is the record there, and may the actor read it?"""
    def build() -> sa.Select[Any]:
        table = access.tables[entity]
        return sa.select(sa.literal_column("1")).select_from(table).where(
            table.c.id == sa.bindparam("at_id", type_=table.c.id.type), *standing(access, "read", entity, table)
        )

    statement = build() if access.key is None else access.plans.statements.get(("stands", entity, access.key), build)
    return access.work.connection.execute(statement, {"at_id": id_}).first() is not None


def find_changeable(access: Access, entity: str, ids: Sequence[UUID]) -> dict[UUID, tuple[str, ...] | None]:
    """Of these records, those that the actor may change; with the open fields of those that are locked."""
    table = access.tables[entity]
    statement: sa.Select[Any] = sa.select(table.c.id, table.c.open_fields).where(
        table.c.id.in_(ids), *standing(access, "read", entity, table), *standing(access, "change", entity, table)
    )
    return {row[0]: row[1] for row in access.work.connection.execute(statement)}


def standing(access: Access, verb: str, entity: str, table: sa.FromClause) -> list[Column]:
    """The conditions that a record stands and that the actor may do this to it."""
    found: list[Column] = [table.c.removed_on.is_(None)]
    if not access.is_free:
        found.append(access.policy.row_predicate(verb, entity, table))
    return found


def _right(access: Access, verb: str, entity: str, table: sa.FromClause) -> Column:
    may = access.policy.row_predicate(verb, entity, table) if access.policy.may(verb, entity) else sa.false()
    return sa.case((may, sa.literal_column("1")), else_=sa.literal_column("0")).label(f"may_{verb}")


def find_for_write(access: Access, entity: str, id_: UUID, verb: str, *, removed: bool = False) -> tuple[dict[str, Any], bool] | None:
    """All stored values of a record that the actor may read, and whether the verb is allowed.

    The row is locked until the work is over: two writers of a record wait for each other. With
    `removed`, the record is looked for among the removed ones.
    """
    def build() -> tuple[sa.Select[Any], tuple[str, ...]]:
        table = access.tables[entity]
        selected = columns_of(access, entity)
        conditions = [] if access.is_free else [access.policy.row_predicate("read", entity, table)]
        statement = (
            sa.select(*selected.values(), _right(access, verb, entity, table))
            .where(
                table.c.id == sa.bindparam("at_id", type_=table.c.id.type),
                table.c.removed_on.is_not(None) if removed else table.c.removed_on.is_(None), *conditions,
            )
            .with_for_update(of=table)
        )
        return statement, tuple(selected)

    key = ("for write", entity, verb, removed, access.key)
    statement, keys = build() if access.key is None else access.plans.statements.get(key, build)
    row = access.work.connection.execute(statement, {"at_id": id_}).first()
    if row is None:
        return None
    return dict(zip(keys, row, strict=False)), bool(row[-1])


def still_allows(access: Access, entity: str, id_: UUID, verb: str) -> bool:
    """May the actor do this to the record as it stands now, after a write?"""
    table = access.tables[entity]
    found: sa.Select[Any] = sa.select(sa.literal_column("1")).where(table.c.id == id_, *standing(access, verb, entity, table))
    return access.work.connection.execute(found).first() is not None
