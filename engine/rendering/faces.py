"""Through which widget a field is seen, also where its value follows from others.

A mirror looks like the field it mirrors, a roll-up like the field it sums, a formula like its result.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from engine.definitions.model import Entity, Field, Model
from engine.fields.capabilities import Computes, Refers, SystemValue
from engine.rendering.widgets import WIDGETS, Widget, widget_of

_RESULTS = {"number": "number", "yes_no": "yes_no", "date": "date", "datetime": "datetime"}


@dataclass(frozen=True)
class Face:
    """A field's widget, and the field whose options that widget goes by."""

    widget: Widget
    source: Field
    is_computed: bool = False


def face_of(model: Model, entity: Entity, target: Field) -> Face:
    """How a field of an entity is shown."""
    if isinstance(target.type, SystemValue):
        return Face(widget_of(target), target, is_computed=True)
    if not isinstance(target.type, Computes):
        return Face(widget_of(target), target)
    if target.type.computation == "formula":
        result = _RESULTS.get(str(target.options.get("result", "text")), "text")
        return Face(WIDGETS[result], target, is_computed=True)
    source = _source(model, entity, target)
    if source is None:
        return Face(WIDGETS["number" if target.type.computation == "rollup" else "text"], target, is_computed=True)
    owner, found = source
    return Face(face_of(model, owner, found).widget, replace(found, key=target.key), is_computed=True)


def follow(model: Model, entity: Entity, path: str) -> tuple[Entity, Field] | None:
    """The entity and field that a path of one or two steps (`account.level`) ends at."""
    first, _, rest = path.partition(".")
    target = entity.fields.get(first)
    if target is None or not rest:
        return None if target is None else (entity, target)
    if not isinstance(target.type, Refers):
        return None
    next_entity = model.entities.get(target.type.target(target.options))
    return follow(model, next_entity, rest) if next_entity else None


def _source(model: Model, entity: Entity, target: Field) -> tuple[Entity, Field] | None:
    """The field that a mirror or a roll-up takes its values from."""
    options = target.options
    if options.get("via") and options.get("field") and not options.get("entity"):
        return follow(model, entity, f"{options['via']}.{options['field']}")
    if options.get("function") == "count" or not options.get("field"):
        return None
    child = model.entities.get(str(options.get("entity") or ""))
    if child is None:
        child = next(
            (model.entities[key] for key, rows in model.children.get(entity.key, ()) if rows.key == options.get("rows")), None
        )
    found = child.fields.get(str(options["field"])) if child else None
    return (child, found) if child and found else None
