"""A month of records by their days, as a grid and as an agenda."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from engine.definitions import Calendar
from engine.kernel.messages import translate
from engine.records import Record
from engine.rendering.formats import show_date
from engine.rendering.locale import current_locale
from engine.rendering.views.cards import Card, cards_of
from engine.rendering.views.colours import tints_of
from engine.rendering.views.groups import span_label
from engine.rendering.views.sight import Sight
from engine.rendering.views.table import fields_of, query_of

MOST = 400
"""So many entries are fetched for one month."""

SHOWN = 3
"""So many entries stand in a day's cell; the rest is behind a link."""

_YEARS = (1900, 2200)


@dataclass(frozen=True)
class Entry:
    """A record on a day. `place` is "only", or for several days "first", "middle", "last"."""

    card: Card
    time: str
    place: str
    colour: str


@dataclass(frozen=True)
class Day:
    """One day with its entries."""

    day: date
    label: str
    weekday: str
    entries: tuple[Entry, ...]
    is_today: bool = False
    is_outside: bool = False
    is_chosen: bool = False
    href: str = ""
    new: str = ""

    @property
    def shown(self) -> tuple[Entry, ...]:
        """What stands in the cell."""
        return self.entries if len(self.entries) <= SHOWN + 1 else self.entries[:SHOWN]

    @property
    def more(self) -> int:
        """How many don't."""
        return len(self.entries) - len(self.shown)


@dataclass(frozen=True)
class CalendarNode:
    """A month ready to be drawn."""

    label: str
    weekdays: tuple[tuple[str, str], ...]
    weeks: tuple[tuple[Day, ...], ...]
    agenda: tuple[Day, ...]
    chosen: Day | None
    previous: str
    next: str
    today: str
    count: int
    is_cut: bool = False


def calendar_node(sight: Sight) -> CalendarNode:
    """The month that was asked for; this month otherwise."""
    locale = current_locale()
    today = locale.moment.astimezone(locale.zone).date()
    first = _month(sight.asked.month or sight.asked.day or today)
    after = _month(first + timedelta(days=31))
    start = first - timedelta(days=first.weekday())
    weeks = -(-(after - start).days // 7)
    end = start + timedelta(days=weeks * 7 - 1)
    found, is_cut = _entries(sight, start, end)
    days = [_day(sight, start + timedelta(days=n), found, today, first) for n in range(weeks * 7)]
    language = locale.language
    return CalendarNode(
        label=span_label(first, "month"),
        weekdays=tuple((translate(f"view.weekday_{n}", {}, language), translate(f"view.weekday_short_{n}", {}, language)) for n in range(1, 8)),
        weeks=tuple(tuple(days[at : at + 7]) for at in range(0, len(days), 7)),
        agenda=tuple(day for day in days if day.entries and not day.is_outside),
        chosen=next((day for day in days if day.is_chosen), None),
        previous=sight.link(month=f"{_month(first - timedelta(days=1)):%Y-%m}"),
        next=sight.link(month=f"{after:%Y-%m}"),
        today=sight.link(month=f"{today:%Y-%m}"),
        count=len({entry.card.id for day in days if not day.is_outside for entry in day.entries}),
        is_cut=is_cut,
    )


def _month(day: date) -> date:
    return min(max(day, date(_YEARS[0], 1, 1)), date(_YEARS[1], 12, 1)).replace(day=1)


def _day(sight: Sight, day: date, entries: dict[date, list[Entry]], today: date, month: date) -> Day:
    start = sight.view.calendar.start if sight.view.calendar else ""
    may_create = sight.policy.may("create", sight.entity.key)
    return Day(
        day=day, label=show_date(day), weekday=translate(f"view.weekday_{day.isoweekday()}", {}, current_locale().language),
        entries=tuple(entries.get(day, ())), is_today=day == today, is_outside=_month(day) != month, is_chosen=day == sight.asked.day,
        href=sight.link(month=f"{month:%Y-%m}", day=day.isoformat()),
        new=sight.addresses.new(sight.entity.key, start, day.isoformat()) if may_create else "",
    )


def _entries(sight: Sight, start: date, end: date) -> tuple[dict[date, list[Entry]], bool]:
    """The entries by day, those that begin earlier first, then by their time."""
    settings = sight.view.calendar
    assert settings is not None  # noqa: S101 (whoever calls has asked `is_offered`)
    last = settings.end if sight.sees(settings.end) else None
    tints = tints_of(sight)
    colour = settings.colour if sight.sees(settings.colour) else None
    fields = fields_of(sight, tints, settings.start, last, settings.title, colour)
    records: list[Record] = []
    is_cut = False
    for condition, order in _conditions(sight, settings, last, start, end):
        page = sight.source.query(
            replace(query_of(sight, sort=(order,), fields=fields, more=condition, limit=MOST), count="none")
        )
        records.extend(page.records)
        is_cut = is_cut or page.next_cursor is not None
    records.sort(key=lambda record: _moment(record.values.get(settings.start)))
    cards = cards_of(sight, records, tints, title=settings.title, chip=colour, leave_out=[settings.start, *([last] if last else [])])
    found: dict[date, list[Entry]] = {}
    for record, card in zip(records, cards, strict=True):
        first, until = _local(record.values[settings.start]), _local(record.values.get(last)) if last else None
        for day, place in _span(first, until or first, start, end):
            found.setdefault(day, []).append(Entry(card, _time(record.values[settings.start], place), place, _colour(card)))
    return found, is_cut


def _conditions(sight: Sight, settings: Calendar, last: str | None, start: date, end: date) -> Iterator[tuple[str, str]]:
    """What begins in these days; and what began before and reaches into them. Each has an index of its own."""
    name = sight.source.name(settings.start)
    if not name:
        return
    from_, to = _literal(sight, settings.start, start), _literal(sight, settings.start, end + timedelta(days=1))
    yield f"{name} >= {from_} and {name} < {to}", settings.start
    until = sight.source.name(last) if last else ""
    if last and until:
        yield f"{until} >= {from_} and {name} < {from_}", last


def _literal(sight: Sight, key: str, day: date) -> str:
    """The beginning of a day, as the field's kind is compared."""
    if sight.entity.fields[key].type.kind != "datetime":
        return f'"{day.isoformat()}"'
    moment = datetime.combine(day, time(), current_locale().zone).astimezone(UTC)
    return f'"{moment:%Y-%m-%dT%H:%M:%SZ}"'


def _span(first: date, last: date, start: date, end: date) -> Iterator[tuple[date, str]]:
    """The days from first to last that lie in the month's weeks; an end before the beginning counts for nothing."""
    last = max(first, last)
    day = max(first, start)
    while day <= min(last, end):
        yield day, "only" if first == last else "first" if day == first else "last" if day == last else "middle"
        day += timedelta(days=1)


def _moment(value: Any) -> str:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value or "")


def _local(value: Any) -> Any:
    return value.astimezone(current_locale().zone).date() if isinstance(value, datetime) else value


def _time(value: Any, place: str) -> str:
    if not isinstance(value, datetime) or place not in ("only", "first"):
        return ""
    return f"{value.astimezone(current_locale().zone):%H:%M}"


def _colour(card: Card) -> str:
    return card.colour or (card.chip.colour if card.chip else "")
