"""A new key for a field or an entity: planned over the draft, and carried to what people keep of their own."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from engine.definitions import Document, Entity, Model, Names
from engine.definitions.merge import place_label
from engine.definitions.rename import Turn, rename_entity, rename_field, rewritten, turn_of
from engine.kernel.errors import Invalid, NotFound, Problem
from engine.publishing import store
from engine.publishing.rights import require_designer
from engine.storage import Work

_is_key = re.compile(r"[a-z][a-z0-9_]{0,62}").fullmatch


def rename_json(work: Work, app: str, entity: str, field: str | None, to: str, unsaved: Iterable[Document]) -> dict[str, Any]:
    """What a new key would change in the draft, over which the author's `unsaved` documents lie; writes nothing.

    {"documents": [{"address" (the old one), "document"}], "places": [{"address", "label", "before",
    "after"}]}; "after" null: a place that has to be looked at. Raises Invalid for a key that can't be one or
    is taken, NotFound, Forbidden.
    """
    require_designer(work, app)
    by_uid = {item.document["uid"]: item.document for item in store.list_drafts(work, app)}
    by_uid.update({item["uid"]: item for item in unsaved if isinstance(item.get("uid"), str)})
    documents = list(by_uid.values())
    entities = {item["key"]: item for item in documents if item["kind"] == "entity"}
    if entity not in entities:
        raise NotFound(Problem("publishing.no_document", {"kind": "entity", "key": entity}))
    taken = {item["key"] for item in entities[entity]["fields"]} if field is not None else set(entities)
    if field is not None and field not in taken:
        raise NotFound(Problem("publishing.no_document", {"kind": "field", "key": field}))
    if not _is_key(to):
        raise Invalid(Problem("definition.bad_key", {"value": to[:80]}, ("to",)))
    if to in taken:
        raise Invalid(Problem("publishing.key_taken", {"key": to}, ("to",)))
    found = rename_field(documents, entity, field, to) if field is not None else rename_entity(documents, entity, to)
    known = {(item["kind"], item["key"]): item for item in documents}
    return {
        "documents": [{"address": f"{kind}/{key}", "document": document} for (kind, key), document in found.documents.items()],
        "places": [
            {
                "address": f"{place.kind}/{place.key}", "path": list(place.path), "before": place.before, "after": place.after,
                "label": place_label(known[place.kind, place.key], place.path, work.language),
            }
            for place in found.places
        ],
    }


def carry_renames(work: Work, before: Model, after: Model) -> None:
    """Let what is kept outside of the documents follow new keys: people's own views, runs, comments, files."""
    old = {entity.uid: entity for entity in before.entities.values()}
    turns = [turn for entity in after.entities.values() if entity.uid in old for turn in _turns(old[entity.uid], entity)]
    if turns:
        _carry_views(work, before, turns)
    for entity in after.entities.values():
        known = old.get(entity.uid)
        if known is not None and known.key != entity.key:
            store.rename_entity(work, after.app.key, known.key, entity.key)


def _turns(before: Entity, after: Entity) -> list[tuple[str, str, str]]:
    """Entity, old key and new key of renamed fields."""
    keys = {item.uid: item.key for item in after.fields.values()}
    return [(before.key, item.key, keys[item.uid]) for item in before.fields.values() if keys.get(item.uid, item.key) != item.key]


def _carry_views(work: Work, before: Model, turns: Iterable[tuple[str, str, str]]) -> None:
    turn = turn_of(before.entities, {(entity, old): new for entity, old, new in turns})
    for id_, entity, settings in store.list_saved_views(work, before.app.key):
        if entity not in before.entities:
            continue
        names = Names(before.entities, entity, "list")
        changed = dict(settings)
        for part in ("filter", "where"):
            if isinstance(settings.get(part), str):
                changed[part] = rewritten(settings[part], names, turn) or settings[part]
        for part in ("sort", "columns"):
            if isinstance(settings.get(part), list):
                changed[part] = [_turned(name, entity, turn) for name in settings[part]]
        if changed != settings:
            store.update_saved_view(work, id_, changed)


def _turned(name: str, entity: str, turn: Turn) -> str:
    bare = name.removeprefix("-")
    return name[: len(name) - len(bare)] + turn(entity, bare)
