"""From a demonstration to one's own work: the sample records go, what people have entered stays."""

from __future__ import annotations

from uuid import UUID

from engine.accounts.rights import require_admin
from engine.jobs import enqueue
from engine.kernel.errors import Conflict, EngineError, Problem
from engine.packs.samples import SAMPLES, samples_of
from engine.packs.store import forget_done
from engine.packs.store.purge import owner_of, purge, referring, restart_numbers, with_rows
from engine.publishing.publish import RECOMPUTE
from engine.records import get_record, write_system
from engine.storage import Counter, Work

_NAMED = 5


def has_samples(work: Work, app: str) -> bool:
    """Did the app come with sample records that have not been removed?"""
    return bool(samples_of(work, app))


def remove_samples(work: Work, app: str) -> int:
    """Delete the records that came with the pack and what their stories led to; returns how many.

    People's own records lose what they refer to; where they can't be without it, nothing is removed. Running
    numbers begin anew where no record is left. Demonstration people stay: an administrator may deactivate them.
    Raises Conflict (`pack.samples_in_use`) with the records that need a sample, Forbidden, NotFound.
    """
    require_admin(work)
    work.model(app)
    work.allow_time(600)
    samples = samples_of(work, app)
    gone = with_rows(work, app, samples)
    cleared, needed = _touched(work, app, gone)
    if needed:
        values = {"count": len(needed), "records": [_called(work, app, *each) for each in needed[:_NAMED]]}
        raise Conflict(Problem("pack.samples_in_use", values))
    for (entity, id_), fields in cleared.items():
        write_system(work, app, entity, id_, dict.fromkeys(fields), cause="samples")
    work.react()
    purge(work, app, gone)
    _afterwards(work, app)
    count = sum(map(len, samples.values()))
    work.log("pack.samples_removed", app=app, details={"count": count})
    return count


def _touched(work: Work, app: str, gone: dict[str, set[UUID]]) -> tuple[dict[tuple[str, UUID], list[str]], list[tuple[str, UUID]]]:
    """People's records that lose a reference with its fields, and those that can't be without it."""
    entities = work.model(app).entities
    cleared: dict[tuple[str, UUID], list[str]] = {}
    needed: dict[tuple[str, UUID], None] = {}
    for entity, field, id_, stands in referring(work, app, gone):
        item = entities[entity].fields[field]
        if not stands or item.type.key != "reference":  # what follows from other values is worked out anew
            continue
        if item.required:
            needed[owner_of(work, app, entity, id_)] = None
        else:
            cleared.setdefault((entity, id_), []).append(field)
    return cleared, list(needed)


def _called(work: Work, app: str, entity: str, id_: UUID) -> str:
    definition = work.model(app).entities[entity]
    try:
        record = get_record(work, app, entity, id_, fields=(definition.title,))
    except EngineError:
        return str(id_)
    return str(record.titles.get(definition.title) or record.values.get(definition.title) or id_)


def _afterwards(work: Work, app: str) -> None:
    """Numbers begin anew; sums over what is left are worked out by the worker."""
    restart_numbers(work, app)
    model = work.model(app)
    counter = Counter(work, model)
    for entity in model.entities.values():
        if counter.records(entity):
            enqueue(work, RECOMPUTE, {"app": app, "entity": entity.key, "search": False}, dedupe_key=f"{RECOMPUTE}:{app}/{entity.key}/False")
    forget_done(work, f"{SAMPLES}{app}")
