"""Carries out a table plan, inside the transaction that publishes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.kernel.errors import Invalid, Problem
from engine.storage.conversions import begin_conversion
from engine.storage.record_tables import system_columns
from engine.storage.search import create_search, drop_search
from engine.storage.shapes import (
    ColumnState,
    Shape,
    TableState,
    mark_retired,
    write_column,
    write_new_columns,
    write_table,
)
from engine.storage.table_plan import Step, TablePlan
from engine.storage.unit_of_work import Work

_LARGEST = 2**63 - 1


def apply_plan(work: Work, plan: TablePlan) -> None:
    """Make all changes of a plan that has no findings, but for indexes that are left for later.

    Raises Invalid: `storage.duplicates` when records stand in the way of a unique rule,
    `storage.too_large_to_widen` when a number has no room for more decimals.
    """
    if plan.findings:
        raise Invalid(*(finding.problem for finding in plan.findings))
    begun = _begun_with(plan, with_references=work.dialect == "sqlite")
    together = {(step.table, step.column) for steps in begun.values() for step in steps}
    for step in plan.steps:
        if step.kind == "create_table":
            _create_table(work.connection, plan, step, begun.get(step.table, []))
        elif step.kind != "create_index_later" and not (step.kind == "add_column" and (step.table, step.column) in together):
            _CHANGES[step.kind](work.connection, plan, step, work.now)


def _begun_with(plan: TablePlan, *, with_references: bool) -> dict[str, list[Step]]:
    """Columns that a new table is made with, by table. PostgreSQL wants the table of a reference to be there.

    Added one by one, SQLite would read its whole schema for each.
    """
    fresh = {step.table for step in plan.steps if step.kind == "create_table"}
    found: dict[str, list[Step]] = {}
    for step in plan.steps:
        if step.kind == "add_column" and step.table in fresh and (with_references or not _shape(step).target):
            found.setdefault(step.table, []).append(step)
    return found


def _create_table(connection: sa.Connection, plan: TablePlan, step: Step, with_columns: Sequence[Step]) -> None:
    columns = [_declared(connection, column) for column in system_columns(is_child=bool(step.parent))]
    columns[0] += " PRIMARY KEY"
    if step.parent:
        columns = [
            f'{column} REFERENCES "{step.parent}" (id)' if column.startswith("parent_id ") else column for column in columns
        ]
    if connection.dialect.name == "sqlite":
        # The search tables go by row number; only a declared one survives VACUUM.
        columns[0] = columns[0].replace("PRIMARY KEY", "UNIQUE")
        columns.insert(0, "row_number INTEGER PRIMARY KEY")
    columns += [_added(connection, plan, each) for each in with_columns]
    connection.exec_driver_sql(f'CREATE TABLE "{step.table}" ({", ".join(columns)})')
    write_table(
        connection, step.table, TableState(plan.app, step.uid, step.entity, step.parent, is_retired=False)
    )
    write_new_columns(connection, plan.app, step.table, {each.column: _state(each) for each in with_columns})


def _restore_table(connection: sa.Connection, _plan: TablePlan, step: Step, _now: datetime) -> None:
    mark_retired(connection, step.table, "", None)


def _retire_table(connection: sa.Connection, _plan: TablePlan, step: Step, now: datetime) -> None:
    mark_retired(connection, step.table, "", now)


def _add_column(connection: sa.Connection, plan: TablePlan, step: Step, _now: datetime) -> None:
    connection.exec_driver_sql(f'ALTER TABLE "{step.table}" ADD COLUMN {_added(connection, plan, step)}')
    _note_column(connection, plan, step, _now)


def _added(connection: sa.Connection, plan: TablePlan, step: Step) -> str:
    """A field's column as it is declared."""
    target = _shape(step).target
    declared = _declared(connection, sa.Column(step.column, plan.types[step.table, step.column]))
    return f'{declared} REFERENCES "{target}" (id)' if target else declared


def _note_column(connection: sa.Connection, plan: TablePlan, step: Step, _now: datetime) -> None:
    write_column(connection, plan.app, step.table, step.column, _state(step))


def _state(step: Step) -> ColumnState:
    return ColumnState(_shape(step), step.uid, step.field, is_retired=False, type_key=step.type_key, conversion=step.conversion)


def _convert_column(connection: sa.Connection, plan: TablePlan, step: Step, now: datetime) -> None:
    """Note where the column's values are to come from; the worker carries them over."""
    is_fresh = any(item.kind == "add_column" and item.column == step.column for item in plan.steps)
    begun = begin_conversion(step.source, step.conversion, release=plan.before, is_fresh=is_fresh, now=now)
    state = ColumnState(_shape(step), step.uid, step.field, is_retired=False, type_key=step.type_key, conversion=begun)
    write_column(connection, plan.app, step.table, step.column, state)


def _retire_column(connection: sa.Connection, _plan: TablePlan, step: Step, now: datetime) -> None:
    mark_retired(connection, step.table, step.column, now)


def _widen_column(connection: sa.Connection, plan: TablePlan, step: Step, now: datetime) -> None:
    shape, old = _shape(step), step.old_shape
    if connection.dialect.name == "postgresql":
        type_ = connection.dialect.type_compiler_instance.process(plan.types[step.table, step.column])
        connection.exec_driver_sql(f'ALTER TABLE "{step.table}" ALTER COLUMN "{step.column}" TYPE {type_}')
    elif old is not None and shape.form == "exact":
        _rescale(connection, step, 10 ** (shape.scale - old.scale))
    _note_column(connection, plan, step, now)


def _rescale(connection: sa.Connection, step: Step, factor: int) -> None:
    """SQLite keeps a decimal as a whole number of its smallest unit, and that unit gets smaller."""
    table, column = sa.table(step.table, sa.column(step.column)), sa.column(step.column, sa.BigInteger)
    limit = _LARGEST // factor
    query = sa.select(sa.func.count()).select_from(table).where(sa.or_(column > limit, column < -limit))
    count = connection.execute(query).scalar_one()
    if count:
        path = ("entity", step.entity, "fields", step.field)
        raise Invalid(Problem("storage.too_large_to_widen", {"count": count}, path))
    connection.execute(sa.update(table).values({step.column: column * factor}))


def _rebuild_column(connection: sa.Connection, plan: TablePlan, step: Step, now: datetime) -> None:
    connection.exec_driver_sql(f'ALTER TABLE "{step.table}" DROP COLUMN "{step.column}"')
    _add_column(connection, plan, step, now)


def _create_index(connection: sa.Connection, _plan: TablePlan, step: Step, _now: datetime) -> None:
    index = step.index
    if index is None:
        return
    if connection.dialect.name == "postgresql":  # where making one apart may have failed half-way
        connection.exec_driver_sql(f'DROP INDEX IF EXISTS "{index.name}"')
    if not index.is_unique:
        connection.exec_driver_sql(index.sql)
        return
    try:
        with connection.begin_nested():
            connection.exec_driver_sql(index.sql)
    except sa.exc.IntegrityError as error:
        values = {"fields": list(index.fields)}
        raise Invalid(Problem("storage.duplicates", values, ("entity", step.entity))) from error


def _drop_index(connection: sa.Connection, _plan: TablePlan, step: Step, _now: datetime) -> None:
    connection.exec_driver_sql(f'DROP INDEX "{step.column}"')


def _create_search(connection: sa.Connection, _plan: TablePlan, step: Step, _now: datetime) -> None:
    create_search(connection, step.table)


def _drop_search(connection: sa.Connection, _plan: TablePlan, step: Step, _now: datetime) -> None:
    drop_search(connection, step.table)


def _declared(connection: sa.Connection, column: sa.Column[Any]) -> str:
    """Name and type of a column; constraints are ours to add, and NOT NULL is never used for values."""
    dialect = connection.dialect
    declared = f"{dialect.identifier_preparer.format_column(column)} {dialect.type_compiler_instance.process(column.type)}"
    return declared if column.nullable else f"{declared} NOT NULL"


def _shape(step: Step) -> Shape:
    if step.shape is None:
        raise RuntimeError(f"the step {step.kind} has no shape")
    return step.shape


_CHANGES: dict[str, Callable[[sa.Connection, TablePlan, Step, datetime], None]] = {
    "restore_table": _restore_table,
    "retire_table": _retire_table,
    "add_column": _add_column,
    "restore_column": _note_column,
    "rename_column": _note_column,
    "retire_column": _retire_column,
    "convert_column": _convert_column,
    "widen_column": _widen_column,
    "rebuild_column": _rebuild_column,
    "create_index": _create_index,
    "drop_index": _drop_index,
    "create_search": _create_search,
    "drop_search": _drop_search,
}
