"""One view with its records, whatever its type."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from engine.definitions import Column, Entity, View
from engine.records import MAX_GROUPS, Page, Record
from engine.rendering.view_table import Line, Table
from engine.rendering.views.board import BoardNode, board_node
from engine.rendering.views.calendar import CalendarNode, calendar_node
from engine.rendering.views.cards import Card, cards_of
from engine.rendering.views.colours import tints_of
from engine.rendering.views.groups import Group, group_field, group_names, group_sort, grouped
from engine.rendering.views.sight import Sight
from engine.rendering.views.sums import Sum, show_sums, total
from engine.rendering.views.table import fields_of, query_of, table_of


@dataclass(frozen=True)
class Shown:
    """What the templates draw: one of table, board, calendar and cards, as `type` says.

    `groups` are the table's lines in groups, `totals` the sums over all pages. `can_add_up`: there are so
    many records that sums are worked out only when somebody asks.
    """

    type: str
    page: Page | None = None
    table: Table | None = None
    groups: tuple[Group, ...] | None = None
    totals: tuple[Sum, ...] = ()
    board: BoardNode | None = None
    calendar: CalendarNode | None = None
    cards: tuple[Card, ...] = ()
    can_add_up: bool = False

    @property
    def is_empty(self) -> bool:
        """Is there nothing to show, where an empty frame would say nothing?"""
        return self.type in ("list", "cards") and not (self.page and self.page.records)

    def sum_of(self, sums: tuple[Sum, ...], key: str) -> str:
        """The sum that belongs under a column."""
        return next((each.text for each in sums if each.key == key), "")


def is_offered(view: View, sees: Callable[[str], bool]) -> bool:
    """May the reader see what the view is made of? A board of a hidden field would tell of it."""
    if view.type == "board":
        return view.board is not None and sees(view.board.by)
    if view.type == "calendar":
        return view.calendar is not None and sees(view.calendar.start)
    return True


def plain_view(entity: Entity) -> View:
    """A list of just the titles: for somebody to whom no view is offered."""
    return View("", entity.key, "list", entity.plural or entity.label, (Column(entity.title),))


def show_view(sight: Sight) -> Shown:
    """Ask for the records of a view that `is_offered`. Raises Invalid where what was asked for can't be."""
    if sight.view.type == "board":
        return Shown("board", board=board_node(sight))
    if sight.view.type == "calendar":
        return Shown("calendar", calendar=calendar_node(sight))
    return _cards(sight) if sight.view.type == "cards" else _list(sight)


def show_line(sight: Sight, record: Record) -> Line:
    """One record as a line of the list, after it was changed in place."""
    return table_of(sight, [record], tints_of(sight), is_editable=True).lines[0]


def line_fields(sight: Sight) -> tuple[str, ...]:
    """What `show_line` needs of the record."""
    return fields_of(sight, tints_of(sight))


def _cards(sight: Sight) -> Shown:
    settings, tints = sight.view.cards, tints_of(sight)
    title, chip = (settings.title, settings.chip) if settings else (None, None)
    page = sight.source.query(query_of(sight, sort=sight.sort, fields=fields_of(sight, tints, title, chip), cursor=sight.asked.cursor))
    return Shown("cards", page=page, cards=cards_of(sight, page.records, tints, title=title, chip=chip))


def _list(sight: Sight) -> Shown:
    tints, target = tints_of(sight), None if sight.asked.sort else group_field(sight)
    sort = sight.sort if target is None else group_sort(sight, target, is_large=_is_large(sight))
    fields = fields_of(sight, tints, sight.view.group_by if target is not None else None)
    page = sight.source.query(query_of(sight, sort=sort, fields=fields, cursor=sight.asked.cursor))
    table = table_of(sight, page.records, tints, sort=sort, is_editable=True)
    is_counted = not page.count_is_capped or sight.asked.adds_up
    known = []
    if is_counted and page.records and (target is not None or sight.sums):
        known = _added_up(sight, group_names(sight) if target is not None else [])
    totals = show_sums(sight, _total(sight, known)) if known and sight.sums else ()
    groups = None if target is None else grouped(sight, target, page.records, table.lines, known)
    return Shown("list", page, table, groups, totals, can_add_up=bool(sight.sums) and not is_counted)


def _is_large(sight: Sight) -> bool:
    return sight.source.query(query_of(sight, sort=(), fields=(), limit=1)).count_is_capped


def _added_up(sight: Sight, names: list[str]) -> list[dict[str, Any]]:
    return sight.source.aggregate(names, sight.sums, filter=sight.filter(), search=sight.asked.search, where=sight.view.filter)


def _total(sight: Sight, known: list[dict[str, Any]]) -> dict[str, Any]:
    """All groups together; asked for anew where there were more groups than were given."""
    return _added_up(sight, [])[0] if len(known) >= MAX_GROUPS else total(known, sight.sums)
