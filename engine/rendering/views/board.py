"""A board: one column for each choice of a field, each a page of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from engine.definitions import Field
from engine.fields import effective
from engine.fields.capabilities import Offers
from engine.kernel.messages import translate
from engine.records import Page
from engine.rendering.locale import current_locale
from engine.rendering.views.cards import Card, cards_of
from engine.rendering.views.colours import Tints, tints_of
from engine.rendering.views.sight import Sight
from engine.rendering.views.sums import Sum, show_sums
from engine.rendering.views.table import fields_of, query_of
from engine.rendering.words import choice_label, field_label

MOST_COLUMNS = 40
NONE = "-"
"""How the column of records without a value is called in addresses."""


@dataclass(frozen=True)
class BoardColumn:
    """One column. `count` is None where nobody counted; `more` is the address of the cards that follow."""

    key: str
    label: str
    colour: str
    cards: tuple[Card, ...]
    count: int = 0
    is_capped: bool = False
    sums: tuple[Sum, ...] = ()
    more: str = ""


@dataclass(frozen=True)
class BoardNode:
    """A board ready to be drawn. `field` is what a move changes; `can_add_up` where sums were left out."""

    field: str
    label: str
    columns: tuple[BoardColumn, ...]
    can_move: bool
    is_by_workflow: bool
    can_add_up: bool = False


def board_node(sight: Sight) -> BoardNode:
    """The board of a view whose `by` the reader may see."""
    target = by_field(sight)
    tints = tints_of(sight)
    columns = [_column(sight, target, tints, option) for option in options_of(sight, target)]
    without = _column(sight, target, tints, {"key": NONE})
    if without.cards:
        columns.insert(0, without)
    is_counted = not any(column.is_capped for column in columns) or sight.asked.adds_up
    if sight.sums and is_counted:
        columns = _with_sums(sight, target, columns)
    is_by_workflow = target.key in sight.model.status_fields.get(sight.entity.key, ())
    return BoardNode(
        target.key, field_label(sight.model, sight.entity, target), tuple(columns), can_move(sight, target), is_by_workflow,
        can_add_up=bool(sight.sums) and not is_counted,
    )


def board_column(sight: Sight, key: str) -> BoardColumn | None:
    """A page of one column; None for a column that the board doesn't have."""
    target = by_field(sight)
    found = next((option for option in options_of(sight, target) if option["key"] == key), {"key": NONE} if key == NONE else None)
    return None if found is None else _column(sight, target, tints_of(sight), found, cursor=sight.asked.cursor)


def by_field(sight: Sight) -> Field:
    """The field by which the columns are made."""
    assert sight.view.board is not None  # noqa: S101 (whoever calls has asked `is_offered`)
    return sight.entity.fields[sight.view.board.by]


def options_of(sight: Sight, target: Field) -> list[Mapping[str, Any]]:
    """The choices that are columns, in their order."""
    type_, options = effective(target.type, target.options)
    known = {str(option["key"]): option for option in type_.choices(options)} if isinstance(type_, Offers) else {}
    wanted = sight.view.board.values if sight.view.board else ()
    chosen = [known[key] for key in wanted if key in known] or [option for option in known.values() if not option.get("retired")]
    return chosen[:MOST_COLUMNS]


def can_move(sight: Sight, target: Field) -> bool:
    """May this reader move any card? Of each one, the server says it when it is moved."""
    entity = sight.entity.key
    if target.key in sight.model.status_fields.get(entity, ()):
        return True
    return sight.policy.may("change", entity) and sight.policy.field_right(entity, target.key) == "write" and target.key in sight.entity.fields


def _column(sight: Sight, target: Field, tints: Tints, option: Mapping[str, Any], *, cursor: str = "") -> BoardColumn:
    key = str(option["key"])
    settings = sight.view.board
    title = settings.title if settings else None
    page = _page(sight, target, key, cursor, fields_of(sight, tints, target.key, title))
    cards = cards_of(sight, page.records, tints, title=title, leave_out=[target.key])
    if can_move(sight, target):
        cards = tuple(replace(card, moves=sight.addresses.board(sight.entity.key, card.id)) for card in cards)
    if key == NONE:
        label, colour = translate("view.no_value", {}, current_locale().language), ""
    else:
        label = choice_label(sight.model, sight.entity.key, target.key, key, option.get("label", ""))
        colour = str(option.get("colour") or "")
    more = sight.link(column=key, cursor=page.next_cursor) if page.next_cursor else ""
    count, is_capped = len(page.records), False
    if page.next_cursor or cursor:
        counted = sight.source.query(replace(_query(sight, target, key, "", ()), count="capped", limit=1))
        count, is_capped = counted.count or 0, counted.count_is_capped
    return BoardColumn(key, label, colour, cards, count, is_capped, (), more)


def _page(sight: Sight, target: Field, key: str, cursor: str, fields: tuple[str, ...]) -> Page:
    if not sight.source.name(target.key):
        return Page(())
    return sight.source.query(_query(sight, target, key, cursor, fields))


def _query(sight: Sight, target: Field, key: str, cursor: str, fields: tuple[str, ...]) -> Any:
    name = sight.source.name(target.key)
    value = "null" if key == NONE else f'"{key}"'  # keys of choices are letters, digits and underscores
    found = query_of(sight, sort=sight.sort, fields=fields, more=f"{name} = {value}", cursor=cursor)
    return replace(found, count="none")


def _with_sums(sight: Sight, target: Field, columns: list[BoardColumn]) -> list[BoardColumn]:
    groups = sight.source.aggregate(
        [target.key], sight.sums, filter=sight.filter(), search=sight.asked.search, where=sight.view.filter
    )
    by_key = {group[target.key] if group[target.key] is not None else NONE: group for group in groups}
    return [replace(column, sums=show_sums(sight, by_key.get(column.key, {}))) for column in columns]
