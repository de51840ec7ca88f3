"""The records of a list or of cards: one page, in the reader's columns, with colours."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from engine.definitions import Column
from engine.records import Query, Record
from engine.rendering.view_table import Cell, Line, Table, view_table
from engine.rendering.views.colours import ROW, Tints
from engine.rendering.views.sight import Sight
from engine.rendering.words import word


def query_of(sight: Sight, *, sort: Sequence[str], fields: Sequence[str], more: str = "", limit: int | None = None, cursor: str = "") -> Query:
    """The question that a view asks."""
    return Query(
        filter=sight.filter(more), search=sight.asked.search, sort=tuple(sort), fields=tuple(fields), cursor=cursor or None,
        limit=limit or sight.view.page_size, count="capped", where=sight.view.filter,
    )


def fields_of(sight: Sight, tints: Tints, *more: str | None) -> tuple[str, ...]:
    """The fields to ask for. Columns that the reader chose are asked for as they are: one that isn't there is refused."""
    found = sight.fields(*more, colours=tints.names)
    return tuple(dict.fromkeys([*sight.asked.columns, *found])) if sight.asked.is_picked else found


def table_of(
    sight: Sight, records: Iterable[Record], tints: Tints, *, sort: Sequence[str] = (), columns: Sequence[Column] | None = None,
    is_editable: bool = False,
) -> Table:
    """The records as a table, with the labels, widths and colours of the view."""
    found = tuple(records)
    shown = sight.columns if columns is None else columns
    labels = {column.field: _label(sight, column) for column in shown if column.label}
    can_sort = sight.link(sort="x") != ""
    table = view_table(
        sight.model, sight.policy, sight.entity.key, [(column.field, column.width) for column in shown], found,
        addresses=sight.addresses, sort=sort, link=(lambda key: sight.link(sort=key)) if can_sort else None, labels=labels,
    )
    editable = _editable(sight, shown) if is_editable else frozenset()
    open_ = sight.source.changeable([record.id for record in found]) if editable else {}
    lines = tuple(
        _finished(sight, line, record, tints, _open(editable, open_, record)) for line, record in zip(table.lines, found, strict=True)
    )
    return replace(table, lines=lines)


def _open(editable: frozenset[str], open_: Mapping[UUID, tuple[str, ...] | None], record: Record) -> frozenset[str]:
    """The columns that may be changed in one record: none of somebody else's, and of a locked one what its state leaves open."""
    if record.id not in open_:
        return frozenset()
    fields = open_[record.id]
    return editable if fields is None else editable & frozenset(fields)


def _label(sight: Sight, column: Column) -> str:
    return word(sight.model, f"view/{sight.view.key}/columns/{column.field}/label", column.label)


def _editable(sight: Sight, columns: Iterable[Column]) -> frozenset[str]:
    """The columns in which this reader may write at all; which records, the server says when asked."""
    entity = sight.entity.key
    if not sight.policy.may("change", entity):
        return frozenset()
    status = sight.model.status_fields.get(entity, frozenset())
    return frozenset(
        column.field for column in columns
        if column.editable and column.field not in status and sight.policy.field_right(entity, column.field) == "write"
    )


def _finished(sight: Sight, line: Line, record: Record, tints: Tints, editable: Collection[str]) -> Line:
    colours = tints.of(record)
    cells = [_finished_cell(sight, cell, line, colours.get(cell.key, ""), is_editable=cell.key in editable) for cell in line.cells]
    return replace(line, cells=tuple(cells), colour=colours.get(ROW, ""), rev=record.rev)


def _finished_cell(sight: Sight, cell: Cell, line: Line, colour: str, *, is_editable: bool) -> Cell:
    edit = sight.addresses.cell(sight.entity.key, line.id, cell.key) if is_editable else ""
    return replace(cell, colour=colour, edit=edit) if colour or edit else cell
