"""Names as columns: own fields, steps through references, and formulas that depend on the clock.

`Columns` is where permission meets SQL. With `is_free` unset, each step through a reference is an
outer join that finds only records the actor may read, so a hidden record is like none at all.
Whether a name may be used is asked before (`names.py`); here every name is known to be good.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from engine.definitions.model import Entity, Field
from engine.definitions.paths import (
    DEPARTMENT,
    USER,
    computation_of,
    find_field,
    rolled_up,
    target_of,
)
from engine.expressions import Expression
from engine.expressions.to_sql import to_sql
from engine.fields import effective
from engine.fields.capabilities import Refers
from engine.records.access import Access, actor_value
from engine.records.graph import Node
from engine.storage.system_tables import department, user

Column = sa.ColumnElement[Any]
Named = Callable[[str], Any]

_BUILT_IN: dict[str, tuple[sa.Table, dict[str, str]]] = {
    USER: (user, {"department": "department_id", "manager": "manager_id"}),
    DEPARTMENT: (department, {"parent": "parent_id", "head": "head_id"}),
}


def built_in(target: str) -> tuple[sa.Table, dict[str, str]]:
    """The table of a built-in target, and the columns of names that differ from them."""
    return _BUILT_IN[target]


class Columns:
    """The columns of one statement over one entity, with the joins that they need."""

    def __init__(self, access: Access, entity: str, table: sa.FromClause | None = None, *, is_free: bool = False) -> None:
        self.access = access
        self.entity: Entity = access.model.entities[entity]
        self.table: sa.FromClause = access.tables[entity] if table is None else table
        self.is_free = is_free
        self._joins: dict[tuple[bool, tuple[str, ...]], tuple[str, sa.FromClause]] = {}
        self._from: sa.FromClause = self.table

    def __call__(self, name: str) -> Column:
        """The column that a name means."""
        return self._at((), name, is_free=self.is_free)

    def from_clause(self) -> sa.FromClause:
        """The table with all joins that were needed so far."""
        return self._from

    def title(self, name: str) -> Column | None:
        """The title of what a reference points to; None where it points to no record."""
        target = self.target(name)
        if target is None:
            return None
        path = tuple(name.split("."))
        column = self(name)
        if target in _BUILT_IN:
            _, found = self._join(path, target, column, is_free=self.is_free)
            return found.c.name
        entity = self.access.model.entities.get(target)
        if entity is None or not self._may_show(entity):
            return None
        _, found = self._join(path, target, column, is_free=self.is_free)
        return self._own(path, entity, found, entity.title, is_free=True)

    def named(self, name: str) -> Any:
        """What a name in an expression means: a column, or a value of the actor."""
        return actor_value(self.access, name) if name.startswith("actor.") else self(name)

    def free(self, name: str) -> Any:
        """The same to the author of a definition: steps find every record."""
        return actor_value(self.access, name) if name.startswith("actor.") else self._at((), name, is_free=True)

    def field(self, name: str) -> Field | None:
        """The field that a name ends in; None for `id` and for what is known of people."""
        return find_field(self.access.model.entities, self.entity.key, name)

    def target(self, name: str) -> str | None:
        """What a reference refers to: an entity, "@user", "@department"; None for other names."""
        item = self.field(name)
        if item is None:
            return None
        field_type, options = effective(item.type, item.options)
        return field_type.target(options) if isinstance(field_type, Refers) else None

    def _may_show(self, entity: Entity) -> bool:
        return self.is_free or self.access.policy.field_right(entity.key, entity.title) != "hidden"

    def _at(self, path: tuple[str, ...], name: str, *, is_free: bool) -> Column:
        """A name as seen from the end of a path."""
        entity, table = self._place(path, is_free=is_free)
        step, _, rest = name.partition(".")
        if not rest:
            return self._named(path, entity, table, step, is_free=is_free)
        column = self._named(path, entity, table, step, is_free=is_free)
        target = _target(self.access, entity, step)
        self._join((*path, step), target, column, is_free=is_free)
        return self._at((*path, step), rest, is_free=is_free)

    def _place(self, path: tuple[str, ...], *, is_free: bool) -> tuple[str, sa.FromClause]:
        return self._joins[is_free, path] if path else (self.entity.key, self.table)

    def _named(self, path: tuple[str, ...], entity: str, table: sa.FromClause, name: str, *, is_free: bool) -> Column:
        if entity in _BUILT_IN:
            return table.c[_BUILT_IN[entity][1].get(name, name)]
        if name == "id":
            return table.c.id
        return self._own(path, self.access.model.entities[entity], table, name, is_free=is_free)

    def _own(self, path: tuple[str, ...], entity: Entity, table: sa.FromClause, key: str, *, is_free: bool) -> Column:
        item = entity.fields[key]
        if Node(entity.key, key) not in self.access.plans.graph.volatile:
            return table.c[item.column]
        return self._volatile(path, entity, table, item)

    def _volatile(self, path: tuple[str, ...], entity: Entity, table: sa.FromClause, item: Field) -> Column:
        """A derived value that is not stored. Its author may read what it is made of; so `is_free`."""
        computation = computation_of(item)
        if path:
            self._joins.setdefault((True, path), (entity.key, table))
        if computation == "mirror":
            found = self._at(path, f"{item.options['via']}.{item.options['field']}", is_free=True)
        elif computation == "rollup":
            found = rolled_up_column(self.access, entity, item, table.c.id)
        else:
            assert item.formula is not None  # noqa: S101 (a formula field without formula can't be published)
            found = self.sql(
                item.formula, lambda name: self._at(path, name, is_free=True), as_type=item.type.column(item.options)
            )
        return found

    def sql(self, expression: Expression, names: Named | None = None, as_type: Any = None) -> Column:
        """An expression as a condition, or with `as_type` as a value that a field would store."""
        work = self.access.work
        return to_sql(
            expression, names or self.named, dialect=work.dialect, now=work.now, timezone=self.access.timezone, as_type=as_type
        )

    def _alias(self, is_free: bool, path: tuple[str, ...], target: str) -> sa.FromClause:  # noqa: FBT001
        """The name of a joined table. Making one costs more than all the rest, so they are kept."""
        def make() -> sa.FromClause:
            table = _BUILT_IN[target][0] if target in _BUILT_IN else self.access.tables[target]
            return table.alias()

        return self.access.plans.kept.get(("alias", self.entity.key, is_free, path), make)

    def _join(self, path: tuple[str, ...], target: str, column: Column, *, is_free: bool) -> tuple[str, sa.FromClause]:
        known = self._joins.get((is_free, path))
        if known is not None:
            return known
        on: Column
        if target in _BUILT_IN:
            other = self._alias(is_free, path, target)
            on = other.c.id == column
        else:
            other = self._alias(is_free, path, target)
            on = sa.and_(other.c.id == column, other.c.removed_on.is_(None))
            if not is_free:
                on = sa.and_(on, self.access.policy.row_predicate("read", target, other))
        self._from = sa.outerjoin(self._from, other, on)
        self._joins[is_free, path] = (target, other)
        return target, other


def _target(access: Access, entity: str, step: str) -> str:
    if entity == USER:
        return {"department": DEPARTMENT, "manager": USER, "id": USER}[step]
    if entity == DEPARTMENT:
        return {"parent": DEPARTMENT, "head": USER, "id": DEPARTMENT}[step]
    if step == "id":
        return entity
    found = target_of(access.model.entities[entity].fields[step])
    assert found is not None  # noqa: S101 (names were checked)
    return found


def rolled_up_column(access: Access, entity: Entity, item: Field, owner: Column) -> Column:
    """A roll-up as a scalar subquery over the records that count for `owner`."""
    statement, _, group = rolled_up_parts(access, entity, item)
    return statement.where(group == owner).scalar_subquery()


def rolled_up_parts(access: Access, entity: Entity, item: Field) -> tuple[sa.Select[Any], Column, Column]:
    """The aggregate over all owners, its value column, and the column that names the owner."""
    other = rolled_up(access.model.entities, entity.key, item)
    assert other is not None  # noqa: S101 (lint refuses a roll-up over nothing)
    columns = Columns(access, other, access.tables[other].alias(), is_free=True)
    group = columns.table.c.parent_id if item.options.get("rows") else columns(str(item.options["via"]))
    value = _aggregate(columns, item)
    conditions: list[Column] = [columns.table.c.removed_on.is_(None)]
    if item.filter is not None:
        conditions.append(columns.sql(item.filter))
    return sa.select(value).select_from(columns.from_clause()).where(*conditions), value, group


def _aggregate(columns: Columns, item: Field) -> Column:
    function = item.options["function"]
    if function == "count":
        return sa.func.count()
    column = columns(str(item.options["field"]))
    if function == "sum":
        return sum_of(column, columns.access.work.dialect)
    return sa.type_coerce(getattr(sa.func, function)(column), column.type)


_PART = 10**9


def sum_of(column: Column, dialect: str) -> Column:
    """The sum of a number column, 0 for no records.

    SQLite's sum() fails when it leaves 64 bits; summed in two parts it goes on as a float instead,
    which is then plainly too large to hold. PostgreSQL's sum of whole numbers is a NUMERIC.
    """
    if dialect == "sqlite":
        raw = sa.type_coerce(column, sa.BigInteger())
        part: Column = sa.literal_column(str(_PART))
        total = sa.func.sum(raw.op("/")(part)) * part + sa.func.sum(raw % part)
        return sa.type_coerce(sa.func.coalesce(total, sa.literal_column("0")), column.type)
    return sa.type_coerce(sa.func.coalesce(sa.func.sum(column), sa.literal_column("0")), column.type)

