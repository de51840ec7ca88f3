"""Lists: one statement per zone, built once for each shape of question, and pages made of its rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from engine.records.cursor import Cursor, write_cursor
from engine.records.plan import Slot
from engine.records.query.columns import Columns
from engine.records.query.keyset import Zone, beyond, in_zone, order_by, zone_of, zones
from engine.records.query.question import Question

CAP = 10_000
"""Where a capped count stops."""

Row = Sequence[Any]


@dataclass(frozen=True, eq=False)
class Layout:
    """Where things stand in a row: id, rev, then values, then titles, then what it is sorted by."""

    slots: tuple[Slot, ...]
    titled: tuple[Slot, ...]
    sort: tuple[int, ...]

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


def find_rows(question: Question) -> Found:
    """The page that the question asks for."""
    cursor = question.cursor
    backward = cursor is not None and cursor.is_backward
    waiting = _zones(question, cursor, is_backward=backward)
    rows: list[Row] = []
    layout: Layout | None = None
    wanted = question.limit + 1
    for place, zone in enumerate(waiting):
        listing = _listing(question, zone, cursor if place == 0 else None, is_backward=backward)
        layout = layout or listing.layout
        values: dict[str, Any] = {"limit": wanted - len(rows)}
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
    found = int(question.access.work.connection.execute(statement).scalar_one())
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


def _listing(question: Question, zone: Zone, cursor: Cursor | None, *, is_backward: bool) -> Listing:
    empty = tuple(value is None for value in cursor.values) if cursor else None
    key = ("list", zone, empty, is_backward, question.key)
    found: Listing = _kept(question, key, lambda: _build(question, zone, empty, is_backward=is_backward))
    return found


def _kept(question: Question, key: Any, build: Any) -> Any:
    return build() if question.key is None else question.access.plans.statements.get(key, build)


def _build(question: Question, zone: Zone, empty: tuple[bool, ...] | None, *, is_backward: bool) -> Listing:
    columns = Columns(question.access, question.entity)
    table = columns.table
    selected, layout = select_list(columns, question.slots)
    keys = question.sort_keys(columns)
    positions = []
    known = {slot.key: 2 + at for at, slot in enumerate(question.slots) if not slot.target}
    for key, (name, _) in zip(keys, question.sort, strict=True):
        positions.append(known.get(name, len(selected)))
        if name not in known:
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
    return Listing(statement, Layout(layout.slots, layout.titled, tuple(positions)))


def select_list(columns: Columns, slots: tuple[Slot, ...]) -> tuple[list[sa.ColumnElement[Any]], Layout]:
    """What to select for these fields: id, rev, values, titles of references."""
    table = columns.table
    selected: list[sa.ColumnElement[Any]] = [table.c.id, table.c.rev]
    selected.extend(columns(slot.key).label(f"v_{at}") for at, slot in enumerate(slots))
    titled: list[Slot] = []
    for slot in slots:
        title = columns.title(slot.key) if slot.target else None
        if title is not None:
            selected.append(title.label(f"t_{len(titled)}"))
            titled.append(slot)
    return selected, Layout(slots, tuple(titled), ())


def _cursor(question: Question, layout: Layout, rows: list[Row], at: int, *, is_backward: bool) -> str:
    row = rows[at]
    return write_cursor(Cursor(tuple(row[place] for place in layout.sort), row[0], is_backward), question.mark)
