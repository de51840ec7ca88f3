"""Writing what was prepared, one change per record, and remembering what stood there before."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from engine.definitions.model import Entity, Field, Model
from engine.expressions import evaluate
from engine.kernel.errors import EngineError, Invalid, Problem
from engine.kernel.messages import LANGUAGES, translate
from engine.packs.store.rows import read_rows
from engine.packs.upgrade.migrations.prepare import Prepared, as_value, plain
from engine.packs.upgrade.migrations.steps import Step
from engine.records import write_system
from engine.storage import Work, stored_fields

CAUSE = "upgrade"
Written = dict[str, dict[str, dict[str, list[Any]]]]
"""By the entity's uid, the record and the field's uid: the value before and the value written, as JSON."""


def write_prepared(work: Work, app: str, prepared: Prepared) -> Written:
    """Write values where the record has none, then defaults; answers what was written.

    Raises Invalid (`pack.migration_failed`) where a record can't take a value.
    """
    model = work.model(app)
    wanted = {key: dict(values) for key, values in prepared.values.items()}
    for step in prepared.defaults:
        _defaults(work, app, model, step, wanted)
    written: Written = {}
    by_uid = {entity.uid: entity for entity in model.entities.values()}
    for uid in dict.fromkeys(uid for uid, _ in wanted):
        entity = by_uid.get(uid)
        if entity is not None:
            written[uid] = _write(work, app, entity, {id_: values for (other, id_), values in wanted.items() if other == uid})
    return {uid: rows for uid, rows in written.items() if rows}


def _defaults(work: Work, app: str, model: Model, step: Step, wanted: dict[tuple[str, UUID], dict[str, Any]]) -> None:
    entity = next(each for each in model.entities.values() if each.uid == step.entity.uid)
    fields = list(stored_fields(entity))
    for target, text in step.texts:
        item = next(each for each in fields if each.uid == target.uid)
        for id_, values in read_rows(work, app, entity, fields):
            waiting = wanted.get((entity.uid, id_), {})
            if values[item.key] is not None or item.uid in waiting:
                continue
            scope = {key: as_value(value) for key, value in values.items()}
            value = plain(evaluate(text, scope, now=work.now, timezone=model.app.timezone), item)
            if value is not None:
                wanted.setdefault((entity.uid, id_), {})[item.uid] = value


def _write(work: Work, app: str, entity: Entity, wanted: dict[UUID, dict[str, Any]]) -> dict[str, dict[str, list[Any]]]:
    fields = {item.uid: item for item in stored_fields(entity)}
    touched = [item for uid, item in fields.items() if any(uid in values for values in wanted.values())]
    standing = dict(read_rows(work, app, entity, touched))
    found: dict[str, dict[str, list[Any]]] = {}
    for id_, values in wanted.items():
        if id_ not in standing:
            continue
        fresh = {uid: value for uid, value in values.items() if uid in fields and standing[id_][fields[uid].key] is None}
        if fresh:
            write(work, app, entity, id_, {fields[uid].key: value for uid, value in fresh.items()})
            found[str(id_)] = {uid: [None, value] for uid, value in fresh.items()}
    return found


def write(work: Work, app: str, entity: Entity, id_: UUID, values: dict[str, Any]) -> None:
    """Write to one record; raises Invalid (`pack.migration_failed`) that says why it can't take them."""
    try:
        write_system(work, app, entity.key, id_, values, cause=CAUSE)
    except EngineError as error:
        reasons = {each: " ".join(translate(problem.code, problem.values, each) for problem in error.problems) for each in LANGUAGES}
        raise Invalid(Problem("pack.migration_failed", {"entity": entity.label, "id": str(id_), "reason": reasons})) from error


def json_of(value: Any, item: Field) -> Any:
    """A stored value as it was noted when it was written."""
    return plain(value, item)
