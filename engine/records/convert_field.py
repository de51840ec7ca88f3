"""The job that carries a field's values over to its new type, some hundred records at a time.

Each portion is a transaction of its own that also notes how far it is, so a worker that dies loses nothing
and the next one goes on. Whoever reads meanwhile sees the values that have come; what people type meanwhile
stays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from engine.definitions.model import Entity, Field
from engine.jobs import job, set_progress
from engine.kernel.actor import system_actor
from engine.kernel.errors import Invalid, NotFound
from engine.kernel.ids import new_id
from engine.records.access import access_to
from engine.records.convert_values import Fate, Values
from engine.records.derive import follow_up
from engine.records.refresh_search import refresh_search
from engine.records.store.conversions import count_all, read_pairs
from engine.records.store.history import write_history
from engine.records.store.save import update
from engine.storage import Conversion, Work, find_conversion, note_conversion

JOB = "records.convert_field"
CAUSE = "conversion"
BATCH = 1_000
_TIME = 300  # seconds for one portion


@dataclass(frozen=True)
class ConvertPayload:
    """Which column is to be filled."""

    app: str
    table: str
    column: str


@job(JOB, payload=ConvertPayload, writes=False)
def convert_field(work: Work, payload: ConvertPayload) -> Mapping[str, Any]:
    """Carry values over until there are none left, or the column has gone out of use."""
    total = 0
    while True:
        with work.database.work(system_actor(JOB)) as own:
            own.allow_time(_TIME)
            found = find_conversion(own, payload.table, payload.column, lock=True)
            sides = _sides(own, payload, found) if found is not None and not found.is_done else None
            if found is None or sides is None:
                return _result(found)
            total = total or max(1, count_all(sides.access, sides.entity))
            found = _portion(sides, found)
            note_conversion(own, payload.table, payload.column, found)
            if found.is_done:
                own.log("field.converted", app=payload.app, subject=f"entity/{sides.entity}/fields/{sides.after.key}", details=_result(found))
                return _result(found)
        message = {"code": "record.converting", "values": {"count": found.passed, "total": total}}
        set_progress(work, min(99, found.passed * 100 // total), message)


def _result(found: Conversion | None) -> dict[str, Any]:
    names = ("carried", "restored", "kept", "failed")
    return {name: getattr(found, name) for name in names} if found is not None else {"stopped": True}


def _sides(work: Work, payload: ConvertPayload, found: Conversion) -> Values | None:
    """The field as it was and as it is; None when there is no such field any more."""
    try:
        access = access_to(work, payload.app)
        earlier = work.model_of(payload.app, found.release)
    except NotFound:
        return None
    place = _field(access.model.entities, payload.table, payload.column)
    before = _field(earlier.entities, payload.table, found.source)
    if place is None or before is None:
        return None
    entity, after = place
    limit = UUID(found.limit) if found.limit else None
    return Values(access, entity.key, before[1], after, found.is_fresh, found.begun_on, limit)


def _field(entities: Mapping[str, Entity], table: str, column: str) -> tuple[Entity, Field] | None:
    for entity in entities.values():
        if entity.table == table:
            return next(((entity, item) for item in entity.fields.values() if item.column == column), None)
    return None


def _portion(sides: Values, found: Conversion) -> Conversion:
    """Carry the next records over; how far it is then."""
    access, entity = sides.access, sides.entity
    after = UUID(found.after) if found.after else None
    pairs = read_pairs(access, entity, (found.source, sides.before, sides.after), after, BATCH, lock=True)
    if not pairs:
        return replace(found, is_done=True)
    fates = _write(sides, sides.fates(pairs))
    changed = [fate.pair.id for fate in fates if fate.differs]
    _remember(sides, [fate for fate in fates if fate.outcome == "failed"])
    if changed:
        if sides.after.searchable:
            refresh_search(access, entity, changed)
        follow_up(access, entity, sides.after.key, set(changed))
    counts = {name: sum(1 for fate in fates if fate.outcome == name) for name in ("carried", "restored", "kept", "failed")}
    further = found.on(pairs[-1].id, passed=len(pairs), **counts)
    return replace(further, is_done=len(pairs) < BATCH)


def _write(sides: Values, fates: Sequence[Fate]) -> Sequence[Fate]:
    """Write what differs. Where two records would have the same value of a unique field, one has to wait."""
    rows = [(fate.pair.id, {sides.after.key: fate.value}) for fate in fates if fate.differs]
    if not rows:
        return fates
    try:
        update(sides.access, sides.entity, rows)
    except Invalid:
        return [_written(sides, fate) for fate in fates]
    return fates


def _written(sides: Values, fate: Fate) -> Fate:
    if not fate.differs:
        return fate
    try:
        update(sides.access, sides.entity, [(fate.pair.id, {sides.after.key: fate.value})])
    except Invalid as error:
        return Fate(fate.pair, "failed", fate.pair.new, error.problems[0])
    return fate


def _remember(sides: Values, fates: Sequence[Fate]) -> None:
    """What could not be carried over stands in the record's history, where people look for it."""
    if not sides.after.tracked or not fates:
        return
    access, before = sides.access, sides.before
    work, actor, uid = access.work, access.actor, access.model.entities[sides.entity].uid
    write_history(access, [
        {
            "id": new_id(), "app": access.app, "entity_uid": uid, "record_id": fate.pair.id, "rev": 0, "verb": "changed",
            "values": {sides.after.uid: [before.type.dump(fate.pair.old, before.options), None]},
            "actor_id": actor.user_id, "actor_name": actor.name, "cause": CAUSE, "at": work.now,
        }
        for fate in fates
    ])
