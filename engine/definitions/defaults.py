"""Forms and views for entities that have none yet: a new entity can be used before anybody designs."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from engine.definitions.model import Document, Entity, Field
from engine.definitions.paths import rows_of, target_of
from engine.kernel.messages import LANGUAGES, translate

_COLUMNS = 7
_NOT_IN_LISTS = {"long_text", "file", "rows"}
_SYSTEM_COLUMN = "changed_on"


Referrers = Mapping[str, Sequence[tuple[Entity, Field]]]
"""By entity, the fields of others that refer to it."""


def referrers_of(entities: Mapping[str, Entity]) -> Referrers:
    """Who refers to whom, found in one walk; owned rows don't count."""
    found: dict[str, list[tuple[Entity, Field]]] = {}
    for other in entities.values():
        for item in () if other.part_of else _own_fields(other):
            target = target_of(item)
            if target is not None:
                found.setdefault(target, []).append((other, item))
    return found


def default_form(entities: Mapping[str, Entity], entity: Entity, taken: Collection[str], referrers: Referrers) -> Document:
    """A full form: all fields in two columns, owned rows below, lists of what refers to the record."""
    sections: list[dict[str, Any]] = [
        {
            "key": "general",
            "columns": 2,
            "items": [{"field": item.key} for item in _own_fields(entity) if rows_of(item) is None],
        }
    ]
    for item in _own_fields(entity):
        child = entities.get(rows_of(item) or "")
        if child is not None:
            columns = [inner.key for inner in _own_fields(child) if rows_of(inner) is None]
            rows = {"rows": item.key, "fields": columns}
            sections.append({"key": item.key, "label": item.label, "columns": 1, "items": [rows]})
    tab = {"key": "general", "label": _label("definition.general"), "sections": sections}
    related = [
        {"entity": other.key, "field": item.key, "columns": [other.title], "label": other.plural}
        for other, item in referrers.get(entity.key, ())
    ]
    body = {"purpose": "full", "tabs": [tab], **({"related": related} if related else {})}
    return _document("form", entity, taken, body)


def default_view(entity: Entity, taken: Collection[str]) -> Document:
    """A list of the title and the first fields, last changed first."""
    shown = [item.key for item in _own_fields(entity) if item.type.widget not in _NOT_IN_LISTS]
    columns = list(dict.fromkeys([entity.title, *shown]))[: _COLUMNS - 1]
    body = {"type": "list", "columns": [*columns, _SYSTEM_COLUMN], "sort": [f"-{_SYSTEM_COLUMN}"], "default": True}
    return _document("view", entity, taken, body)


def default_navigation(entities: Mapping[str, Entity]) -> tuple[Mapping[str, Any], ...]:
    """One group with every entity that has a life of its own."""
    items = [{"entity": entity.key} for entity in entities.values() if not entity.part_of]
    return ({"items": items},) if items else ()


def _document(kind: str, entity: Entity, taken: Collection[str], body: dict[str, Any]) -> Document:
    key, number = f"{entity.key[:50]}_default", 1
    while key in taken:
        number += 1
        key = f"{entity.key[:50]}_default_{number}"
    return {
        "kind": kind,
        "key": key,
        "uid": str(uuid5(NAMESPACE_OID, f"{entity.uid}/{kind}")),
        "schema": 1,
        "entity": entity.key,
        "label": entity.plural if kind == "view" else entity.label,
        **body,
    }


def _own_fields(entity: Entity) -> Iterator[Field]:
    """The fields of the definition, without the system's."""
    return (item for item in entity.fields.values() if not hasattr(item.type, "system_column"))


def _label(code: str) -> dict[str, str]:
    return {language: translate(code, language=language) for language in LANGUAGES}
