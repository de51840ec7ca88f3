"""The records of an app as those of its copy."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.definitions.model import Entity
from engine.definitions.paths import target_of
from engine.kernel.ids import new_id
from engine.storage import Work, stored_fields
from engine.storage.record_tables import system_columns
from engine.storage.system_tables import sequence


def copy_rows(work: Work, source: str, target: str) -> int:
    """Copy every record that stands; references go to the copies. Returns how many."""
    model, tables = work.model(source), work.tables(source)
    ids: dict[str, dict[UUID, UUID]] = {}
    for entity in model.entities.values():
        table = tables[entity.key]
        found = work.connection.scalars(sa.select(table.c.id).where(table.c.removed_on.is_(None)))
        ids[entity.key] = {id_: new_id() for id_ in found}
    late: list[tuple[str, str, list[dict[str, Any]]]] = []
    for entity in sorted(model.entities.values(), key=lambda each: _depth(model.entities, each)):
        late += _copy(work, (source, target), entity, ids)
    for key, column, rows in late:  # when every table is filled
        table = work.tables(target)[key]
        statement = table.update().where(table.c.id == sa.bindparam("row_id", type_=table.c.id.type)).values({column: sa.bindparam("to", type_=table.c[column].type)})
        work.connection.execute(statement, rows)
    _copy_numbers(work, source, target)
    return sum(map(len, ids.values()))


def _copy(work: Work, apps: tuple[str, str], entity: Entity, ids: dict[str, dict[UUID, UUID]]) -> list[tuple[str, str, list[dict[str, Any]]]]:
    """Insert an entity's rows without what points to other rows; answers that."""
    source, target = apps
    old, new = work.tables(source)[entity.key], work.tables(target)[entity.key]
    twin = work.model(target).entities[entity.key]
    pairs = [(item, twin.fields[item.key].column) for item in stored_fields(entity)]
    links = [(item, column, str(target_of(item))) for item, column in pairs if item.type.kind == "reference" and target_of(item) in ids]
    linked = {column for _, column, _ in links}
    rows, later = [], {column: [] for column in linked}  # type: ignore[var-annotated]
    for row in work.connection.execute(old.select().where(old.c.id.in_(sa.select(old.c.id).where(old.c.removed_on.is_(None))))).mappings():
        values = {column.name: row[column.name] for column in system_columns(is_child=entity.part_of is not None)}
        values |= {"id": ids[entity.key][row["id"]], "open_fields": None}
        if entity.part_of is not None:
            if row["parent_id"] not in ids[entity.part_of]:
                continue
            values["parent_id"] = ids[entity.part_of][row["parent_id"]]
        values |= {column: None if item.type.kind == "file" else row[item.column] for item, column in pairs if column not in linked}
        rows.append(values)
        for item, column, other in links:
            if row[item.column] in ids[other]:
                later[column].append({"row_id": values["id"], "to": ids[other][row[item.column]]})
    if rows:
        work.connection.execute(new.insert(), rows)
    return [(entity.key, column, some) for column, some in later.items() if some]


def _copy_numbers(work: Work, source: str, target: str) -> None:
    """The copy goes on counting where the original stands."""
    for entity in work.model(source).entities.values():
        for item in entity.fields.values():
            if item.type.key != "number":
                continue
            twin = work.model(target).entities[entity.key].fields[item.key]
            query = sa.select(sequence.c.key, sequence.c.value).where(sequence.c.key.startswith(f"{item.uid}:", autoescape=True))
            for key, value in work.connection.execute(query).all():
                work.connection.execute(sequence.insert().values(key=key.replace(item.uid, twin.uid, 1), value=value))


def _depth(entities: Any, entity: Entity) -> int:
    return 1 + _depth(entities, entities[entity.part_of]) if entity.part_of else 0
