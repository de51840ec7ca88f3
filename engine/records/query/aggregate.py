"""Groups and measures as one statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import sqlalchemy as sa

from engine.expressions import Expression, compile  # noqa: A004
from engine.records.access import Access
from engine.records.plan import Slot
from engine.records.query.columns import Column, Columns, sum_of
from engine.records.query.question import searched
from engine.records.query.single import standing

_SPANS: Mapping[str, str] = {
    "day": "{day}", "week": "add_days({day}, 1 - weekday({day}))", "month": "start_of_month({day})",
    "quarter": "date(year({day}), (quarter({day}) - 1) * 3 + 1, 1)", "year": "date(year({day}), 1, 1)",
}


@dataclass(frozen=True)
class Grouping:
    """One part of the key: a field, or for a date the span that it lies in (by its first day)."""

    name: str
    field: str
    span: str
    kind: str
    slot: Slot | None


@dataclass(frozen=True)
class Measuring:
    """One measure: its name in the result, the function, and the field with its slot."""

    name: str
    function: str
    field: str | None
    slot: Slot | None


def find_groups(  # noqa: PLR0913 (the parts of one statement)
    access: Access, entity: str, groupings: Sequence[Grouping], measures: Sequence[Measuring],
    condition: Expression | None, words: tuple[str, ...], order: Sequence[tuple[int, bool]], limit: int,
    *, where: Expression | None = None,
) -> list[dict[str, Any]]:
    """The groups as JSON-ready mappings.

    The parts are named in a subquery, so that the database need not see that an expression with
    parameters in the list is the same as the one it groups by.
    """
    columns = Columns(access, entity)
    inner = [_part(columns, grouping).label(f"g_{at}") for at, grouping in enumerate(groupings)]
    for at, measure in enumerate(measures):
        inner.append((columns(measure.field) if measure.field else sa.literal_column("1")).label(f"m_{at}"))
    conditions = standing(access, "read", entity, columns.table)
    if condition is not None:
        conditions.append(columns.sql(condition))
    if where is not None:
        conditions.append(columns.sql(where, columns.free))
    if words:
        conditions.append(searched(columns, words))
    rows = sa.select(*inner).select_from(columns.from_clause()).where(*conditions).subquery()
    keys = [rows.c[f"g_{at}"] for at in range(len(groupings))]
    results = [_result(rows.c[f"m_{at}"], measure, access.work.dialect) for at, measure in enumerate(measures)]
    statement = sa.select(*keys, *(column for pair in results for column in pair)).group_by(*keys).limit(limit)
    sortable = [*keys, *(pair[0] if measure.function != "avg" else sa.func.avg(rows.c[f"m_{at}"])
                         for at, (measure, pair) in enumerate(zip(measures, results, strict=True)))]
    wanted = [_ordered(sortable[place], is_descending=down) for place, down in order]
    statement = statement.order_by(*wanted, *(_ordered(key, is_descending=False) for key in keys))
    return [_group(row, groupings, measures) for row in access.work.connection.execute(statement)]


def _ordered(column: Column, *, is_descending: bool) -> Column:
    return column.desc().nulls_last() if is_descending else column.asc().nulls_last()


def _part(columns: Columns, grouping: Grouping) -> Column:
    column = columns(grouping.field)
    if not grouping.span:
        return column
    day = "to_date(moment)" if grouping.kind == "datetime" else "moment"
    text = _SPANS[grouping.span].format(day=day)
    expression = compile(text, {"moment": "datetime" if grouping.kind == "datetime" else "date"})
    return columns.sql(expression, {"moment": column}.__getitem__, as_type=sa.Date())


def _result(column: Column, measure: Measuring, dialect: str) -> tuple[Column, ...]:
    """The columns that a measure needs: an average is worked out from sum and count, exactly."""
    if measure.function == "count":
        return (sa.func.count(column),)
    if measure.function == "sum":
        return (sum_of(column, dialect),)
    if measure.function == "avg":
        return sum_of(column, dialect), sa.func.count(column)
    return (sa.type_coerce(getattr(sa.func, measure.function)(column), column.type),)


def _group(row: Sequence[Any], groupings: Sequence[Grouping], measures: Sequence[Measuring]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for grouping, value in zip(groupings, row, strict=False):
        found[grouping.name] = _key(grouping, value)
    place = len(groupings)
    for measure in measures:
        if measure.function == "avg":
            found[measure.name] = _average(measure, row[place], row[place + 1])
            place += 1
        else:
            found[measure.name] = _measured(measure, row[place])
        place += 1
    return found


def _key(grouping: Grouping, value: Any) -> Any:
    if value is None:
        return None
    if grouping.span:
        return value.isoformat()
    if grouping.slot is None:
        return str(value)
    return grouping.slot.dump(value) if grouping.slot.dump else value


def _measured(measure: Measuring, value: Any) -> Any:
    if value is None or measure.function == "count":
        return value
    if measure.slot is not None and measure.slot.kind == "number":
        return format(Decimal(value), "f") if measure.slot.is_exact else int(value)
    return measure.slot.dump(value) if measure.slot and measure.slot.dump else value


def _average(measure: Measuring, total: Any, count: int) -> str | None:
    if not count:
        return None
    scale = max(2, measure.slot.scale or 0) if measure.slot else 2
    return format((Decimal(total) / count).quantize(Decimal(1).scaleb(-scale), rounding=ROUND_HALF_UP), "f")
