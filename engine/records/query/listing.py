"""Lists: one statement per zone, built once for each shape of question, and pages made of its rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.records.cursor import Cursor, write_cursor
from engine.records.plan import Slot
from engine.records.query.columns import Columns
from engine.records.query.json_columns import Fix, is_plain, json_column
from engine.records.query.keyset import Zone, beyond, in_zone, order_by, zone_of, zones
from engine.records.query.question import Question

CAP = 10_000
"""Where a capped count stops."""

Row = Sequence[Any]


@dataclass(frozen=True, eq=False)
class Layout:
    """Where things stand in a row: id, rev, then values, then titles, then what it is sorted by.

    `fixes` is for rows that are JSON already but for these fields (`id` among them).
    """

    slots: tuple[Slot, ...]
    titled: tuple[Slot, ...]
    sort: tuple[int, ...] = ()
    fixes: tuple[tuple[str, Fix], ...] = ()

    @property
    def values_end(self) -> int:
        """Position behind the last value."""
        return 2 + len(self.slots)


@dataclass(frozen=True, eq=False)
class Listing:
    """A statement and the layout of its rows."""

    statement: sa.Select[Any]
    layout: Layout


@dataclass(frozen=True)
class Found:
    """Some rows, in the order asked for, and the ways on and back."""

    rows: list[Row]
    layout: Layout
    next_cursor: str | None
    previous_cursor: str | None


def find_rows(question: Question, *, as_json: bool = False) -> Found:
    """The page that the question asks for; `as_json`, values come as near to JSON as the database can."""
    cursor = question.cursor
    backward = cursor is not None and cursor.is_backward
    waiting = _zones(question, cursor, is_backward=backward)
    rows: list[Row] = []
    layout: Layout | None = None
    wanted = question.limit + 1
    for place, zone in enumerate(waiting):
        listing = _listing(question, zone, cursor if place == 0 else None, is_backward=backward, as_json=as_json)
        layout = layout or listing.layout
        values: dict[str, Any] = {**question.filter.values, "limit": wanted - len(rows)}
        if place == 0 and cursor is not None:
            values.update({f"at_{at}": value for at, value in enumerate(cursor.values)}, at_id=cursor.id)
        rows.extend(question.access.work.connection.execute(listing.statement, values))
        if len(rows) == wanted:
            break
    assert layout is not None  # noqa: S101 (there is at least one zone)
    has_more = len(rows) == wanted
    del rows[question.limit :]
    if backward:
        rows.reverse()
    return Found(
        rows, layout,
        _cursor(question, layout, rows, -1, is_backward=False) if rows and (has_more or backward) else None,
        _cursor(question, layout, rows, 0, is_backward=True) if rows and (has_more if backward else cursor) else None,
    )


def count_rows(question: Question, *, capped: bool) -> tuple[int, bool]:
    """How many records there are, on all pages; capped, it stops at CAP and says so."""
    key = ("count", capped, question.key)
    statement = _kept(question, key, lambda: _counting(question, capped=capped))
    found = int(question.access.work.connection.execute(statement, question.filter.values).scalar_one())
    return (CAP, True) if capped and found > CAP else (found, False)


def _counting(question: Question, *, capped: bool) -> sa.Select[Any]:
    columns = Columns(question.access, question.entity)
    conditions = question.conditions(columns)
    if not capped:
        return sa.select(sa.func.count()).select_from(columns.from_clause()).where(*conditions)
    some: sa.Select[Any] = sa.select(sa.literal_column("1")).select_from(columns.from_clause()).where(*conditions).limit(CAP + 1)
    return sa.select(sa.func.count()).select_from(some.subquery())


def _zones(question: Question, cursor: Cursor | None, *, is_backward: bool) -> tuple[Zone, ...]:
    found = zones(never_empty=question.never_empty)
    if is_backward:
        found = found[::-1]
    return found[found.index(zone_of(cursor.values, never_empty=question.never_empty)) :] if cursor else found


def _listing(question: Question, zone: Zone, cursor: Cursor | None, *, is_backward: bool, as_json: bool) -> Listing:
    empty = tuple(value is None for value in cursor.values) if cursor else None
    key = ("list", zone, empty, is_backward, as_json, question.key)
    found: Listing = _kept(question, key, lambda: _build(question, zone, empty, is_backward=is_backward, as_json=as_json))
    return found


def _kept(question: Question, key: Any, build: Any) -> Any:
    return build() if question.key is None else question.access.plans.statements.get(key, build)


def _build(question: Question, zone: Zone, empty: tuple[bool, ...] | None, *, is_backward: bool, as_json: bool) -> Listing:
    columns = Columns(question.access, question.entity)
    table = columns.table
    selected, layout = select_list(columns, question.slots, as_json=as_json)
    keys = question.sort_keys(columns)
    positions = []
    known = {slot.key: 2 + at for at, slot in enumerate(question.slots) if not slot.target}
    for key, (name, _) in zip(keys, question.sort, strict=True):
        is_there = name in known and (not as_json or is_plain(key.column.type))
        positions.append(known[name] if is_there else len(selected))
        if not is_there:
            selected.append(key.column.label(f"k_{len(selected)}"))
    conditions = [*question.conditions(columns), *in_zone(keys, zone)]
    if empty is not None:
        conditions.append(beyond(keys, zone, table.c.id, empty, is_backward=is_backward))
    statement = (
        sa.select(*selected)
        .select_from(columns.from_clause())
        .where(*conditions)
        .order_by(*order_by(keys, zone, table.c.id, is_backward=is_backward))
        .limit(sa.bindparam("limit", type_=sa.Integer()))
    )
    return Listing(statement, replace(layout, sort=tuple(positions)))


def select_list(
    columns: Columns, slots: tuple[Slot, ...], *, as_json: bool = False
) -> tuple[list[sa.ColumnElement[Any]], Layout]:
    """What to select for these fields: id, rev, values, titles of references."""
    table = columns.table
    fixes: list[tuple[str, Fix]] = []

    def selectable(key: str, column: sa.ColumnElement[Any], slot: Slot | None) -> sa.ColumnElement[Any]:
        if not as_json:
            return column
        found, fix = json_column(column, slot, columns.access.work.dialect)
        if fix is not None:
            fixes.append((key, fix))
        return found

    selected: list[sa.ColumnElement[Any]] = [selectable("id", table.c.id, None).label("v_id"), table.c.rev]
    selected.extend(selectable(slot.key, columns(slot.key), slot).label(f"v_{at}") for at, slot in enumerate(slots))
    titled: list[Slot] = []
    for slot in slots:
        title = columns.title(slot.key) if slot.target else None
        if title is not None:
            selected.append(title.label(f"t_{len(titled)}"))
            titled.append(slot)
    return selected, Layout(slots, tuple(titled), fixes=tuple(fixes))


def _cursor(question: Question, layout: Layout, rows: list[Row], at: int, *, is_backward: bool) -> str:
    row = rows[at]
    id_ = row[0]
    if not isinstance(id_, UUID):  # JSON: bytes on SQLite, text on PostgreSQL
        id_ = UUID(bytes=id_) if isinstance(id_, bytes) else UUID(id_)
    return write_cursor(Cursor(tuple(row[place] for place in layout.sort), id_, is_backward), question.mark)
