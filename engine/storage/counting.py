"""How many records stand in the way of a new definition."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import BigInteger, TypeEngine

from engine.definitions import Entity, Field, Model
from engine.definitions.paths import target_of
from engine.expressions import Expression, to_sql
from engine.fields.column_types import Exact
from engine.kernel.errors import Invalid
from engine.storage.record_tables import system_columns
from engine.storage.shapes import TableState, read_table
from engine.storage.system_tables import department, user
from engine.storage.unit_of_work import Work

_BUILT_IN: dict[str, tuple[sa.Table, dict[str, str]]] = {
    "@user": (user, {"department": "department_id", "manager": "manager_id"}),
    "@department": (department, {"parent": "parent_id", "head": "head_id"}),
}


class Counter:
    """Counts the records of a model whose tables may not be all there yet.

    Columns that the database hasn't count as empty. Only records that stand are counted.
    """

    def __init__(self, work: Work, model: Model) -> None:
        self._work = work
        self._model = model
        self._states: dict[str, TableState | None] = {}
        self._tables: dict[str, sa.Table] = {}

    def _standing(self, table: str) -> TableState | None:
        """What there is; read table by table, for of a large app often little has to be counted."""
        if table not in self._states:
            self._states[table] = read_table(self._work.connection, table)
        return self._states[table]

    def records(self, entity: Entity) -> int:
        """All records."""
        return self._count(entity, sa.true())

    def filled(self, entity: Entity, item: Field) -> int:
        """Records with a value in a field."""
        return self._count(entity, self._column(entity, self._table(entity), item).is_not(None))

    def empty(self, entity: Entity, item: Field) -> int:
        """Records without a value in a field."""
        return self._count(entity, self._column(entity, self._table(entity), item).is_(None))

    def longer(self, entity: Entity, item: Field, limit: int) -> int:
        """Records whose text in a field has more characters."""
        column = self._column(entity, self._table(entity), item)
        return self._count(entity, sa.func.length(column) > limit)

    def outside(self, entity: Entity, item: Field, least: Any, most: Any) -> int:
        """Records whose value in a field is below the one bound or above the other."""
        column = self._column(entity, self._table(entity), item)
        bounds = [column < least] if least is not None else []
        bounds += [column > most] if most is not None else []
        return self._count(entity, sa.or_(sa.false(), *bounds))

    def chosen(self, entity: Entity, item: Field, option: str, *, is_list: bool) -> int:
        """Records that have an option of a choice."""
        column = self._column(entity, self._table(entity), item)
        if not is_list:
            return self._count(entity, column == option)
        if self._work.dialect == "postgresql":
            return self._count(entity, sa.literal(option, sa.Text()) == sa.any_(column))
        return self._count(entity, sa.type_coerce(column, sa.Text()).contains(f"|{option}|", autoescape=True))

    def by_option(self, entity: Entity, item: Field) -> dict[str | None, int]:
        """How many records have each option of a single choice; None stands for none."""
        table = self._table(entity)
        if table is None:
            return {}
        column = self._column(entity, table, item)
        query = sa.select(column, sa.func.count()).select_from(table).where(table.c.removed_on.is_(None)).group_by(column)
        return {row[0]: row[1] for row in self._work.connection.execute(query)}

    def repeated(self, entity: Entity, items: Sequence[Field]) -> int:
        """Records that have the same values in some fields as another record has."""
        table = self._table(entity)
        if table is None:
            return 0
        columns = [self._column(entity, table, item) for item in items]
        groups = (
            sa.select((sa.func.count() - 1).label("more")).select_from(table)
            .where(table.c.removed_on.is_(None), *(column.is_not(None) for column in columns))
            .group_by(*columns).having(sa.func.count() > 1).subquery()
        )
        query = sa.select(sa.func.coalesce(sa.func.sum(groups.c.more), 0))
        return int(self._work.connection.execute(query).scalar_one())

    def breaking(self, entity: Entity, check: Expression, when: Expression | None) -> int | None:
        """Records for which `when` holds and `check` doesn't; None where that can't be told beforehand."""
        table = self._table(entity)
        if table is None:
            return 0
        try:
            held = self._translated(entity, table, check, sa.Boolean())
            applies = self._translated(entity, table, when, None) if when is not None else sa.true()
        except (LookupError, Invalid):  # it asks for what only a change has: who acts, what was before
            return None
        return self._count(entity, sa.and_(applies, held == sa.false()))

    def _count(self, entity: Entity, condition: sa.ColumnElement[bool]) -> int:
        table = self._table(entity)
        if table is None:
            return 0
        query = sa.select(sa.func.count()).select_from(table).where(table.c.removed_on.is_(None), condition)
        return self._work.connection.execute(query).scalar_one()

    def _table(self, entity: Entity) -> sa.Table | None:
        """The table as it stands, with the columns that it has; None when it isn't there."""
        standing = self._standing(entity.table)
        if standing is None:
            return None
        if entity.table not in self._tables:
            items = [item for item in entity.fields.values() if item.column]
            columns = [sa.Column(item.column, _type(standing, item)) for item in items if item.column in standing.columns]
            self._tables[entity.table] = sa.Table(
                entity.table, sa.MetaData(), *system_columns(is_child=bool(standing.parent)), *columns
            )
        return self._tables[entity.table]

    def _column(self, entity: Entity, table: sa.FromClause | None, item: Field) -> sa.ColumnElement[Any]:
        if table is not None and item.column in table.c:
            return table.c[item.column]
        if table is not None and not item.column and item.formula is not None:
            # One that depends on the clock.
            return self._translated(entity, table, item.formula, item.type.column(item.options))
        return sa.type_coerce(sa.null(), item.type.column(item.options) or sa.Text())

    def _translated(
        self, entity: Entity, table: sa.FromClause, expression: Expression, as_type: TypeEngine[Any] | None
    ) -> sa.ColumnElement[Any]:
        return to_sql(
            expression, lambda name: self._named(entity, table, name), as_type=as_type,
            dialect=self._work.dialect, now=self._work.now, timezone=self._model.app.timezone,
        )

    def _named(self, entity: Entity, table: sa.FromClause, name: str) -> sa.ColumnElement[Any]:
        """The column that a name in an expression means; raises LookupError where none does."""
        step, _, rest = name.partition(".")
        if step == "id":
            return table.c.id
        item = entity.fields[step]
        column = self._column(entity, table, item)
        return self._beyond(column, target_of(item) or "", rest) if rest else column

    def _beyond(self, column: sa.ColumnElement[Any], target: str, name: str) -> sa.ColumnElement[Any]:
        """A value of the record that a column refers to."""
        if target in _BUILT_IN:
            table, differing = _BUILT_IN[target]
            found = table.alias()
            value: sa.ColumnElement[Any] = found.c[differing.get(name, name)]
            return sa.select(value).where(found.c.id == column).scalar_subquery()
        entity = self._model.entities[target]
        standing = self._table(entity)
        if standing is None:
            raise LookupError(target)
        other = standing.alias()
        value = self._named(entity, other, name)
        return sa.select(value).where(other.c.id == column, other.c.removed_on.is_(None)).scalar_subquery()


def _type(standing: TableState, item: Field) -> TypeEngine[Any]:
    """The type that the column has now, which may have fewer decimals than it is going to have."""
    shape = standing.columns[item.column].shape
    if shape.form == "exact":
        return Exact(shape.scale)
    return BigInteger() if shape.form == "integer" else item.type.column(item.options) or sa.Text()
