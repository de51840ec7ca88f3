"""Changing the type of a field that has values: what it would do, how far it is, and the way back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.definitions import Entity, Field, Model
from engine.definitions.outline import DEFAULT_CURRENCY, read_field
from engine.definitions.paths import computation_of, kind_of
from engine.fields import TYPES, conversions, may_become
from engine.kernel.errors import Invalid, NotFound, Problem
from engine.publishing import store
from engine.publishing.publish import current_model
from engine.publishing.rights import require_designer
from engine.records import count_all_records, preview_conversion, unread_values
from engine.storage import (
    ConvertedColumn,
    Counter,
    Work,
    has_column,
    is_stored,
    list_conversions,
    read_documents,
)


def preview_type_change(work: Work, app: str, field: Mapping[str, Any]) -> dict[str, Any]:
    """What becomes of the values of a published field if it becomes what `field` (its document) says.

    {"state": "unpublished" | "same" | "impossible" | "computed" | "preview", …} and, for a preview, what
    `records.preview_conversion` says, and whether it is a way `back`. Changes nothing. Raises Invalid for
    options that the type doesn't take, Forbidden, NotFound.
    """
    require_designer(work, app)
    model = current_model(work, app)
    place = _find(model, str(field.get("uid"))) if model else None
    if model is None or place is None or not is_stored(place[1]):
        return {"state": "unpublished"}
    entity, before = place
    type_key = str(field.get("type"))
    if type_key not in TYPES:
        raise Invalid(Problem("design.field_type", {}, ("type",)))
    if type_key == before.type.key:
        return {"state": "same"}
    total = count_all_records(work, app, entity.key)
    if not may_become(before.type.key, kind_of(before), type_key):
        return {"state": "impossible", "total": total}
    after = read_field({**field, "key": before.key}, _currency(model))
    if computation_of(after) in {"formula", "mirror", "rollup"}:
        return {"state": "computed", "total": total}
    is_fresh = not has_column(work, entity.table, after.column)
    found = preview_conversion(work, app, entity.key, before, after, is_fresh=is_fresh)
    return {"state": "preview", "back": not is_fresh, **found}


def conversions_json() -> dict[str, list[str]]:
    """By type, the types that its fields may become with their values."""
    return conversions()


def type_changes_json(work: Work, app: str) -> list[dict[str, Any]]:
    """The fields in use whose values came from another type, newest first: how far, and how it was before.

    Each: "field" (uid), "entity", "from", "to", "is_done", "passed", "total" (while it goes on), "carried",
    "restored", "kept", "failed", and "before", the field's document in the release before. Raises Forbidden.
    """
    require_designer(work, app)
    model = current_model(work, app)
    if model is None:
        return []
    found = []
    for item in sorted(list_conversions(work, app), key=lambda each: each.conversion.begun, reverse=True):
        place = _find(model, item.field_uid)
        if place is None:
            continue
        run = item.conversion
        found.append({
            "field": item.field_uid, "entity": place[0].key, "from": item.source_type, "to": item.type_key, "is_done": run.is_done,
            "begun": run.begun, "passed": run.passed, "total": run.passed if run.is_done else count_all_records(work, app, place[0].key),
            "carried": run.carried, "restored": run.restored, "kept": run.kept, "failed": run.failed,
            "before": _document_before(work, app, item),
        })
    return found


def unread_json(work: Work, app: str, uid: str) -> list[dict[str, Any]]:
    """The first fifty values that could not be carried over and are still missing: record, value, reason.

    Raises Forbidden, NotFound.
    """
    require_designer(work, app)
    model = current_model(work, app)
    item = next((each for each in list_conversions(work, app) if each.field_uid == uid), None)
    place = _find(model, uid) if model else None
    if item is None or place is None:
        raise NotFound(Problem("publishing.no_conversion"))
    before = _find(work.model_of(app, item.conversion.release), uid)
    return unread_values(work, app, place[0].key, before[1], place[1]) if before else []


def count_values(work: Work, app: str, uid: str, option: str | None = None) -> int:
    """How many records have a value in a published field, or one of its options; 0 for one that isn't published."""
    require_designer(work, app)
    model = current_model(work, app)
    place = _find(model, uid) if model else None
    if model is None or place is None or not is_stored(place[1]):
        return 0
    entity, item = place
    counter = Counter(work, model)
    return counter.filled(entity, item) if option is None else counter.chosen(entity, item, option, is_list=kind_of(item) == "list")


def _find(model: Model, uid: str) -> tuple[Entity, Field] | None:
    for entity in model.entities.values():
        for item in entity.fields.values():
            if item.uid == uid:
                return entity, item
    return None


def _currency(model: Model) -> str:
    return model.app.currency or DEFAULT_CURRENCY


def _document_before(work: Work, app: str, item: ConvertedColumn) -> Mapping[str, Any] | None:
    for document in read_documents(work.connection, app, item.conversion.release):
        if document["kind"] == "entity":
            for field in document["fields"]:
                if field["uid"] == item.field_uid:
                    return dict(field)
    return None


def published_entity(work: Work, app: str, uid: str) -> Mapping[str, Any] | None:
    """An entity's document as it is published; None for one that isn't. Raises Forbidden, NotFound."""
    require_designer(work, app)
    release = store.find_release(work, app, work.release_number(app)) if work.release_number(app) else None
    for name, key in (release.manifest if release else {}).items():
        document = store.find_blob(work, key) if name.startswith("entity/") else None
        if document is not None and document["uid"] == uid:
            return document
    return None
