"""A small app for tests of storage and publishing: accounts, quotations with lines."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from engine.kernel.actor import Actor, system_actor
from engine.publishing import create_app, publish, put_document
from engine.storage import Database

APP = "crm"
SYSTEM = system_actor("tests")
ADMIN = Actor(user_id=None, name="Admin", is_admin=True)


def uid_of(name: str) -> str:
    """The same uid for the same name, whenever and wherever."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"tests/{name}"))


def a_field(key: str, type_: str = "text", *, uid: str | None = None, **more: Any) -> dict[str, Any]:
    return {"key": key, "uid": uid or uid_of(f"field/{key}"), "type": type_, "label": key.title(), **more}


def an_entity(key: str, *fields: Mapping[str, Any], uid: str | None = None, **more: Any) -> dict[str, Any]:
    return {
        "kind": "entity", "key": key, "uid": uid or uid_of(f"entity/{key}"), "schema": 1, "label": key.title(),
        "title": fields[0]["key"], "fields": [dict(item) for item in fields], **more,
    }


def an_app(**more: Any) -> dict[str, Any]:
    return {
        "kind": "app", "key": APP, "uid": uid_of("app"), "schema": 1, "label": "CRM", "languages": ["en"],
        "default_language": "en", "currency": "CNY", "timezone": "Asia/Shanghai", **more,
    }


def a_view(key: str, entity: str, *columns: str, **more: Any) -> dict[str, Any]:
    return {
        "kind": "view", "key": key, "uid": uid_of(f"view/{key}"), "schema": 1, "entity": entity, "type": "list",
        "label": key.title(), "columns": list(columns), **more,
    }


def a_role(key: str, entities: Mapping[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return {
        "kind": "role", "key": key, "uid": uid_of(f"role/{key}"), "schema": 1, "label": key.title(),
        "entities": dict(entities or {}), **more,
    }


ACCOUNT = an_entity(
    "account",
    a_field("name", uid=uid_of("account/name"), searchable=True),
    a_field("level", "choice", options={"options": [{"key": key, "label": key} for key in ("a", "b", "c")]}),
)
QUOTATION = an_entity(
    "quotation",
    a_field("title", required=True),
    a_field("account", "reference", options={"entity": "account"}),
    a_field("amount", "money"),
    a_field("lines", "rows", options={"entity": "line"}),
)
LINE = an_entity("line", a_field("product"), a_field("quantity", "integer"), part_of="quotation")


def put(database: Database, *documents: Mapping[str, Any]) -> None:
    """Put documents into the draft, making the app if need be."""
    with database.work(SYSTEM) as work:
        for document in documents:
            if document["kind"] == "app":
                create_app(work, document)
            else:
                put_document(work, APP, document)


def publish_documents(database: Database, *documents: Mapping[str, Any], note: str = "") -> int:
    """Put documents into the draft and publish."""
    put(database, *documents)
    with database.work(SYSTEM) as work:
        return publish(work, APP, note)


def with_fields(document: Mapping[str, Any], *fields: Mapping[str, Any]) -> dict[str, Any]:
    """The same entity with more fields."""
    return {**document, "fields": [*document["fields"], *fields]}


def without_fields(document: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    """The same entity with fewer fields."""
    return {**document, "fields": [item for item in document["fields"] if item["key"] not in keys]}
