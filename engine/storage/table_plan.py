"""What has to change in the database so that it can hold the records of a model.

The plan is data: the check before a publish shows it, the publish carries it out
(`table_changes.py`). Tables and columns are made, widened and put out of use; nothing that people
have entered is ever dropped.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import sqlalchemy as sa

from engine.definitions.finding import Finding
from engine.definitions.model import Entity, Field, Model
from engine.fields import may_become
from engine.kernel.messages import LANGUAGES, translate
from engine.storage.conversions import is_under_way
from engine.storage.indexes import Index, existing_indexes, large_tables, wanted_indexes
from engine.storage.record_tables import stored_fields
from engine.storage.search import existing_search, wants_search
from engine.storage.shapes import ColumnState, Shape, TableState, read_state, shape_of

StepKind = Literal[
    "create_table", "restore_table", "retire_table",
    "add_column", "restore_column", "retire_column", "widen_column", "rebuild_column", "rename_column", "convert_column",
    "create_index", "create_index_later", "drop_index", "create_search", "drop_search",
]


@dataclass(frozen=True)
class Step:
    """One change. `entity` and `field` are keys, for people; `table` and `column` are physical.

    `source` is the column whose values a converted one takes over; `conversion` then is what is noted of
    that one's own, else what is noted of the column itself.
    """

    kind: StepKind
    table: str
    entity: str
    column: str = ""
    field: str = ""
    uid: str = ""
    type_key: str = ""
    parent: str = ""
    shape: Shape | None = None
    old_shape: Shape | None = None
    index: Index | None = None
    source: str = ""
    conversion: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class TablePlan:
    """All changes in the order in which they can be made, and what forbids them."""

    app: str
    steps: tuple[Step, ...]
    findings: tuple[Finding, ...] = ()
    types: Mapping[tuple[str, str], Any] = field(default_factory=dict)
    """Column types by (table, column)."""
    before: int = 0
    """The release that is replaced; the one carrying it out says which."""

    @property
    def conversions(self) -> tuple[tuple[str, str], ...]:
        """(table, column) of columns whose values are to be carried over from another column."""
        return tuple((step.table, step.column) for step in self.steps if step.kind == "convert_column")

    @property
    def later(self) -> tuple[Index, ...]:
        """Indexes of large tables on PostgreSQL: made after the publish, without stopping anybody's work."""
        return tuple(step.index for step in self.steps if step.kind == "create_index_later" and step.index is not None)

    @property
    def recomputed(self) -> frozenset[str]:
        """Entities with derived columns that are new, rebuilt or back, and so need their values."""
        kinds = {"add_column", "rebuild_column", "restore_column"}
        return frozenset(
            step.entity for step in self.steps if step.kind in kinds and step.shape is not None and step.shape.is_derived
        )


def plan_tables(connection: sa.Connection, model: Model) -> TablePlan:
    """Compare what stands with what a model needs; changes nothing."""
    app = model.app.key
    entities = {entity.table: entity for entity in model.entities.values()}
    state = read_state(connection, app, entities)
    findings = list(_clashes(app, entities, state))
    steps: list[Step] = []
    late: list[Step] = []  # references come when every table is there
    if not findings:
        for table, entity in sorted(entities.items(), key=lambda pair: _depth(pair[1], model)):
            for step in _entity_steps(entity, model, state.get(table), findings):
                (late if step.shape is not None and step.shape.target else steps).append(step)
        steps += late
        steps += _retired_tables(app, entities, state)
        rebuilt = {(step.table, step.column) for step in steps if step.kind == "rebuild_column"}
        indexes = list(_index_steps(connection, model, rebuilt))
        # A column can't be rebuilt under an index.
        steps = [*(item for item in indexes if item.kind == "drop_index"), *steps,
                 *(item for item in indexes if item.kind != "drop_index")]
    types = {
        (entity.table, item.column): item.type.column(item.options)
        for entity in entities.values()
        for item in stored_fields(entity)
    }
    return TablePlan(app, tuple(steps), tuple(findings), types)


def _clashes(app: str, entities: Mapping[str, Entity], state: Mapping[str, TableState]) -> Iterator[Finding]:
    for table, entity in entities.items():
        standing = state.get(table)
        if standing is None:
            continue
        if standing.app != app:
            yield Finding("storage.table_taken", "error", "entity", entity.key, ("uid",), {"app": standing.app})
        elif standing.parent != _parent_table(entity, entities):
            yield Finding("storage.owner_change", "error", "entity", entity.key, ("part_of",), {})


def _entity_steps(entity: Entity, model: Model, standing: TableState | None, findings: list[Finding]) -> Iterator[Step]:
    entities = {item.table: item for item in model.entities.values()}
    if standing is None:
        parent = _parent_table(entity, entities)
        yield Step("create_table", entity.table, entity.key, uid=entity.uid, parent=parent)
        standing = TableState(model.app.key, entity.uid, entity.key, parent, is_retired=False)
    elif standing.is_retired:
        yield Step("restore_table", entity.table, entity.key)
    wanted = {item.column: item for item in stored_fields(entity)}
    leaving = {
        there.uid: column for column, there in standing.columns.items() if column not in wanted and not there.is_retired
    }
    for column, item in wanted.items():
        shape, there = shape_of(item, model), standing.columns.get(column)
        yield from _column_steps(entity, item, shape, there, findings)
        source = leaving.get(item.uid)
        if source is not None:
            yield from _conversion_steps(entity, item, shape, (source, standing.columns[source]), findings)
    for column, there in standing.columns.items():
        if column not in wanted and not there.is_retired:
            yield Step("retire_column", entity.table, entity.key, column, there.key, shape=None, old_shape=there.shape)


def _column_steps(
    entity: Entity, item: Field, shape: Shape, there: ColumnState | None, findings: list[Finding]
) -> Iterator[Step]:
    def step(kind: StepKind) -> Step:
        return Step(
            kind, entity.table, entity.key, item.column, item.key, item.uid, item.type.key,
            shape=shape, old_shape=there.shape if there else None, conversion=there.conversion if there else None,
        )

    if there is None:
        yield step("add_column")
    elif there.shape.is_stored_as(shape) and there.shape.fits_into(shape):
        if there.is_retired:
            yield step("restore_column")
        elif there.shape != shape or there.key != item.key:
            yield step("rename_column")
    elif there.shape.fits_into(shape):
        yield step("widen_column")
    elif there.shape.is_derived:
        yield step("rebuild_column")
    else:
        path = ("fields", item.key, "type")
        values = {"field": item.label, "entity": entity.label}
        findings.append(Finding("storage.type_change", "error", "entity", entity.key, path, values))


def _conversion_steps(
    entity: Entity, item: Field, shape: Shape, source: tuple[str, ColumnState], findings: list[Finding]
) -> Iterator[Step]:
    """A field that is of another type now takes its values along, as far as they can be read."""
    column, there = source
    path = ("fields", item.key, "type")
    values: dict[str, Any] = {"field": item.label, "entity": entity.label}
    if not may_become(there.type_key, there.shape.kind, item.type.key):
        named = {"from": _type_label(there.type_key), "to": _type_label(item.type.key)}
        findings.append(Finding("storage.no_conversion", "error", "entity", entity.key, path, {**values, **named}))
    elif is_under_way(there.conversion) and (there.conversion or {}).get("from") != item.column:
        findings.append(Finding("storage.conversion_under_way", "error", "entity", entity.key, path, values))
    elif not shape.is_derived:
        yield Step("convert_column", entity.table, entity.key, item.column, item.key, item.uid, item.type.key,
                   shape=shape, old_shape=there.shape, source=column, conversion=there.conversion)


def _type_label(key: str) -> dict[str, str]:
    return {language: translate(f"field_type.{key}", None, language) for language in LANGUAGES}


def _retired_tables(app: str, entities: Mapping[str, Entity], state: Mapping[str, TableState]) -> Iterator[Step]:
    for table, standing in state.items():
        if table not in entities and standing.app == app and not standing.is_retired:
            yield Step("retire_table", table, standing.key)


def _index_steps(
    connection: sa.Connection, model: Model, rebuilt: Collection[tuple[str, str]]
) -> Iterator[Step]:
    existing = existing_indexes(connection)
    searched = existing_search(connection)
    large = large_tables(connection)
    for entity in model.entities.values():
        wanted = {index.name: index for index in wanted_indexes(entity, model, connection)}
        there = existing.get(entity.table, frozenset())
        renewed = {
            name for name, index in wanted.items()
            if any(table == entity.table and f'"{column}"' in " ".join(index.on) for table, column in rebuilt)
        }
        for name in sorted(there - (set(wanted) - renewed)):
            yield Step("drop_index", entity.table, entity.key, column=name)
        for name in sorted(set(wanted) - (there - renewed)):
            can_wait = entity.table in large and not wanted[name].is_unique and name not in renewed
            kind: StepKind = "create_index_later" if can_wait else "create_index"
            yield Step(kind, entity.table, entity.key, index=wanted[name])
        if wants_search(entity) != (entity.table in searched) and connection.dialect.name == "sqlite":
            yield Step("create_search" if wants_search(entity) else "drop_search", entity.table, entity.key)


def _parent_table(entity: Entity, entities: Mapping[str, Entity]) -> str:
    if entity.part_of is None:
        return ""
    return next(table for table, item in entities.items() if item.key == entity.part_of)


def _depth(entity: Entity, model: Model) -> int:
    """How many owners are above an entity: theirs is the table that must be there first."""
    depth = 0
    while entity.part_of is not None and depth < len(model.entities):
        depth, entity = depth + 1, model.entities[entity.part_of]
    return depth
