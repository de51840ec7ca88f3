"""Titles of what references point to, as texts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.definitions.paths import BUILT_IN, DEPARTMENT
from engine.kernel.messages import pick
from engine.records.access import Access
from engine.records.query.columns import Columns, built_in
from engine.records.query.statements import among, chunks
from engine.records.search_text import label_of

Show = Callable[[Any], str]


def title_shower(access: Access, target: str) -> Show | None:
    """How to write the titles of a target's records in the actor's language; None where they are text."""
    language = access.work.language
    if target == DEPARTMENT:
        return lambda value: pick(value, language)
    if target in BUILT_IN:
        return None
    slot = access.plan(target).slots[access.model.entities[target].title]
    return None if slot.kind == "text" and not slot.offers else lambda value: label_of(slot, value, language)


def shown(show: Show | None, value: Any) -> str:
    """A title in words."""
    return str(value) if show is None else show(value)


def find_titles(
    access: Access, target: str, ids: Iterable[UUID], *, is_free: bool = False, to_choose: bool = False
) -> dict[UUID, str]:
    """The titles of those records that are there and that the actor may read; "" for a hidden title.

    `is_free` finds whatever is there. Users who have left and closed departments count as there, unless one
    is `to_choose`.
    """
    waiting = list(set(ids))
    if not waiting or not (target in BUILT_IN or target in access.model.entities):
        return {}
    statement, has_title = _statement(access, target, is_free=is_free, to_choose=to_choose)
    show = title_shower(access, target)
    found: dict[UUID, str] = {}
    for some in chunks(waiting):
        for row in access.work.connection.execute(statement, {"ids": some}):
            found[row[0]] = shown(show, row[1]) if has_title and row[1] is not None else ""
    return found


def _statement(access: Access, target: str, *, is_free: bool, to_choose: bool) -> tuple[sa.Select[Any], bool]:
    if target in BUILT_IN:
        return access.plans.statements.get(("titles", target, to_choose), lambda: _built_in(access, target, to_choose=to_choose)), True
    title = access.model.entities[target].title
    has_title = is_free or access.policy.field_right(target, title) != "hidden"
    if access.key is None:
        return _select(access, target, has_title=has_title, is_free=is_free), has_title
    key = ("titles", target, has_title, is_free or access.key)
    return access.plans.statements.get(key, lambda: _select(access, target, has_title=has_title, is_free=is_free)), has_title


def _select(access: Access, target: str, *, has_title: bool, is_free: bool) -> sa.Select[Any]:
    columns = Columns(access, target, is_free=is_free)
    table = columns.table
    selected = [table.c.id, columns(access.model.entities[target].title)] if has_title else [table.c.id]
    conditions: list[sa.ColumnElement[Any]] = [among(table.c.id, access), table.c.removed_on.is_(None)]
    if not is_free:
        conditions.append(access.policy.row_predicate("read", target, table))
    return sa.select(*selected).select_from(columns.from_clause()).where(*conditions)


def _built_in(access: Access, target: str, *, to_choose: bool) -> sa.Select[Any]:
    table, _ = built_in(target)
    found = sa.select(table.c.id, table.c.name).where(among(table.c.id, access))
    if not to_choose:
        return found
    return found.where(table.c.removed_at.is_(None) if target == DEPARTMENT else table.c.is_active)
