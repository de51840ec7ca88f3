"""Keeping derived values right in other records than the one being written.

A change sets off triggers; each leads over hops to the records that hold a derived value, which are
computed anew, lowest in the order first, so that chains (roll-up, formula, roll-up) are computed once
each. What was changed by that sets off triggers in turn. All of it happens in the transaction that
made the change, up to a limit of records; beyond it a job goes on.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from engine.jobs import enqueue
from engine.kernel.changes import Change
from engine.records.access import Access, access_to
from engine.records.compute import compute_nodes
from engine.records.graph import MEMBERSHIP, Hop, Node, Trigger
from engine.records.history_entries import history_entry
from engine.records.query.statements import SEARCH
from engine.records.search_text import search_text
from engine.records.store.history import write_history
from engine.records.store.hops import follow
from engine.records.store.load import load
from engine.records.store.save import update
from engine.records.told import Told
from engine.records.values import Draft
from engine.storage import Work

CAUSE = "derived"
MAX_RECORDS = 2_000
"""Dependent records that one unit of work brings up to date itself."""

JOB = "records.recompute"
_SPENT = "records.derived"


def react(work: Work, changes: Sequence[Change]) -> None:
    """Bring everything up to date that follows from these changes in other records."""
    by_app: dict[str, list[Change]] = {}
    for change in changes:
        if change.cause != CAUSE:  # those have been followed already
            by_app.setdefault(change.app, []).append(change)
    for app, some in by_app.items():
        access = access_to(work, app)
        if access.plans.graph.triggers:
            spread(access, _seeds(access, some))


def follow_up(access: Access, entity: str, field: str, ids: set[UUID]) -> None:
    """Compute what follows from a field that was written past the usual way, in the records themselves too."""
    pending: dict[Node, set[UUID]] = {}
    for trigger in access.plans.graph.triggers.get((entity, field), ()):
        _pend(access, pending, trigger, ids, source=(entity, field))
    spread(access, pending)


def spread(access: Access, pending: dict[Node, set[UUID]]) -> None:
    """Compute pending values in order, and what follows from them, until nothing is left."""
    order = access.plans.graph.order
    while pending:
        first = min(pending, key=lambda node: (order[node], node))
        ids = pending.pop(first)
        together = [node for node, some in pending.items() if node.entity == first.entity and some == ids]
        for node in together:
            del pending[node]
        nodes = sorted([first, *together], key=lambda node: (order[node], node))
        for field, changed in _recompute(access, first.entity, nodes, ids).items():
            for trigger in access.plans.graph.triggers.get((first.entity, field), ()):
                if trigger.hops or trigger.node not in nodes or order[trigger.node] <= order[Node(first.entity, field)]:
                    _pend(access, pending, trigger, changed, source=(first.entity, field))


def _seeds(access: Access, changes: Collection[Change]) -> dict[Node, set[UUID]]:
    """What the changes set off in other records. In the same record it was computed by the write."""
    sources: dict[tuple[str, str], set[UUID]] = {}
    left: dict[tuple[str, str], set[UUID]] = {}
    for change in changes:
        keys = set(change.after) | set(change.before)
        if change.verb != "changed":
            keys.add(MEMBERSHIP)
        for key in keys:
            sources.setdefault((change.entity, key), set()).add(change.record_id)
            before = change.before.get(key)
            if isinstance(before, UUID):
                left.setdefault((change.entity, key), set()).add(before)
    pending: dict[Node, set[UUID]] = {}
    told = Told(changes)
    for source, ids in sources.items():
        for trigger in access.plans.graph.triggers.get(source, ()):
            if trigger.hops:
                _pend(access, pending, trigger, ids, source=source, left=left.get(source, set()), told=told)
    return pending


def _pend(
    access: Access, pending: dict[Node, set[UUID]], trigger: Trigger, ids: set[UUID], *,
    source: tuple[str, str], left: set[UUID] = frozenset(),  # type: ignore[assignment]
    told: Told | None = None,
) -> None:
    """Add the records at the end of a trigger's hops, or queue a job when they are too many.

    `left` are records that changed ones referred to before: they count too when the trigger's first
    hop is over that very reference.
    """
    spent = access.work.cache.get(_SPENT, 0)
    room = max(0, MAX_RECORDS - spent)
    first = trigger.hops[0] if trigger.hops else None
    found = _ends(access, trigger.hops, ids, room, told or Told(()))
    if first is not None and first.kind == "target" and first.field == source[1] and left:
        found |= follow(access, trigger.hops[1:], left, limit=room)
    if len(found) > room:
        _queue(access, trigger, source, set() if left else ids)
        return
    pending.setdefault(trigger.node, set()).update(found)


def _ends(access: Access, hops: Sequence[Hop], ids: set[UUID], limit: int, told: Told) -> set[UUID]:
    """The records at the end of hops; more than `limit` at any hop are not all fetched."""
    if not hops:
        return ids
    found, asked = told.first(hops[0], ids)
    key = (hops[0], frozenset(asked), limit)
    if key not in told.asked:
        told.asked[key] = follow(access, hops[:1], asked, limit=limit)
    return follow(access, hops[1:], found | told.asked[key], limit=limit)


def _queue(access: Access, trigger: Trigger, source: tuple[str, str], ids: set[UUID]) -> None:
    """Leave a trigger to a job: with the changed records where they are few, else for all records."""
    payload: dict[str, Any] = {"app": access.app, "entity": trigger.node.entity, "field": trigger.node.field}
    if ids and len(ids) <= MAX_RECORDS:
        payload.update(source=list(source), ids=[str(id_) for id_ in sorted(ids)])
    enqueue(access.work, JOB, payload)


def _recompute(access: Access, entity: str, nodes: Sequence[Node], ids: set[UUID]) -> dict[str, set[UUID]]:
    """Compute derived values of these records, in order; by field, the ids in which it differs now."""
    standing = load(access, entity, ids, lock=True)
    access.work.cache[_SPENT] = access.work.cache.get(_SPENT, 0) + len(standing)
    plan = access.plan(entity)
    drafts = [
        Draft(plan, id_, {key: values[key] for key in plan.stored}, values, is_new=False, rev=values["rev"])
        for id_, values in standing.items()
    ]
    compute_nodes(access, entity, drafts, nodes)
    changed = [(draft, draft.changed) for draft in drafts]
    changed = [(draft, keys) for draft, keys in changed if keys]
    if not changed:
        return {}
    searched = {slot.key for slot in plan.searchable}
    update(access, entity, [(draft.id, _written(draft, keys, searched)) for draft, keys in changed])
    entries = [history_entry(access, draft, "changed", CAUSE) for draft, _ in changed]
    write_history(access, [entry for entry in entries if entry is not None])
    found: dict[str, set[UUID]] = {}
    for draft, keys in changed:
        before, after = {key: draft.old[key] for key in keys}, {key: draft.values[key] for key in keys}
        access.work.add(Change(access.app, entity, draft.id, "changed", before, after, draft.rev, CAUSE))
        for key in keys:
            found.setdefault(key, set()).add(draft.id)
    return found


def _written(draft: Draft, keys: set[str], searched: set[str]) -> Mapping[str, Any]:
    values = {key: draft.values[key] for key in keys}
    return values if keys.isdisjoint(searched) else {**values, SEARCH: search_text(draft.plan, draft.values)}
