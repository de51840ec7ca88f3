"""A record as a card: title, chip, a few values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from engine.definitions import Column
from engine.records import Record
from engine.rendering.view_table import Cell, Line
from engine.rendering.views.colours import Tints
from engine.rendering.views.sight import Sight
from engine.rendering.views.table import table_of
from engine.rendering.widget import Choice


@dataclass(frozen=True)
class Card:
    """One record. `moves` is the address of its menu of moves, where it can be moved."""

    id: str
    title: str
    href: str
    cells: tuple[Cell, ...]
    chip: Choice | None = None
    colour: str = ""
    rev: int | None = None
    moves: str = ""


def cards_of(
    sight: Sight, records: Sequence[Record], tints: Tints, *, title: str | None = None, chip: str | None = None, leave_out: Sequence[str] = ()
) -> tuple[Card, ...]:
    """The records as cards, with the columns as lines; what is the title or the chip is no line."""
    head = title if sight.sees(title) else None
    badge = chip if sight.sees(chip) else None
    extra = [key for key in (head, badge) if key]
    gone = {sight.entity.title, *extra, *leave_out}
    lines = [column for column in sight.columns if column.field not in gone]
    table = table_of(sight, records, tints, columns=[*lines, *(Column(key) for key in extra)])
    return tuple(_card(line, head, badge, count=len(lines)) for line in table.lines)


def _card(line: Line, head: str | None, badge: str | None, *, count: int) -> Card:
    by_key = {cell.key: cell for cell in line.cells}
    title = by_key[head].shown.text if head in by_key else ""
    cells = tuple(replace(cell, role="main") for cell in line.cells[:count] if cell.shown.text)
    chip = by_key[badge].chip if badge in by_key else None
    return Card(line.id, title or line.title, line.href, cells, chip, line.colour, line.rev)
