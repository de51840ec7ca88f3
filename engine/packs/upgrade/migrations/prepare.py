"""Reading what steps need while the old release still stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from engine.definitions.model import Field
from engine.expressions import evaluate
from engine.packs.store.rows import read_rows
from engine.packs.upgrade.migrations.steps import Places, Step
from engine.storage import Work


@dataclass
class Prepared:
    """Values to be written once the new release stands: by the entity's and the fields' uids."""

    values: dict[tuple[str, UUID], dict[str, Any]] = field(default_factory=dict)
    defaults: list[Step] = field(default_factory=list)

    def put(self, entity_uid: str, id_: UUID, field_uid: str, value: Any) -> None:
        """Note a value for a field; the first one stays."""
        if value is not None:
            self.values.setdefault((entity_uid, id_), {}).setdefault(field_uid, value)


def prepare_steps(work: Work, app: str, steps: Iterable[Step], places: Places) -> Prepared:
    """What moves and splits take from the records as they are."""
    found = Prepared()
    for step in steps:
        if step.kind == "default":
            found.defaults.append(step)
        elif step.kind == "move":
            _move(work, app, step, places, found)
        else:
            _split(work, app, step, places, found)
    return found


def _move(work: Work, app: str, step: Step, places: Places, found: Prepared) -> None:
    if step.source is None or step.target is None:
        return
    fields = [step.source, *([step.through] if step.through else [])]
    owner = step.entity if step.through is None else places.before.entities[step.through.options["entity"]]
    for id_, values in read_rows(work, app, step.entity, fields):
        target = id_ if step.through is None else values[step.through.key]
        if target is not None:
            found.put(owner.uid, target, step.target.uid, plain(values[step.source.key], step.target))


def _split(work: Work, app: str, step: Step, places: Places, found: Prepared) -> None:
    names = places.names(step.place)
    for id_, values in read_rows(work, app, step.entity, list({item.key: item for item in names.values()}.values())):
        if step.source is None or values.get(step.source.key) is None:
            continue
        scope = {key: as_value(values[item.key]) for key, item in names.items()}
        for target, text in step.texts:
            found.put(step.entity.uid, id_, target.uid, plain(evaluate(text, scope, now=work.now, timezone=places.before.app.timezone), target))


def as_value(value: Any) -> Any:
    """A stored value as expressions see it: every number exact."""
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


def plain(value: Any, item: Field) -> Any:
    """A value as the records room takes it from outside."""
    if isinstance(value, Decimal):
        is_whole = item.type.key in ("integer", "rating") and value == value.to_integral_value()
        return int(value) if is_whole else format(value, "f")
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, (tuple, list)):
        return [plain(each, item) for each in value]
    if isinstance(value, int) and not isinstance(value, bool) and item.type.kind == "number" and item.type.key not in ("integer", "rating"):
        return str(value)
    return dict(value) if isinstance(value, Mapping) else value
