"""Stored values of records as they are, whoever may read them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.definitions.model import Entity, Field
from engine.storage import Work
from engine.storage.system_tables import wf_instance

_CHUNK = 400
_SYSTEM = {"id", "created_on", "created_by", "changed_on", "changed_by", "parent_id", "position"}


def read_rows(work: Work, app: str, entity: Entity, fields: Sequence[Field]) -> Iterator[tuple[UUID, dict[str, Any]]]:
    """Every record that stands, with some of its values by the fields' keys."""
    table = work.tables(app)[entity.key]
    query = sa.select(table.c.id, *(table.c[item.column] for item in fields)).where(table.c.removed_on.is_(None)).order_by(table.c.id)
    for row in work.connection.execute(query).all():
        yield row[0], {item.key: value for item, value in zip(fields, row[1:], strict=True)}


def read_all(work: Work, app: str, entity: Entity, fields: Sequence[Field]) -> Iterator[dict[str, Any]]:
    """Every record that stands with its system values by their names, and its fields' by their columns."""
    table = work.tables(app)[entity.key]
    columns = [column for column in table.c if column.name in _SYSTEM or column.name in {item.column for item in fields}]
    order = (table.c.parent_id, table.c.position) if entity.part_of else (table.c.created_on,)
    for row in work.connection.execute(sa.select(*columns).where(table.c.removed_on.is_(None)).order_by(*order, table.c.id)).mappings():
        yield dict(row)


def values_since(work: Work, app: str, entity: Entity, item: Field, since: datetime) -> list[tuple[UUID, Any]]:
    """Records that were made or changed after a moment and have a value in a field."""
    table = work.tables(app)[entity.key]
    query = sa.select(table.c.id, table.c[item.column]).where(
        table.c.removed_on.is_(None), table.c.changed_on > since, table.c[item.column].is_not(None)).order_by(table.c.id)
    return [(row[0], row[1]) for row in work.connection.execute(query)]


def standing(work: Work, app: str, entity: Entity, limit: int) -> list[UUID]:
    """The first records of an entity that stand."""
    table = work.tables(app)[entity.key]
    return list(work.connection.scalars(sa.select(table.c.id).where(table.c.removed_on.is_(None)).order_by(table.c.id).limit(limit)))


def clear_column(work: Work, app: str, entity: Entity, item: Field, ids: Iterable[UUID]) -> None:
    """Empty a field that is about to go, so that it is empty when it comes back."""
    table, every = work.tables(app)[entity.key], list(ids)
    for start in range(0, len(every), _CHUNK):
        work.connection.execute(table.update().where(table.c.id.in_(every[start : start + _CHUNK])).values({item.column: None}))


def runs_in(work: Work, app: str, workflow_uid: str, state: str) -> dict[UUID, UUID]:
    """Open runs that stand in a state, with their records."""
    query = sa.select(wf_instance.c.id, wf_instance.c.record_id).where(
        wf_instance.c.app == app, wf_instance.c.workflow_uid == workflow_uid, wf_instance.c.state == state, wf_instance.c.ended_at.is_(None))
    return {row[0]: row[1] for row in work.connection.execute(query)}


def records_with(work: Work, app: str, entity: Entity, item: Field, value: str, without: Collection[UUID] = ()) -> list[UUID]:
    """Records that have an option in a choice, or among the ones of a list of choices."""
    found = []
    for id_, values in read_rows(work, app, entity, [item]):
        held = values[item.key]
        if id_ not in without and (held == value or (isinstance(held, (tuple, list)) and value in held)):
            found.append(id_)
    return found


