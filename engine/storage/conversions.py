"""How far the values of a column have been carried over from the column that its field had before.

It is written beside the column (`record_column.details.conversion`), in the transactions that carry the
values: whoever goes on after a crash begins where the last one ended.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.storage.system_tables import record_column
from engine.storage.unit_of_work import Work


@dataclass(frozen=True)
class Conversion:
    """One column whose values come from another one.

    `release` is the one in which the field was of the old type; `is_fresh` says that the column was made
    for it, and held nothing from an earlier time. Records up to the id `after` are done, `passed` of them. `carried` values
    came over, `restored` ones stood in the column from before, `kept` ones people had typed meanwhile,
    `failed` ones can't be read. Where the old column had itself been filled by a conversion that was not
    finished, records after the id `limit` had not got their turn in it.
    """

    source: str
    release: int
    is_fresh: bool
    begun: str
    limit: str = ""
    after: str = ""
    is_done: bool = False
    passed: int = 0
    carried: int = 0
    restored: int = 0
    kept: int = 0
    failed: int = 0

    def on(self, after: UUID | None, **more: int) -> Conversion:
        """The same, further on."""
        counts = {name: getattr(self, name) + count for name, count in more.items()}
        return replace(self, after=str(after) if after else self.after, **counts)

    @property
    def begun_on(self) -> datetime:
        """When the new type was published."""
        return datetime.fromisoformat(self.begun)


@dataclass(frozen=True)
class ConvertedColumn:
    """A column in use with its conversion; `type_key` and `source_type` say from what to what."""

    table: str
    column: str
    field_uid: str
    type_key: str
    source_type: str
    conversion: Conversion


def begin_conversion(
    source: str, earlier: Mapping[str, Any] | None, *, release: int, is_fresh: bool, now: datetime
) -> dict[str, Any]:
    """What is noted when a conversion begins; `earlier` is what was noted of the old column's own."""
    limit = str(earlier["after"] or UUID(int=0)) if earlier is not None and not earlier["is_done"] else ""
    return _noted(Conversion(source, release, is_fresh, now.isoformat(), limit))


def is_under_way(noted: Mapping[str, Any] | None) -> bool:
    """Are there records left to carry over?"""
    return noted is not None and not noted["is_done"]


def find_conversion(work: Work, table: str, column: str, *, lock: bool = False) -> Conversion | None:
    """The conversion of a column that is in use; with `lock` it is kept for this work until its end."""
    query = sa.select(record_column.c.details).where(
        record_column.c.table == table, record_column.c.column == column, record_column.c.retired_at.is_(None)
    )
    details = work.connection.execute(query.with_for_update() if lock else query).scalar()
    noted = (details or {}).get("conversion")
    return _read(noted) if noted else None


def note_conversion(work: Work, table: str, column: str, conversion: Conversion) -> None:
    """Write down how far it is."""
    where = (record_column.c.table == table, record_column.c.column == column)
    details = work.connection.execute(sa.select(record_column.c.details).where(*where)).scalar_one()
    changed = {**details, "conversion": _noted(conversion)}
    work.connection.execute(record_column.update().where(*where).values(details=changed))


def list_conversions(work: Work, app: str) -> list[ConvertedColumn]:
    """The columns in use whose values came from another column, done or not."""
    query = sa.select(record_column).where(record_column.c.app == app, record_column.c.column != "")
    rows = work.connection.execute(query).all()
    types = {(row.table, row.column): row.type for row in rows}
    return [
        ConvertedColumn(row.table, row.column, row.uid, row.type, types.get((row.table, found.source), ""), found)
        for row in rows
        if row.retired_at is None and row.details.get("conversion")
        for found in (_read(row.details["conversion"]),)
    ]


def _noted(conversion: Conversion) -> dict[str, Any]:
    found = asdict(conversion)
    found["from"] = found.pop("source")
    return found


def _read(noted: Mapping[str, Any]) -> Conversion:
    return Conversion(**{"source" if key == "from" else key: value for key, value in noted.items()})


def has_column(work: Work, table: str, column: str) -> bool:
    """Has a table this column, in use or not?"""
    query = sa.select(sa.literal(1)).where(record_column.c.table == table, record_column.c.column == column)
    return work.connection.execute(query).first() is not None
