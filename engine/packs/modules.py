"""Modules: parts of a pack that a company may do without, now or for good, and add later.

Leaving a module out takes its documents away together with what can't be without them: forms, views and
workflows of an entity that goes, fields that refer to it, and every entry in navigations, related lists,
forms, lists and roles that names what goes. What uses it in an expression is left as it is: the lint rules
then say so, and the pack's author has to draw the module's border elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from engine.definitions import Document
from engine.kernel.errors import Invalid, Problem
from engine.packs.pack import Module, Pack

Gone = set[tuple[str, str]]
"""Documents by (kind, key), and fields by (entity key, field key)."""
Fields = Mapping[str, Mapping[str, Mapping[str, Any]]]
"""Fields as they stand in documents, by entity and key."""


def without(pack: Pack, leave_out: Iterable[str]) -> Pack:
    """The pack without some of its modules and those that need them; raises Invalid (`pack.no_module`)."""
    chosen = set(leave_out)
    known = {module.key: module for module in pack.manifest.modules}
    unknown = sorted(chosen - known.keys())
    if unknown:
        raise Invalid(*(Problem("pack.no_module", {"key": key}) for key in unknown))
    gone_modules = _with_dependants(chosen, pack.manifest.modules)
    places = {place for key in gone_modules for place in known[key].documents}
    if not places:
        return pack
    documents = pruned(pack.documents, places)
    before, after = _fields(pack.documents), _fields(documents)
    samples = (
        replace(file, records=tuple(_without_lost(record, file.entity, before, after) for record in file.records))
        for file in pack.samples if file.entity in after
    )
    return pack.with_documents(documents, samples=tuple(samples))


def _fields(documents: Iterable[Document]) -> dict[str, dict[str, Mapping[str, Any]]]:
    return {document["key"]: {field["key"]: field for field in document["fields"]} for document in documents if document["kind"] == "entity"}


def _without_lost(record: Mapping[str, Any], entity: str, before: Fields, after: Fields) -> dict[str, Any]:
    """A sample record without the values of fields that are gone; its rows likewise."""
    found: dict[str, Any] = {}
    for key, value in record.items():
        field = after[entity].get(key)
        if field is None and key in before[entity]:
            continue
        if field is None or field["type"] != "rows" or not isinstance(value, list):
            found[key] = value
        else:
            found[key] = [_without_lost(row, field["options"]["entity"], before, after) for row in value]
    return found


def _with_dependants(chosen: set[str], modules: Iterable[Module]) -> set[str]:
    found = set(chosen)
    modules = list(modules)
    while True:
        more = {module.key for module in modules if module.key not in found and found & set(module.requires)}
        if not more:
            return found
        found |= more


def pruned(documents: Iterable[Document], places: set[str]) -> tuple[Document, ...]:
    """Documents without those at `places` ("entity/sample") and without what names them."""
    gone: Gone = {(kind, key) for kind, _, key in (place.partition("/") for place in places)}
    kept = [document for document in documents if (document["kind"], document["key"]) not in gone]
    lost = [document for document in kept if document["kind"] != "entity" and ("entity", document.get("entity")) in gone]
    gone |= {(document["kind"], document["key"]) for document in lost}
    kept = [document for document in kept if document not in lost]
    fields = _lost_fields([document for document in kept if document["kind"] == "entity"], gone)
    return tuple(_PRUNE.get(document["kind"], _same)(document, gone, fields) for document in kept)


def _lost_fields(entities: list[Document], gone: Gone) -> Gone:
    """Fields that refer to what goes, then the mirrors and roll-ups over them."""
    lost: Gone = set()
    while True:
        more = {
            (entity["key"], field["key"])
            for entity in entities
            for field in entity["fields"]
            if (entity["key"], field["key"]) not in lost and _is_lost(entity["key"], field, gone, lost)
        }
        if not more:
            return lost
        lost |= more


def _is_lost(entity: str, field: Mapping[str, Any], gone: Gone, lost: Gone) -> bool:
    options = field.get("options", {})
    target = options.get("entity")
    return (
        ("entity", target) in gone
        or (entity, options.get("via")) in lost
        or (entity, options.get("rows")) in lost
        or (target is not None and (target, options.get("via")) in lost)
        or (target is not None and (target, options.get("field")) in lost)
    )


def _same(document: Document, _gone: Gone, _fields: Gone) -> Document:
    return document


def _prune_entity(document: Document, _gone: Gone, fields: Gone) -> Document:
    kept = [field for field in document["fields"] if (document["key"], field["key"]) not in fields]
    return {**document, "fields": kept}


def _prune_app(document: Document, gone: Gone, _fields: Gone) -> Document:
    def stays(item: Mapping[str, Any]) -> bool:
        return not any((kind, item.get(kind)) in gone for kind in ("entity", "view"))

    groups = [{**group, "items": [item for item in group["items"] if stays(item)]} for group in document.get("navigation", ())]
    return {**document, "navigation": [group for group in groups if group["items"]]} if "navigation" in document else document


def _prune_role(document: Document, gone: Gone, fields: Gone) -> Document:
    entities = {}
    for key, grants in document["entities"].items():
        if ("entity", key) in gone:
            continue
        rights = {name: right for name, right in grants.get("fields", {}).items() if (key, name) not in fields}
        entities[key] = {**grants, "fields": rights} if "fields" in grants else grants
    return {**document, "entities": entities}


def _prune_form(document: Document, gone: Gone, fields: Gone) -> Document:
    entity = document["entity"]

    def stays(item: Mapping[str, Any]) -> bool:
        return (entity, item.get("field", item.get("rows"))) not in fields

    tabs = [
        {**tab, "sections": [{**section, "items": [item for item in section["items"] if stays(item)]} for section in tab["sections"]]}
        for tab in document["tabs"]
    ]
    found = {**document, "tabs": tabs}
    if "related" in document:
        found["related"] = [item for item in document["related"] if ("entity", item["entity"]) not in gone and (item["entity"], item["field"]) not in fields]
    return found


def _prune_view(document: Document, _gone: Gone, fields: Gone) -> Document:
    def stays(name: Any) -> bool:
        path = name["field"] if isinstance(name, Mapping) else name
        return (document["entity"], str(path).lstrip("-").partition(".")[0]) not in fields

    lists = ("columns", "sort", "quick_filters")
    return {**document, **{key: [item for item in document[key] if stays(item)] for key in lists if key in document}}


def _prune_workflow(document: Document, gone: Gone, _fields: Gone) -> Document:
    """Without the actions that create records of what goes."""
    def pruned_part(value: Any) -> Any:
        if isinstance(value, Mapping):
            return {key: pruned_part(item) for key, item in value.items()}
        if isinstance(value, list):
            return [pruned_part(item) for item in value if not (isinstance(item, Mapping) and ("entity", item.get("create")) in gone)]
        return value

    return pruned_part(document)  # type: ignore[no-any-return]


_PRUNE: dict[str, Callable[[Document, Gone, Gone], Document]] = {
    "app": _prune_app, "entity": _prune_entity, "form": _prune_form, "role": _prune_role, "view": _prune_view,
    "workflow": _prune_workflow,
}
