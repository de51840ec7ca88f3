"""The job that computes derived values anew: after a publish, and where a change touched too many records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from engine.jobs import job, set_progress
from engine.kernel.actor import system_actor
from engine.kernel.errors import NotFound
from engine.records.access import Access, access_to
from engine.records.derive import JOB, spread
from engine.records.graph import Node
from engine.records.refresh_search import refresh_search
from engine.records.store.everything import count_standing, next_ids
from engine.records.store.hops import follow
from engine.storage import Work

BATCH = 500
_ALL = 10_000_000


@job(JOB, writes=False)
def recompute(work: Work, payload: Mapping[str, Any]) -> dict[str, int]:
    """Compute derived values of an entity's records, some hundred to a transaction.

    `payload`: app, entity; `field` for one value only; `source` (entity, field) and `ids` for only the
    records that depend on those; `search` when the search texts have to be written anew as well.
    Running it again does no harm: values that are right stay.
    """
    entity = str(payload["entity"])
    try:
        access = access_to(work, str(payload["app"]))
    except NotFound:
        return {"records": 0}
    nodes = _nodes(access, payload)
    if not nodes and not payload.get("search"):
        return {"records": 0}
    total = max(1, count_standing(access, entity))
    done = 0
    for ids in _batches(access, entity, payload):
        with work.database.work(system_actor("records.recompute")) as own:
            own.allow_time(300)
            now = access_to(own, access.app)  # a publish in between may have changed what there is
            spread(now, {node: set(ids) for node in nodes if node in now.plans.graph.order})
            if payload.get("search") and entity in now.model.entities:
                refresh_search(now, entity, ids)
        done += len(ids)
        set_progress(work, min(99, done * 100 // total))
    return {"records": done}


def _nodes(access: Access, payload: Mapping[str, Any]) -> tuple[Node, ...]:
    own = access.plans.graph.own.get(str(payload["entity"]), ())
    field = payload.get("field")
    return own if field is None else tuple(node for node in own if node.field == field)


def _batches(access: Access, entity: str, payload: Mapping[str, Any]) -> Iterator[list[UUID]]:
    source = payload.get("source")
    if source is None:
        after: UUID | None = None
        while ids := next_ids(access, entity, after, BATCH):
            yield ids
            after = ids[-1]
        return
    changed = {UUID(id_) for id_ in payload.get("ids", ())}
    found: set[UUID] = set()
    for trigger in access.plans.graph.triggers.get((str(source[0]), str(source[1])), ()):
        if trigger.node == Node(entity, str(payload["field"])):
            found |= follow(access, trigger.hops, changed, limit=_ALL)
    waiting = sorted(found)
    for start in range(0, len(waiting), BATCH):
        yield waiting[start : start + BATCH]
