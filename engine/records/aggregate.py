"""Counting and adding up: groups of records with their measures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from engine.expressions import Expression
from engine.kernel.errors import Invalid, Problem
from engine.records.access import Access, access_to
from engine.records.names import ReadableNames, read_filter, slot_at
from engine.records.query.aggregate import Grouping, Measuring, find_groups
from engine.records.query.question import read_search
from engine.records.query.titles import find_titles
from engine.storage import Work

Function = Literal["count", "sum", "avg", "min", "max"]
FUNCTIONS: tuple[Function, ...] = ("count", "sum", "avg", "min", "max")
SPANS = ("day", "week", "month", "quarter", "year")
MAX_GROUPS, MAX_PARTS = 1_000, 8
_MEASURED: Mapping[str, frozenset[str]] = {
    "sum": frozenset({"number"}), "avg": frozenset({"number"}),
    "min": frozenset({"number", "date", "datetime"}), "max": frozenset({"number", "date", "datetime"}),
}
_UNGROUPED = frozenset({"list", "file", "rows"})


@dataclass(frozen=True)
class Measure:
    """What to work out for each group: a function over a field; count needs none."""

    function: str
    field: str | None = None

    @property
    def name(self) -> str:
        """How the result is called: `count`, `sum:amount`."""
        return self.function if self.field is None else f"{self.function}:{self.field}"


def aggregate(  # noqa: PLR0913
    work: Work, app: str, entity: str, group_by: Sequence[str] = (), measures: Sequence[Measure | Mapping[str, Any]] = (), *,
    filter: str = "", search: str = "", sort: Sequence[str] = (), limit: int = MAX_GROUPS, where: Expression | None = None,
) -> list[dict[str, Any]]:
    """Groups of the records that the actor may read, as JSON: one mapping a group.

    A part of `group_by` is a name, or with a date a name and a span (`created_on:month`); each is a key
    of the result under the same text, and references have their title under `_titles`. Measures are
    `{"fn", "field"}` mappings; none means count. Decimals are text; an average has two decimals more
    than needed at most. `where` is a view's own filter, as in `Query`. Groups come in the order of their keys unless `sort` names keys or measures.
    Raises NotFound, Invalid with all problems.
    """
    access = access_to(work, app)
    access.entity(entity)
    problems: list[Problem] = []
    groupings = [found for text in group_by if (found := _grouping(access, entity, text, problems))]
    wanted = [_measure(measure, problems) for measure in measures] or [Measure("count")]
    measuring = [made for measure in wanted if measure and (made := _measuring(access, entity, measure, problems))]
    names = [each.name for each in groupings] + [each.name for each in measuring]
    order = _order(sort, names, problems)
    if len(group_by) > MAX_PARTS or len(measures) > MAX_PARTS:
        problems.append(Problem("aggregate.too_many_parts", {"count": MAX_PARTS}, ("group_by",)))
    if not 1 <= limit <= MAX_GROUPS:
        problems.append(Problem("query.limit", {"maximum": MAX_GROUPS}, ("limit",)))
    condition = words = None
    try:
        condition, words = read_filter(access, entity, filter), read_search(search)
    except Invalid as error:
        problems.extend(error.problems)
    if problems:
        raise Invalid(*problems)
    groups = find_groups(access, entity, groupings, measuring, condition, words or (), order, limit, where=where)
    _name(access, groupings, groups)
    return groups


def _grouping(access: Access, entity: str, text: object, problems: list[Problem]) -> Grouping | None:
    name, _, span = str(text).partition(":")
    kind = ReadableNames(access, entity)(name)
    slot = slot_at(access, entity, name)
    if kind is None or (slot is None and name != "id"):
        problems.append(Problem("query.unknown_field", {"field": name[:80]}, ("group_by",)))
    elif kind in _UNGROUPED:
        problems.append(Problem("aggregate.not_grouped", {"field": name[:80]}, ("group_by",)))
    elif span and (span not in SPANS or kind not in {"date", "datetime"}):
        problems.append(Problem("aggregate.span", {"span": span[:80]}, ("group_by",)))
    else:
        return Grouping(str(text), name, span, kind, slot)
    return None


def _measure(raw: Measure | Mapping[str, Any], problems: list[Problem]) -> Measure | None:
    found = raw if isinstance(raw, Measure) else Measure(str(raw.get("fn", "")), raw.get("field")) if isinstance(raw, Mapping) else None
    is_known = found is not None and found.function in FUNCTIONS and isinstance(found.field, (str, type(None)))
    if found is None or not is_known or (found.field is None and found.function != "count"):
        problems.append(Problem("aggregate.measure", {"functions": list(FUNCTIONS)}, ("measures",)))
        return None
    return found


def _measuring(access: Access, entity: str, measure: Measure, problems: list[Problem]) -> Measuring | None:
    if measure.field is None:
        return Measuring(measure.name, measure.function, None, None)
    kind = ReadableNames(access, entity)(measure.field)
    slot = slot_at(access, entity, measure.field)
    if kind is None or slot is None:
        problems.append(Problem("query.unknown_field", {"field": measure.field[:80]}, ("measures",)))
    elif kind not in _MEASURED.get(measure.function, {kind}):
        problems.append(Problem("aggregate.not_measured", {"field": measure.field[:80], "function": measure.function}, ("measures",)))
    else:
        return Measuring(measure.name, measure.function, measure.field, slot)
    return None


def _order(sort: Sequence[str], names: Sequence[str], problems: list[Problem]) -> list[tuple[int, bool]]:
    found = []
    for text in sort:
        name = str(text).removeprefix("-")
        if name in names:
            found.append((names.index(name), str(text).startswith("-")))
        else:
            problems.append(Problem("query.unknown_field", {"field": name[:80]}, ("sort",)))
    return found


def _name(access: Access, groupings: Sequence[Grouping], groups: list[dict[str, Any]]) -> None:
    for grouping in groupings:
        target = grouping.slot.target if grouping.slot else None
        if target is None:
            continue
        ids = {UUID(group[grouping.name]) for group in groups if group[grouping.name] is not None}
        titles = find_titles(access, target, ids)
        for group in groups:
            value = group[grouping.name]
            title = titles.get(UUID(value)) if value is not None else None
            if title:
                group.setdefault("_titles", {})[grouping.name] = title
