"""Values of records that others refer to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.definitions.paths import BUILT_IN, target_of
from engine.records.access import Access
from engine.records.query.columns import Columns
from engine.records.query.people import fetch_people
from engine.records.query.statements import among, chunks, prepared


def fetch(access: Access, target: str, ids: Iterable[UUID], names: Iterable[str], *, lock: bool = False) -> dict[UUID, Mapping[str, Any]]:
    """What names mean for records of `target`, whoever may read them.

    With `lock`, nobody can change those records before this work is over: what is derived from them
    and stored elsewhere would miss the change. Only PostgreSQL needs that; SQLite has one writer.
    """
    if target in BUILT_IN:
        return fetch_people(access, target, list(ids), set(names) - {"id"})
    wanted = tuple(sorted(set(names) - {"id"}))
    found: dict[UUID, Mapping[str, Any]] = {}
    waiting = list(ids)
    if lock and access.work.dialect == "postgresql":
        _lock(access, target, waiting, wanted)
    statement = _statement(access, target, wanted)
    for some in chunks(waiting):
        rows = access.work.connection.execute(statement, {"ids": some})
        found.update({row[0]: dict(zip(wanted, row[1:], strict=True)) for row in rows})
    return found


def _statement(access: Access, target: str, names: tuple[str, ...]) -> sa.Select[Any]:
    volatile = access.plans.graph.volatile
    if any("." in name for name in names) or any(node.entity == target and node.field in names for node in volatile):
        return _select(access, target, names)  # may depend on the moment, so it is not kept
    return prepared(access, ("fetch", target, names), lambda: _select(access, target, names))


def _select(access: Access, target: str, names: tuple[str, ...]) -> sa.Select[Any]:
    columns = Columns(access, target, is_free=True)
    selected = [columns(name) for name in names]
    return sa.select(columns.table.c.id, *selected).select_from(columns.from_clause()).where(among(columns.table.c.id, access))


def _lock(access: Access, target: str, ids: list[UUID], names: Iterable[str]) -> None:
    """Lock records against changes, and those that further steps lead to."""
    table = access.tables[target]
    steps = tuple(sorted({name.partition(".")[0] for name in names if "." in name}))
    item = access.model.entities[target].fields
    statement = prepared(access, ("share", target, steps), lambda: (
        sa.select(table.c.id, *(table.c[item[step].column] for step in steps))
        .where(among(table.c.id, access)).order_by(table.c.id).with_for_update(read=True)
    ))
    rows = [row for some in chunks(sorted(ids)) for row in access.work.connection.execute(statement, {"ids": some})]
    for place, step in enumerate(steps, start=1):
        further = target_of(item[step])
        if further is not None and further not in BUILT_IN:
            rests = [name.partition(".")[2] for name in names if name.startswith(f"{step}.")]
            _lock(access, further, list({row[place] for row in rows} - {None}), rests)
