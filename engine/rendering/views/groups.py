"""A list broken into groups, with count and sums of each whole group, whatever page it lies on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from engine.definitions import Field
from engine.fields import effective
from engine.fields.capabilities import Offers
from engine.kernel.messages import translate
from engine.records import OPTION_ORDER, Record
from engine.rendering.faces import Face, face_of, follow
from engine.rendering.formats import show_date
from engine.rendering.locale import current_locale
from engine.rendering.view_table import Line
from engine.rendering.views.sight import Sight
from engine.rendering.views.sums import Sum, show_sums
from engine.rendering.widget import Choice, Setting, Shown


@dataclass(frozen=True)
class Group:
    """Some lines of one value. `is_continued`: its first lines are on the page before."""

    label: str
    chip: Choice | None
    lines: tuple[Line, ...]
    count: int | None = None
    sums: tuple[Sum, ...] = ()
    is_continued: bool = False


def group_field(sight: Sight) -> Field | None:
    """The field that the view is grouped by, when the reader may see it."""
    path = sight.view.group_by
    if not path or not sight.sees(path):
        return None
    end = follow(sight.model, sight.entity, path)
    return None if end is None else end[1]


def group_sort(sight: Sight, target: Field, *, is_large: bool = False) -> tuple[str, ...]:
    """The order in which groups stand together: by the value, for a reference by its title and then itself.

    Choices stand in their own order; among very many records by their keys, for which there is an index.
    """
    path = str(sight.view.group_by)
    rest = [key for key in sight.sort if key.removeprefix("-") != path]
    sign = "-" if f"-{path}" in sight.sort else ""
    is_choice = isinstance(effective(target.type, target.options)[0], Offers) and not is_large
    first = [f"{sign}{path}{OPTION_ORDER}" if is_choice else f"{sign}{path}"]
    if face_of(target).source.type.kind == "reference":
        first.append(f"{sign}{path}.id")
    return tuple([*first, *rest][:5])


def group_names(sight: Sight) -> list[str]:
    """How `aggregate` is asked for the same groups."""
    path, span = str(sight.view.group_by), sight.view.group_span
    return [f"{path}:{span}" if span else path]


def grouped(
    sight: Sight, target: Field, records: Sequence[Record], lines: Sequence[Line], known: Sequence[dict[str, Any]]
) -> tuple[Group, ...]:
    """The lines of a page in their groups; `known` are the groups of `aggregate`, empty where nobody added up."""
    path, (name,) = str(sight.view.group_by), group_names(sight)
    by_key = {group[name]: group for group in known}
    face = face_of(target)
    found: list[Group] = []
    start = 0
    keys = [_key(sight, target, record.values.get(path)) for record in records]
    for at in range(1, len(lines) + 1):
        if at < len(lines) and keys[at] == keys[start]:
            continue
        record, group = records[start], by_key.get(keys[start])
        shown = _shown(sight, face, record, path)
        found.append(
            Group(
                label=shown.text or translate("view.no_value", {}, current_locale().language),
                chip=shown.chips[0] if shown.chips else None,
                lines=tuple(lines[start:at]),
                count=group["count"] if group else None,
                sums=show_sums(sight, group) if group else (),
                is_continued=start == 0 and bool(sight.asked.cursor) and group is not None and group["count"] > at - start,
            )
        )
        start = at
    return tuple(found)


def _key(sight: Sight, target: Field, value: Any) -> Any:
    """The value as `aggregate` names it."""
    if value is None:
        return None
    if sight.view.group_span:
        return first_day(value, sight.view.group_span, sight.model.app.timezone).isoformat()
    return target.type.dump(value, target.options)


def first_day(value: date | datetime, span: str, timezone: str) -> date:
    """The first day of the span that a day lies in, in the app's time zone: there the database counts."""
    day = value.astimezone(ZoneInfo(timezone)).date() if isinstance(value, datetime) else value
    if span == "week":
        return day - timedelta(days=day.weekday())
    if span == "month":
        return day.replace(day=1)
    if span == "quarter":
        return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    return date(day.year, 1, 1) if span == "year" else day


def _shown(sight: Sight, face: Face, record: Record, path: str) -> Shown:
    value = record.values.get(path)
    span = sight.view.group_span
    if value is not None and span:
        return Shown(span_label(first_day(value, span, sight.model.app.timezone), span))
    end = follow(sight.model, sight.entity, path)
    owner = end[0].key if end else sight.entity.key
    return face.widget.show(value, Setting(sight.model, face.source, owner, record.titles.get(path), face.is_computed))


def span_label(first: date, span: str) -> str:
    """A span of days in words: "November 2026", "2026 年第 4 季度"."""
    language = current_locale().language
    if span in ("day", "week"):
        last = first + timedelta(days=6)
        return show_date(first) if span == "day" else f"{show_date(first)} – {show_date(last)}"
    quarter = (first.month - 1) // 3 + 1
    month = translate(f"view.month_{first.month}", {}, language)
    return translate(f"view.span_{span}", {"year": first.year, "month": month, "quarter": quarter}, language)
