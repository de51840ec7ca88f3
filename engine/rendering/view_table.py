"""A view and a page of records become a table: heads with sort links, rows of cells."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from engine.definitions import Entity, Field, Model
from engine.fields.capabilities import HoldsFiles, OwnsRows
from engine.rendering.addresses import Addresses
from engine.rendering.faces import face_of, follow
from engine.rendering.form_rules import Policy
from engine.rendering.widget import Choice, Setting, Shown
from engine.rendering.words import field_label

_MAIN_CELLS = 4
"""So many cells beside title and state stay on a phone's card."""


class Row(Protocol):
    """The part of a record that a table needs."""

    @property
    def id(self) -> UUID: ...
    @property
    def values(self) -> Mapping[str, Any]: ...
    @property
    def titles(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True)
class Head:
    """A column's head. `sort` is the address that sorts by it, `direction` how it is sorted now."""

    key: str
    label: str
    is_number: bool = False
    sort: str = ""
    direction: str = ""
    width: int | None = None


@dataclass(frozen=True)
class Cell:
    """One value. `role` is "title", "state", "main" or "minor" (left out on a phone's card)."""

    key: str
    label: str
    widget: str
    shown: Shown
    role: str = "main"
    is_number: bool = False
    raw: str = ""
    moves: str = ""
    colour: str = ""
    edit: str = ""
    """The address that gives the input for this value, where it can be changed in place."""
    is_sized: bool = False

    @property
    def chip(self) -> Choice | None:
        """The only chip, where there is one."""
        return self.shown.chips[0] if len(self.shown.chips) == 1 else None


@dataclass(frozen=True)
class Line:
    """One record in the table."""

    id: str
    title: str
    href: str
    cells: tuple[Cell, ...]
    colour: str = ""
    rev: int | None = None


@dataclass(frozen=True)
class Table:
    """A table ready to be drawn."""

    entity: str
    heads: tuple[Head, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class _Column:
    key: str
    label: str
    entity: Entity
    field: Field
    width: int | None


def view_table(  # noqa: PLR0913 (one keyword for each thing that a caller knows)
    model: Model,
    policy: Policy,
    entity_key: str,
    columns: Sequence[tuple[str, int | None]],
    records: Iterable[Row],
    *,
    addresses: Addresses | None = None,
    sort: Sequence[str] = (),
    link: Callable[[str], str] | None = None,
    labels: Mapping[str, str] | None = None,
) -> Table:
    """The table of some records, in the current locale.

    `columns` are (field key or path, width); what this reader may not see is left out. `link` makes the
    address of the same list sorted otherwise (`-amount`); without it nothing can be sorted. `labels`
    stand in place of the fields' own.
    """
    entity = model.entities[entity_key]
    places = addresses or Addresses()
    found = [
        column for key, width in columns if (column := _column(model, policy, entity, key, width))
    ]
    found = [replace(column, label=(labels or {}).get(column.key) or column.label) for column in found]
    heads = tuple(_head(column, sort, link) for column in found)
    lines = tuple(_line(model, entity, found, record, places) for record in records)
    return Table(entity_key, heads, lines)


def _column(
    model: Model, policy: Policy, entity: Entity, path: str, width: int | None
) -> _Column | None:
    first, _, rest = path.partition(".")
    end = follow(model, entity, path)
    if (
        end is None
        or isinstance(end[1].type, OwnsRows)
        or policy.field_right(entity.key, first) == "hidden"
    ):
        return None
    owner, target = end
    if rest and policy.field_right(owner.key, target.key) == "hidden":
        return None
    label = field_label(model, owner, target)
    if rest:
        label = f"{field_label(model, entity, entity.fields[first])} · {label}"
    return _Column(path, label, owner, target, width)


def _head(column: _Column, sort: Sequence[str], link: Callable[[str], str] | None) -> Head:
    is_number = face_of(column.field).widget.is_number
    direction = (
        "ascending"
        if column.key in sort[:1]
        else "descending"
        if f"-{column.key}" in sort[:1]
        else ""
    )
    can_sort = link is not None and not isinstance(column.field.type, HoldsFiles)
    target = f"-{column.key}" if direction == "ascending" else column.key
    return Head(
        column.key,
        column.label,
        is_number,
        link(target) if link and can_sort else "",
        direction,
        column.width,
    )


def _line(
    model: Model, entity: Entity, columns: Sequence[_Column], record: Row, addresses: Addresses
) -> Line:
    status = model.status_fields.get(entity.key, frozenset())
    cells: list[Cell] = []
    plain = 0
    for place, column in enumerate(columns):
        role = _role(entity, column.key, status, is_first=place == 0)
        if role == "main":
            plain += 1
            role = "main" if plain <= _MAIN_CELLS else "minor"
        cells.append(_cell(model, column, record, role, addresses, entity))
    title = str(
        record.titles.get("") or _text_of(record.values.get(entity.title), cells, entity.title)
    )
    return Line(
        str(record.id),
        title,
        addresses.record(entity.key, str(record.id)),
        tuple(_with_title(cells)),
    )


def _role(entity: Entity, key: str, status: Iterable[str], *, is_first: bool) -> str:
    if key == entity.title:
        return "title"
    if key in status:
        return "state"
    return "title" if is_first else "main"


def _with_title(cells: list[Cell]) -> list[Cell]:
    """Exactly one cell leads to the record: the title's, or the first."""
    titles = [cell for cell in cells if cell.role == "title"]
    if len(titles) < 2:
        return cells
    return [replace(cell, role="main") if cell is titles[0] else cell for cell in cells]


def _text_of(value: Any, cells: Sequence[Cell], key: str) -> str:
    return next(
        (cell.shown.text for cell in cells if cell.key == key), "" if value is None else str(value)
    )


def _cell(
    model: Model, column: _Column, record: Row, role: str, addresses: Addresses, entity: Entity
) -> Cell:
    face = face_of(column.field)
    value = record.values.get(column.key)
    setting = Setting(
        model,
        face.source,
        column.entity.key,
        record.titles.get(column.key),
        face.is_computed,
        addresses,
    )
    return Cell(
        key=column.key,
        label=column.label,
        widget=face.widget.key,
        shown=face.widget.show(value, setting),
        role=role,
        is_number=face.widget.is_number,
        raw=value.isoformat()
        if isinstance(value, (date, datetime))
        else ""
        if value is None
        else str(value),
        moves=addresses.moves(entity.key, str(record.id)) if role == "state" else "",
        is_sized=column.width is not None,
    )
