"""What stands in the database for an app: its tables and columns, as the bookkeeping has them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.definitions.model import Field, Model
from engine.fields.capabilities import Computes, Refers
from engine.fields.column_types import Exact
from engine.fields.derived import effective
from engine.storage.system_tables import record_column

BUILT_IN = {"@user": "user_account", "@department": "department"}
_RECOMPUTABLE = {"formula", "mirror", "rollup"}


@dataclass(frozen=True)
class Shape:
    """What a column can hold.

    `form` names the storage ("text", "exact", "integer", or the column type's name), `kind` what an
    expression sees, `target` the table a reference points to. Values of a derived column follow from
    others, so they can be worked out again.
    """

    form: str
    kind: str
    scale: int = 0
    target: str = ""
    is_derived: bool = False

    def fits_into(self, other: Shape) -> bool:
        """Can a column of this shape become one of the other without losing anything?"""
        if self.kind != other.kind or self.target != other.target or (other.is_derived and not self.is_derived):
            return False
        if other.form == "exact":
            return self.form in {"exact", "integer"} and self.scale <= other.scale
        return self.form == other.form

    def is_stored_as(self, other: Shape) -> bool:
        """Do both look the same in the database?"""
        return (self.form, self.scale, self.target) == (other.form, other.scale, other.target)


@dataclass(frozen=True)
class ColumnState:
    """One column as it stands."""

    shape: Shape
    uid: str
    key: str
    is_retired: bool
    type_key: str = ""
    conversion: Mapping[str, Any] | None = None
    """How far its values have been carried over from another column (`conversions.py`)."""


@dataclass(frozen=True)
class TableState:
    """One record table as it stands; `parent` is its owner's table, "" for none."""

    app: str
    uid: str
    key: str
    parent: str
    is_retired: bool
    columns: Mapping[str, ColumnState] = field(default_factory=dict)


def shape_of(item: Field, model: Model) -> Shape:
    """The shape that a field's column needs."""
    stored_as, options = effective(item.type, item.options)
    column = stored_as.column(options)
    target = ""
    is_derived = isinstance(item.type, Computes) and item.type.computation in _RECOMPUTABLE
    if isinstance(stored_as, Refers) and not is_derived:
        key = stored_as.target(options)
        target = BUILT_IN.get(key) or model.entities[key].table
    if isinstance(column, Exact):
        return Shape("exact", stored_as.kind, column.scale, target, is_derived)
    if isinstance(column, sa.Integer):
        return Shape("integer", stored_as.kind, 0, target, is_derived)
    form = "text" if isinstance(column, sa.String) else type(column).__name__.lower()
    return Shape(form, stored_as.kind, 0, target, is_derived)


def read_state(connection: sa.Connection, app: str, tables: Iterable[str]) -> dict[str, TableState]:
    """An app's tables, and whoever else's have one of the given names."""
    return _read(connection, sa.or_(record_column.c.app == app, record_column.c.table.in_(list(tables))))


def read_table(connection: sa.Connection, table: str) -> TableState | None:
    """One table; None for one that isn't there."""
    return _read(connection, record_column.c.table == table).get(table)


def _read(connection: sa.Connection, condition: sa.ColumnElement[bool]) -> dict[str, TableState]:
    rows = connection.execute(sa.select(record_column).where(condition)).all()
    columns: dict[str, dict[str, ColumnState]] = {}
    for row in rows:
        if row.column:
            columns.setdefault(row.table, {})[row.column] = ColumnState(
                Shape(**row.details["shape"]), row.uid, row.details["key"], row.retired_at is not None,
                row.type, row.details.get("conversion"),
            )
    return {
        row.table: TableState(
            row.app, row.uid, row.details["key"], row.details["parent"], row.retired_at is not None,
            columns.get(row.table, {}),
        )
        for row in rows
        if not row.column
    }


def write_table(connection: sa.Connection, table: str, state: TableState) -> None:
    """Note a table that has just been made."""
    connection.execute(
        record_column.insert().values(
            table=table, column="", app=state.app, uid=state.uid, type="",
            details={"key": state.key, "parent": state.parent}, retired_at=None,
        )
    )


def write_column(connection: sa.Connection, app: str, table: str, column: str, state: ColumnState) -> None:
    """Note a column as it now is: new, or changed."""
    values = _noted(state)
    done = connection.execute(_of(table, column).values(**values))
    if done.rowcount == 0:
        connection.execute(record_column.insert().values(app=app, table=table, column=column, **values))


def write_new_columns(connection: sa.Connection, app: str, table: str, states: Mapping[str, ColumnState]) -> None:
    """Note the columns that a table has just been made with."""
    rows = [{"app": app, "table": table, "column": column, **_noted(state)} for column, state in states.items()]
    if rows:
        connection.execute(record_column.insert(), rows)


def _noted(state: ColumnState) -> dict[str, Any]:
    details: dict[str, Any] = {"key": state.key, "shape": asdict(state.shape)}
    if state.conversion is not None:
        details["conversion"] = dict(state.conversion)
    return {"uid": state.uid, "type": state.type_key, "details": details, "retired_at": None}


def mark_retired(connection: sa.Connection, table: str, column: str, at: datetime | None) -> None:
    """Note that a column (or, with "", a table) is out of use, or with None back in use."""
    connection.execute(_of(table, column).values(retired_at=at))


def _of(table: str, column: str) -> sa.Update:
    return record_column.update().where(record_column.c.table == table, record_column.c.column == column)
