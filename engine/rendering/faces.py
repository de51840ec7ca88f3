"""Through which widget a field is seen, and where a path of fields leads."""

from __future__ import annotations

from dataclasses import dataclass, replace

from engine.definitions import Entity, Field, Model
from engine.fields import effective
from engine.fields.capabilities import Computes, Refers, SystemValue
from engine.rendering.widget import Widget
from engine.rendering.widgets import widget_of


@dataclass(frozen=True)
class Face:
    """A field's widget, and the field as what it stands for: a mirror of a choice is that choice."""

    widget: Widget
    source: Field
    is_computed: bool = False


def face_of(target: Field) -> Face:
    """How a field is shown."""
    type_, options = effective(target.type, target.options)
    source = target if type_ is target.type else replace(target, type=type_, options=options)
    return Face(widget_of(source), source, isinstance(target.type, (Computes, SystemValue)))


def follow(model: Model, entity: Entity, path: str) -> tuple[Entity, Field] | None:
    """The entity and field that a path of steps through references (`account.level`) ends at."""
    first, _, rest = path.partition(".")
    target = entity.fields.get(first)
    if target is None or not rest:
        return None if target is None else (entity, target)
    if not isinstance(target.type, Refers):
        return None
    next_entity = model.entities.get(target.type.target(target.options))
    return follow(model, next_entity, rest) if next_entity else None
