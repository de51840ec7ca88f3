"""What a draft takes away: told even where the draft can't be built, for its uses are why it can't."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from engine.definitions import Document, Entity, Model
from engine.fields.capabilities import SystemValue
from engine.publishing import store
from engine.publishing.entries import Impact
from engine.publishing.remaining_uses import RemainingUses
from engine.storage import Counter, Work, is_stored

_NAME = re.compile(r"[a-z][a-z0-9_]*")


def find_removals(work: Work, before: Model, documents: Sequence[Document], counter: Counter | None = None) -> Iterator[Impact]:
    """Entities, fields, forms and views of a release that the draft's documents haven't any more.

    Each says how many records have values there, and who still uses it. `counter` counts over `before`.
    """
    uses = RemainingUses(before, documents)
    counter = counter or Counter(work, before)
    fields = {
        item["uid"]: {field["uid"] for field in item["fields"] if not field.get("retired")}
        for item in documents
        if item["kind"] == "entity"
    }
    for entity in before.entities.values():
        if entity.uid not in fields:
            values = {"entity": entity.label, "count": counter.records(entity), "uses": uses.within("entity", entity.key)}
            yield Impact("publishing.entity_removed", "warning", "entity", entity.key, (), values)
        else:
            yield from _fields(entity, fields[entity.uid], counter, uses)
    yield from _pages(before, documents, uses)


def find_saved_views(work: Work, before: Model, documents: Sequence[Document]) -> Iterator[Impact]:
    """People's own views that filter by, sort by or show fields which go; how many, not whose."""
    left = {item["uid"]: {field["uid"] for field in item["fields"] if not field.get("retired")} for item in documents if item["kind"] == "entity"}
    views = store.list_saved_views(work, before.app.key)
    for entity in before.entities.values():
        own = [settings for _, key, settings in views if key == entity.key]
        for item in entity.fields.values() if own and entity.uid in left else ():
            count = sum(1 for settings in own if item.uid not in left[entity.uid] and item.key in _named_by(settings))
            if count and not isinstance(item.type, SystemValue):
                values = {"field": item.label, "entity": entity.label, "count": count}
                yield Impact("publishing.saved_views_use", "warning", "entity", entity.key, ("fields", item.key), values)


def _named_by(settings: Mapping[str, Any]) -> set[str]:
    """Fields that a saved view names."""
    listed = [*settings.get("columns", ()), *settings.get("sort", ())]
    texts = " ".join([str(settings.get("filter", "")), str(settings.get("where", ""))])
    return {str(name).lstrip("-").partition(".")[0] for name in listed} | set(_NAME.findall(texts))


def _fields(entity: Entity, left: set[str], counter: Counter, uses: RemainingUses) -> Iterator[Impact]:
    for item in entity.fields.values():
        if item.uid not in left and not isinstance(item.type, SystemValue):
            count = counter.filled(entity, item) if is_stored(item) else 0
            found = uses.within("field", entity.key, item.key)
            values = {"field": item.label, "entity": entity.label, "count": count, "uses": found}
            yield Impact("publishing.field_removed", "warning", "entity", entity.key, ("fields", item.key), values)


def _pages(before: Model, documents: Sequence[Document], uses: RemainingUses) -> Iterator[Impact]:
    left = {(item["kind"], item["uid"]) for item in documents}
    for kind in ("form", "view"):
        for (place, key), document in before.documents.items():
            if place == kind and (kind, document["uid"]) not in left:
                values = {"label": document["label"], "uses": uses.of(kind, key)}
                yield Impact(f"publishing.{kind}_removed", "note", kind, key, (), values)
