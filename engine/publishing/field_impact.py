"""What changes of fields would do to the values that are there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.definitions import Entity, Field
from engine.definitions.paths import computation_of, options_of
from engine.fields.capabilities import Offers
from engine.kernel.messages import LANGUAGES, translate
from engine.publishing.entries import Impact, Level
from engine.storage import Counter, is_stored


def field_impact(old: Entity, entity: Entity, counter: Counter) -> Iterator[Impact]:
    """Fields of an entity that come back, or get stricter."""
    before = {item.uid: item for item in old.fields.values()}
    after = {item.uid: item for item in entity.fields.values()}
    for uid, item in after.items():
        if not is_stored(item) or computation_of(item) is not None:
            continue
        known = before.get(uid)
        if known is None:
            count = counter.filled(entity, item)
            if count:
                yield _impact("field_returns", "note", entity, item, {"count": count})
        yield from _stricter(entity, known, item, counter)


def type_impact(old: Entity, entity: Entity, earlier: Counter) -> Iterator[Impact]:
    """Fields that are of another type: how many values there are to carry over, counted where they are now."""
    before = {item.uid: item for item in old.fields.values()}
    for item in entity.fields.values():
        known = before.get(item.uid)
        if known is None or known.type.key == item.type.key or computation_of(item) is not None or not is_stored(known):
            continue
        to = {language: translate(f"field_type.{item.type.key}", None, language) for language in LANGUAGES}
        yield _impact("converts", "note", entity, item, {"to": to, "count": earlier.filled(old, known)})


def _stricter(entity: Entity, old: Field | None, item: Field, counter: Counter) -> Iterator[Impact]:
    if item.required and not (old and old.required):
        count = counter.empty(entity, item)
        if count:
            yield _impact("required", "warning", entity, item, {"count": count})
    if old is None:
        return
    yield from _shorter(entity, old, item, counter)
    yield from _narrower(entity, old, item, counter)
    for option in options_of(old):
        if option not in options_of(item):
            count = counter.chosen(entity, item, option, is_list=item.type.kind == "list")
            if count:
                yield _impact("option_removed", "warning", entity, item, {"option": _option_label(old, option), "count": count})


def _shorter(entity: Entity, old: Field, item: Field, counter: Counter) -> Iterator[Impact]:
    limit, before = item.options.get("max_length"), old.options.get("max_length")
    if limit is not None and (before is None or limit < before) and item.type.kind == "text":
        count = counter.longer(entity, item, limit)
        if count:
            yield _impact("too_long", "warning", entity, item, {"limit": limit, "count": count})


def _narrower(entity: Entity, old: Field, item: Field, counter: Counter) -> Iterator[Impact]:
    if item.type.kind not in {"number", "date"}:
        return
    bounds = {name: item.options.get(name) for name in ("minimum", "maximum")}
    if any(value is not None and value != old.options.get(name) for name, value in bounds.items()):
        parsed = {name: None if value is None else item.type.parse(value, item.options) for name, value in bounds.items()}
        count = counter.outside(entity, item, parsed["minimum"], parsed["maximum"])
        if count:
            yield _impact("out_of_range", "warning", entity, item, {**bounds, "count": count})


def _impact(code: str, level: Level, entity: Entity, item: Field, values: dict[str, Any]) -> Impact:
    about = {"field": item.label, "entity": entity.label, **values}
    return Impact(f"publishing.{code}", level, "entity", entity.key, ("fields", item.key), about)


def _option_label(item: Field, key: str) -> Any:
    """What people call an option."""
    choices = item.type.choices(item.options) if isinstance(item.type, Offers) else ()
    return next((option.get("label", key) for option in choices if option["key"] == key), key)
