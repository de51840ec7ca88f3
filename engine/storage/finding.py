"""Which records stand in the way of a new definition: the same questions as counting, answered with ids."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.definitions import Entity, Field, Model
from engine.storage.counting import Counter
from engine.storage.unit_of_work import Work


class Finder(Counter):
    """Counts like a Counter and keeps, of the newest question, the first records that the answer counts.

    `found` holds at most `limit` ids in their order, from `after` on.
    """

    def __init__(self, work: Work, model: Model, limit: int, after: UUID | None = None) -> None:
        super().__init__(work, model)
        self._limit = limit
        self._after = after
        self.found: tuple[UUID, ...] = ()

    def repeated(self, entity: Entity, items: Sequence[Field]) -> int:
        """Records that have the same values in some fields as another record has; all of them are found."""
        table = self._table(entity)
        if table is not None:
            columns = [self._column(entity, table, item) for item in items]
            standing = (table.c.removed_on.is_(None), *(column.is_not(None) for column in columns))
            twice = (
                sa.select(*(column.label(f"c{place}") for place, column in enumerate(columns)))
                .where(*standing).group_by(*columns).having(sa.func.count() > 1).subquery()
            )
            same = [column == twice.c[f"c{place}"] for place, column in enumerate(columns)]
            query = sa.select(table.c.id).join(twice, sa.and_(*same)).where(*standing).order_by(*columns, table.c.id).limit(self._limit)
            self.found = tuple(self._work.connection.scalars(query))
        return super().repeated(entity, items)

    def value(self, entity: Entity, item: Field, id_: UUID) -> Any:
        """What a record holds in a field."""
        table = self._table(entity)
        if table is None:
            return None
        return self._work.connection.execute(sa.select(self._column(entity, table, item)).where(table.c.id == id_)).scalar()

    def _count(self, entity: Entity, condition: sa.ColumnElement[bool]) -> int:
        table = self._table(entity)
        self.found = ()
        if table is not None:
            query = sa.select(table.c.id).where(table.c.removed_on.is_(None), condition).order_by(table.c.id).limit(self._limit)
            if self._after is not None:
                query = query.where(table.c.id > self._after)
            self.found = tuple(self._work.connection.scalars(query))
        return super()._count(entity, condition)
