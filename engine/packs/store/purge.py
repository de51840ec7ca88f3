"""Deleting records for good, with everything that belongs to them: for what came with a pack, never for people's own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.definitions.paths import target_of
from engine.storage import Work, stored_fields
from engine.storage.system_tables import (
    comment,
    history,
    notification,
    sequence,
    stored_file,
    wf_command,
    wf_copy,
    wf_event,
    wf_instance,
    wf_slot,
    wf_timer,
    wf_visit,
)

Ids = Mapping[str, set[UUID]]
_CHUNK = 400
RUN_PARTS = (wf_copy, wf_command, wf_event, wf_timer, wf_slot, wf_visit)
"""What belongs to a run: deleted before it."""


def with_rows(work: Work, app: str, ids: Ids) -> dict[str, set[UUID]]:
    """The same records together with the rows that they own, by entity; removed ones too."""
    model, tables = work.model(app), work.tables(app)
    found = {entity: set(some) for entity, some in ids.items()}
    children = [entity for entity in model.entities.values() if entity.part_of]
    grown = True
    while grown:
        grown = False
        for child in children:
            table, known = tables[child.key], found.setdefault(child.key, set())
            rows = {row for some in _chunks(found.get(child.part_of or "", ())) for row in work.connection.scalars(
                sa.select(table.c.id).where(table.c.parent_id.in_(some)))} - known
            known |= rows
            grown = grown or bool(rows)
    return found


def referring(work: Work, app: str, ids: Ids) -> Iterator[tuple[str, str, UUID, bool]]:
    """Records outside of `ids` that point into them: entity, field, id, whether it stands."""
    for entity, field, column, target in _references(work, app):
        table = work.tables(app)[entity]
        for some in _chunks(ids.get(target, ())):
            rows = work.connection.execute(sa.select(table.c.id, table.c.removed_on).where(table.c[column].in_(some)))
            for row in rows:
                if row.id not in ids.get(entity, ()):
                    yield entity, field, row.id, row.removed_on is None


def owner_of(work: Work, app: str, entity: str, id_: UUID) -> tuple[str, UUID]:
    """The record that a row belongs to at last; itself where it is no row."""
    parent = work.model(app).entities[entity].part_of
    if parent is None:
        return entity, id_
    table = work.tables(app)[entity]
    return owner_of(work, app, parent, work.connection.execute(sa.select(table.c.parent_id).where(table.c.id == id_)).scalar_one())


def purge(work: Work, app: str, ids: Ids) -> None:
    """Delete records; whatever points to them then points nowhere."""
    model, tables, run = work.model(app), work.tables(app), work.connection.execute
    for entity, _, column, target in _references(work, app):
        table = tables[entity]
        for some in _chunks(ids.get(target, ())):
            run(table.update().where(table.c[column].in_(some)).values({column: None}))
        for some in _chunks(ids.get(entity, ())):
            run(table.update().where(table.c.id.in_(some)).values({column: None}))
    every = [id_ for some in ids.values() for id_ in some]
    purge_belongings(work, every)
    depth = {key: _depth(model.entities, key) for key in ids}
    for entity in sorted(ids, key=lambda key: -depth[key]):
        for some in _chunks(ids[entity]):
            run(tables[entity].delete().where(tables[entity].c.id.in_(some)))


def purge_belongings(work: Work, ids: Iterable[UUID]) -> None:
    """Delete runs, histories, comments and messages of records; their files are left to be swept."""
    run = work.connection.execute
    for some in _chunks(ids):
        runs = list(run(sa.select(wf_instance.c.id).where(wf_instance.c.record_id.in_(some))).scalars())
        for chunk in _chunks(runs):
            for table in RUN_PARTS:
                run(table.delete().where(table.c.instance_id.in_(chunk)))
            run(wf_instance.delete().where(wf_instance.c.id.in_(chunk)))
        for table in (comment, history, notification):
            run(table.delete().where(table.c.record_id.in_(some)))
        run(stored_file.update().where(stored_file.c.record_id.in_(some)).values(record_id=None, entity=None, field_uid=None))


def restart_numbers(work: Work, app: str) -> None:
    """Let running numbers begin anew where no record is left that has one."""
    for entity in work.model(app).entities.values():
        numbered = [item.uid for item in entity.fields.values() if item.type.key == "number"]
        table = work.tables(app)[entity.key]
        if numbered and work.connection.execute(sa.select(table.c.id).limit(1)).first() is None:
            for uid in numbered:
                work.connection.execute(sequence.delete().where(sequence.c.key.startswith(f"{uid}:", autoescape=True)))


def _references(work: Work, app: str) -> Iterator[tuple[str, str, str, str]]:
    """Entity, field, column and target entity of every stored reference."""
    model = work.model(app)
    for entity in model.entities.values():
        for item in stored_fields(entity):
            target = target_of(item)
            if target in model.entities and item.type.kind == "reference":
                yield entity.key, item.key, item.column, str(target)


def _depth(entities: Mapping[str, Any], key: str) -> int:
    parent = entities[key].part_of
    return 1 + _depth(entities, parent) if parent else 0


def _chunks(ids: Iterable[UUID]) -> Iterator[list[UUID]]:
    found = list(ids)
    for start in range(0, len(found), _CHUNK):
        yield found[start : start + _CHUNK]
