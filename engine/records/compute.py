"""Derived values of records being written: formulas, mirrors and roll-ups, in dependency order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from engine.definitions.model import Field
from engine.definitions.paths import computation_of
from engine.expressions import Expression
from engine.kernel.errors import Invalid
from engine.records.access import Access
from engine.records.graph import Node
from engine.records.scope import Find, answer, finders
from engine.records.store.rollups import rolled_up
from engine.records.values import Draft


def compute_own(access: Access, drafts: Sequence[Draft]) -> None:
    """Derived values of drafts of one entity, owned rows first. Only what can have changed is computed."""
    if not drafts:
        return
    plan = drafts[0].plan
    for key in plan.rows:
        compute_own(access, [row for draft in drafts for row in draft.rows.get(key, ())])
    entity = plan.entity.key
    due: dict[Node, list[Draft]] = {node: [] for node in access.plans.graph.own.get(entity, ())}
    for draft in drafts:
        for node in _nodes(access, entity, draft):
            due[node].append(draft)
    _compute(access, entity, {node: some for node, some in due.items() if some}, in_memory=True)


def compute_nodes(access: Access, entity: str, drafts: Sequence[Draft], nodes: Iterable[Node]) -> None:
    """These derived values of records that already stand, roll-ups counted by the database."""
    _compute(access, entity, {node: list(drafts) for node in nodes}, in_memory=False)


def _nodes(access: Access, entity: str, draft: Draft) -> tuple[Node, ...]:
    graph = access.plans.graph
    if draft.is_new:
        return graph.own.get(entity, ())
    rows = {key for key in draft.plan.rows if draft.rows.get(key) is not None and _rows_changed(draft, key)}
    return graph.affected(entity, draft.changed | rows)


def _rows_changed(draft: Draft, key: str) -> bool:
    return bool(draft.gone.get(key)) or any(row.is_new or row.changed for row in draft.rows[key])


def _compute(access: Access, entity: str, due: Mapping[Node, list[Draft]], *, in_memory: bool) -> None:
    if not due:
        return
    fields = access.model.entities[entity].fields
    drafts = list({id(draft): draft for some in due.values() for draft in some}.values())
    names = {name for node in due for name in _names(fields[node.field])}
    fresh = any(_is_new_path(draft) for draft in drafts)
    finds = {id(draft): find for draft, find in zip(drafts, finders(access, entity, drafts, names, lock=fresh), strict=True)}
    for node, some in due.items():
        item = fields[node.field]
        if computation_of(item) == "rollup":
            _roll_up(access, entity, item, some, in_memory=in_memory)
            continue
        for draft in some:
            value = _value(access, item, finds[id(draft)])
            draft.values[item.key] = item.type.settle(value, item.options)  # type: ignore[attr-defined]


def _is_new_path(draft: Draft) -> bool:
    """Does the draft refer to something that it did not refer to before?"""
    return draft.is_new or any(draft.values.get(slot.key) != draft.old.get(slot.key) for slot in draft.plan.references)


def _names(item: Field) -> Iterable[str]:
    """What a formula or a mirror reads."""
    if computation_of(item) == "mirror":
        return (_source(item),)
    return item.formula.names if item.formula is not None else ()


def _value(access: Access, item: Field, find: Find) -> Any:
    if computation_of(item) == "mirror":
        return find(_source(item))
    return _answer(access, item.formula, find) if item.formula is not None else None


def _source(item: Field) -> str:
    return f"{item.options['via']}.{item.options['field']}"


def _answer(access: Access, formula: Expression, find: Find) -> Any:
    """A formula's result; one too large to hold is none, as it is in SQL."""
    try:
        return answer(access, formula, find)
    except Invalid:
        return None


def _roll_up(access: Access, entity: str, item: Field, drafts: Sequence[Draft], *, in_memory: bool) -> None:
    rows = item.options.get("rows")
    if rows and in_memory:
        _sum_rows(access, item, str(rows), drafts)
        return
    nobody = [draft for draft in drafts if draft.is_new]  # nothing can refer to what is not there yet
    found: Mapping[UUID, Any] = {}
    if len(nobody) < len(drafts):
        found = rolled_up(access, entity, item, [draft.id for draft in drafts if not draft.is_new])
    none = Decimal(0) if item.options["function"] in {"sum", "count"} else None
    for draft in drafts:
        draft.values[item.key] = item.type.settle(found.get(draft.id, none), item.options)  # type: ignore[attr-defined]


def _sum_rows(access: Access, item: Field, rows: str, drafts: Sequence[Draft]) -> None:
    """A roll-up over owned rows, which are all at hand."""
    children = [row for draft in drafts for row in draft.rows.get(rows, ())]
    counted = {id(row) for row in children}
    if item.filter is not None and children:
        child = children[0].plan.entity.key
        finds = finders(access, child, children, item.filter.names)
        counted = {id(row) for row, find in zip(children, finds, strict=True) if _answer(access, item.filter, find) is True}
    for draft in drafts:
        some = [row for row in draft.rows.get(rows, ()) if id(row) in counted]
        value = _aggregate(str(item.options["function"]), str(item.options.get("field")), some)
        draft.values[item.key] = item.type.settle(value, item.options)  # type: ignore[attr-defined]


def _aggregate(function: str, key: str, rows: Sequence[Draft]) -> Any:
    if function == "count":
        return Decimal(len(rows))
    values = [row.values[key] for row in rows if row.values.get(key) is not None]
    if function == "sum":
        return sum((Decimal(value) for value in values), Decimal(0))
    return (min if function == "min" else max)(values, default=None)
