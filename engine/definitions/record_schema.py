"""JSON Schema (Draft 2020-12) of an entity's records: what outsiders may check before they send.

It says what the server says, as far as JSON Schema can say it: types and their ranges by the field
types' own `schema()`, required fields, null where a field may be empty, no unknown keys. What nobody
may write (computed, system and status fields) is left out for writing and `readOnly` for reading.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from engine.definitions.model import Entity, Field, Model
from engine.definitions.paths import computation_of, rows_of
from engine.definitions.texts import label_of
from engine.fields.capabilities import SystemValue

Purpose = Literal["write", "patch", "read"]
Visible = Callable[[str, str], bool]
"""Asked with entity and field: is the field to be shown at all?"""

_ID = {"type": "string", "format": "uuid", "pattern": "^[0-9a-fA-F-]{32,36}$"}
_REV = {"type": "integer", "minimum": 1}
_EMPTY = {"enum": [None, ""]}
"""An empty text means the same as null to the server: forms can't send null."""


def record_schema(
    model: Model,
    entity_key: str,
    *,
    for_: Purpose = "write",
    visible: Visible | None = None,
    language: str | None = None,
) -> dict[str, Any]:
    """The schema of a new record (`write`), of changes to one (`patch`), or of what is answered (`read`).

    Raises KeyError for an unknown entity. `visible` leaves out fields that the asker may not see.
    """
    writer = _Writer(model, for_, visible or (lambda _, __: True), language or model.app.default_language)
    schema = writer.record(model.entities[entity_key])
    address = f"urn:formwork:record:{model.app.key}:{entity_key}:{for_}"
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": address, **schema}


def is_writable(model: Model, entity: Entity, item: Field) -> bool:
    """May people and programs write this field at all (rights aside)?"""
    if computation_of(item) is not None or isinstance(item.type, SystemValue):
        return False
    return item.key not in model.status_fields.get(entity.key, frozenset())


class _Writer:
    def __init__(self, model: Model, purpose: Purpose, visible: Visible, language: str) -> None:
        self.model = model
        self.purpose = purpose
        self.visible = visible
        self.language = language

    def record(self, entity: Entity) -> dict[str, Any]:
        schema = self._object(entity)
        needed = [key for key in self._needed(entity) if key in schema["properties"]]
        if self.purpose == "read":
            schema["properties"] = {"id": _ID, "rev": _REV, **schema["properties"], "_titles": {"type": "object"}}
            needed = ["id", "rev"]
        if self.purpose == "patch":
            schema["properties"]["rev"] = _REV
            needed = []
        return {**schema, "required": needed} if needed else schema

    def _object(self, entity: Entity) -> dict[str, Any]:
        return {
            "title": label_of(self.model, f"entity/{entity.key}/label", entity.label, self.language),
            "type": "object",
            "additionalProperties": False,
            "properties": {
                item.key: self._field(entity, item)
                for item in entity.fields.values()
                if self.visible(entity.key, item.key) and self._is_offered(entity, item)
            },
        }

    def _is_offered(self, entity: Entity, item: Field) -> bool:
        return self.purpose == "read" or is_writable(self.model, entity, item)

    def _needed(self, entity: Entity) -> list[str]:
        """What a new record can't do without."""
        return [
            item.key
            for item in entity.fields.values()
            if item.required and item.default is None and is_writable(self.model, entity, item)
        ]

    def _field(self, entity: Entity, item: Field) -> dict[str, Any]:
        path = f"entity/{entity.key}/fields/{item.key}"
        child = rows_of(item)
        schema = item.type.schema(item.options)
        if child is not None and child in self.model.entities:
            schema = {**schema, "items": self._row(self.model.entities[child])}
        if self.purpose == "read":
            schema = {"anyOf": [schema, {"type": "null"}]}
        elif not item.required:
            schema = {"anyOf": [schema, _EMPTY]}
        elif child is not None:
            schema = {**schema, "minItems": 1}
        found = {"title": label_of(self.model, f"{path}/label", item.label, self.language), **schema}
        if item.help:
            found["description"] = label_of(self.model, f"{path}/help", item.help, self.language)
        if self.purpose == "read" and not is_writable(self.model, entity, item):
            found["readOnly"] = True
        return found

    def _row(self, entity: Entity) -> dict[str, Any]:
        """An owned row: with its id it is a change of a row, without it a new one."""
        schema = self._object(entity)
        if self.purpose == "read":
            return {**schema, "properties": {"id": _ID, **schema["properties"]}, "required": ["id"]}
        known = {"anyOf": [_ID, _EMPTY]} if self.purpose == "patch" else _EMPTY
        schema["properties"] = {"id": known, **schema["properties"]}
        needed = [key for key in self._needed(entity) if key in schema["properties"]]
        if needed and self.purpose == "patch":
            changed = {"required": ["id"], "properties": {"id": _ID}}
            return {**schema, "anyOf": [changed, {"required": needed}]}
        return {**schema, "required": needed} if needed else schema
