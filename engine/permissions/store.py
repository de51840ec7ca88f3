"""Permission as SQL: which rows a role's scope means. The only SQL of this room.

Every condition begins with "none" and adds what is granted: nothing granted is nothing found.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.definitions.model import Field, Model
from engine.definitions.paths import (
    BUILT_IN,
    DEPARTMENT,
    USER,
    computation_of,
    counts,
    rolled_up,
    target_of,
)
from engine.expressions import Expression
from engine.expressions.to_sql import to_sql
from engine.kernel.actor import Actor
from engine.permissions.extra import EXTRA_READ
from engine.permissions.live import is_live
from engine.storage.system_tables import department, user

Condition = sa.ColumnElement[Any]
_BUILT_IN: Mapping[str, tuple[sa.Table, Mapping[str, str]]] = {
    USER: (user, {"department": "department_id", "manager": "manager_id"}),
    DEPARTMENT: (department, {"parent": "parent_id", "head": "head_id"}),
}


@dataclass(frozen=True, eq=False)
class Rows:
    """Turns scopes into conditions for one actor, in one release, at one moment."""

    model: Model
    tables: Mapping[str, sa.Table]
    actor: Actor
    dialect: str
    now: datetime

    def any_of(self, scopes: Iterable[str | Expression], entity: str, table: sa.FromClause) -> Condition:
        """Rows that fit any of the scopes; none when there are no scopes."""
        found = list(scopes)
        if "all" in found:  # said first, so that the database has nothing to compare
            return sa.true()
        return sa.or_(sa.false(), *(self._one(scope, entity, table) for scope in found))

    def _one(self, scope: str | Expression, entity: str, table: sa.FromClause) -> Condition:
        """Rows that fit a scope other than "all". Each wider one holds the narrower ones: a department's records
        include one's own."""
        if isinstance(scope, Expression):
            return self._rule(scope, entity, table)
        owner = self._owner(entity, table)
        own = owner == self.actor.user_id if self.actor.user_id else sa.false()
        if scope == "own":
            return own
        if scope == "department":
            return sa.or_(own, self._in_departments(entity, table, [self.actor.department_id]))
        if scope == "department_and_below":
            return sa.or_(own, self._in_departments(entity, table, self.actor.departments))
        return sa.false()

    def by_reason(self, entity: str, table: sa.FromClause) -> Condition | None:
        """Rows that may be read for another reason than a role; None when there is no such reason."""
        app = self.model.app.key
        found = [reason(app, entity, table, self.actor) for reason in EXTRA_READ]
        reasons = [condition for condition in found if condition is not None]
        return sa.or_(sa.false(), *reasons) if reasons else None

    def of_owner(self, condition: Condition, owner: sa.FromClause, table: sa.FromClause) -> Condition:
        """Owned rows whose owner fits a condition over `owner`."""
        found = sa.select(sa.literal(1)).where(owner.c.id == table.c.parent_id, owner.c.removed_on.is_(None), condition)
        return found.select_from(owner).correlate(table).exists()

    def alias(self, entity: str) -> sa.FromClause:
        """The entity's table under a name of its own."""
        return self.tables[entity].alias()

    def _owner(self, entity: str, table: sa.FromClause) -> Condition:
        owner = self.model.entities[entity].owner
        return table.c[self._column(entity, owner)] if owner else table.c.created_by

    def _in_departments(self, entity: str, table: sa.FromClause, ids: Iterable[UUID | None]) -> Condition:
        """Records of departments: by their department field, else by their owner's department."""
        wanted = [item for item in ids if item is not None]
        if not wanted:
            return sa.false()
        field = self.model.entities[entity].department
        if field:
            return table.c[self._column(entity, field)].in_(wanted)
        colleagues = sa.select(user.c.id).where(user.c.department_id.in_(wanted))
        return self._owner(entity, table).in_(colleagues)

    def _column(self, entity: str, field: str) -> str:
        return self.model.entities[entity].fields[field].column

    def _rule(self, rule: Expression, entity: str, table: sa.FromClause) -> Condition:
        """A rule's own condition. It sees all that its author could name, whoever acts."""
        return self._sql(rule, entity, table)

    def _sql(
        self, expression: Expression, entity: str, table: sa.FromClause, as_type: sa.types.TypeEngine[Any] | None = None
    ) -> Condition:
        def column(name: str) -> Any:
            return self._actor(name) if name.startswith("actor.") else self._path(entity, table, name)

        return to_sql(
            expression, column, dialect=self.dialect, now=self.now, timezone=self.model.app.timezone, as_type=as_type
        )

    def _actor(self, name: str) -> Any:
        actor = self.actor
        values = {
            "actor.id": actor.user_id, "actor.department": actor.department_id, "actor.name": actor.name,
            "actor.language": actor.language, "actor.roles": tuple(sorted(actor.roles_in(self.model.app.key))),
        }
        return values[name]

    def _path(self, entity: str, table: sa.FromClause, name: str) -> Condition:
        """A name as a column; steps through references become subqueries of one value."""
        step, _, rest = name.partition(".")
        column = self._named(entity, table, step)
        if not rest:
            return column
        target = self._target(entity, step)
        other = _BUILT_IN[target][0].alias() if target in _BUILT_IN else self.alias(target)
        found = sa.select(self._path(target, other, rest)).select_from(other).where(other.c.id == column)
        if target not in _BUILT_IN:
            found = found.where(other.c.removed_on.is_(None))
        return found.correlate(table).scalar_subquery()

    def _named(self, entity: str, table: sa.FromClause, name: str) -> Condition:
        if entity in _BUILT_IN:
            return table.c[_BUILT_IN[entity][1].get(name, name)]
        if name == "id":
            return table.c.id
        here = self.model.entities[entity]
        item = here.fields[name]
        if not is_live(self.model.entities, entity, item):
            return table.c[item.column]
        if item.formula is not None:
            return self._sql(item.formula, entity, table, item.type.column(item.options))
        if computation_of(item) == "mirror":
            return self._path(entity, table, f"{item.options['via']}.{item.options['field']}")
        return self._rolled_up(entity, table, item)

    def _rolled_up(self, entity: str, table: sa.FromClause, item: Field) -> Condition:
        other = str(rolled_up(self.model.entities, entity, item))
        rows = self.alias(other)
        owner = rows.c.parent_id if item.options.get("rows") else self._path(other, rows, str(item.options["via"]))
        value: Condition = sa.func.count()
        if not counts(item):
            column = self._path(other, rows, str(item.options["field"]))
            value = getattr(sa.func, item.options["function"])(column)
            if item.options["function"] == "sum":
                value = sa.func.coalesce(value, sa.literal_column("0"))
            value = sa.type_coerce(value, column.type)
        conditions = [owner == table.c.id, rows.c.removed_on.is_(None)]
        conditions += [self._sql(item.filter, other, rows)] if item.filter else []
        found = sa.select(value).select_from(rows).where(*conditions)
        return found.correlate(table).scalar_subquery()

    def _target(self, entity: str, step: str) -> str:
        if entity in _BUILT_IN:
            return str(BUILT_IN[entity][step][1])
        return entity if step == "id" else str(target_of(self.model.entities[entity].fields[step]))


def holds(connection: sa.Connection, table: sa.FromClause, record_id: UUID, condition: Condition) -> bool:
    """Does a condition hold for a record?"""
    found = sa.select(sa.literal(1)).select_from(table).where(table.c.id == record_id, condition)
    return connection.scalar(found) is not None


def any_row(connection: sa.Connection, table: sa.FromClause, condition: Condition) -> bool:
    """Is there a record for which a condition holds?"""
    found = sa.select(sa.literal(1)).select_from(table).where(table.c.removed_on.is_(None), condition)
    return connection.scalar(found.limit(1)) is not None
