"""The table of each entity, as SQLAlchemy sees it: built once per release, never per request."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from engine.definitions.model import Entity, Field, Model
from engine.fields.capabilities import SystemValue
from engine.fields.column_types import Bytes16, Instant, Texts, binary_text


@dataclass(frozen=True)
class Tables:
    """The tables of one release; `entity` maps entity keys to them.

    Every table has the system columns of `system_columns` and one column per stored field, named by
    `Field.column`. Values a release has retired are in the database, and not here.
    """

    entity: Mapping[str, sa.Table]
    metadata: sa.MetaData

    def __getitem__(self, key: str) -> sa.Table:
        return self.entity[key]


def build(model: Model) -> Tables:
    """The tables of a model. Foreign keys and indexes are the database's business, not theirs."""
    metadata = sa.MetaData()
    found = {entity.key: _table(entity, metadata) for entity in model.entities.values()}
    return Tables(found, metadata)


def system_columns(*, is_child: bool) -> tuple[sa.Column[Any], ...]:
    """What every record has besides its fields.

    `removed_on` is null for records that stand; `open_fields` is null unless a workflow has locked
    the record, and then lists the fields that may still be changed; `search_text` joins the
    searchable values in NFKC and lower case. Owned rows have their owner and their place.
    """
    columns: tuple[sa.Column[Any], ...] = (
        sa.Column("id", Bytes16, primary_key=True),
        sa.Column("rev", sa.Integer, nullable=False),
        sa.Column("created_on", Instant, nullable=False),
        sa.Column("created_by", Bytes16, nullable=True),
        sa.Column("changed_on", Instant, nullable=False),
        sa.Column("changed_by", Bytes16, nullable=True),
        sa.Column("removed_on", Instant, nullable=True),
        sa.Column("open_fields", Texts, nullable=True),
        sa.Column("search_text", binary_text(), nullable=True),
    )
    if not is_child:
        return columns
    return (*columns, sa.Column("parent_id", Bytes16, nullable=True), sa.Column("position", sa.Integer, nullable=True))


def is_stored(field: Field) -> bool:
    """Has the field a column of its own?

    Owned rows have none, system values show a system column, and a formula that depends on the clock
    is worked out whenever it is read.
    """
    is_volatile = field.formula is not None and field.formula.is_volatile
    return bool(field.column) and not isinstance(field.type, SystemValue) and not is_volatile


def stored_fields(entity: Entity) -> Iterator[Field]:
    """The entity's fields that have a column of their own."""
    return (field for field in entity.fields.values() if is_stored(field))


def _table(entity: Entity, metadata: sa.MetaData) -> sa.Table:
    columns = [
        sa.Column(field.column, field.type.column(field.options), nullable=True) for field in stored_fields(entity)
    ]
    return sa.Table(entity.table, metadata, *system_columns(is_child=entity.part_of is not None), *columns)
