"""The OpenAPI 3.1 description of everything this API answers, as the asking person may use it.

Hidden fields and entities are left out, for the description is read access too.
"""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask import g

from engine import pick
from runtime.api import design, records, session
from runtime.api.area import blueprint, endpoint
from runtime.shell.application import the_engine, the_work

Schema = dict[str, Any]
ID: Schema = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
PROBLEM: Schema = {
    "description": "What is wrong (RFC 9457)",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
ANY: Schema = {"type": "object"}


@blueprint.get("/openapi.json")
@endpoint
def openapi() -> Any:
    engine, work = the_engine(), the_work()
    paths: dict[str, Any] = {}
    schemas: dict[str, Any] = {"Problem": problem_schema()}
    fixed(paths)
    for app in engine.apps(work):
        model = work.model(app.key)
        for key, entity in model.entities.items():
            if entity.part_of or not engine.permissions.policy(work, app.key).may("read", key):
                continue
            add_entity(paths, schemas, app.key, entity)
        add_design(paths, app.key)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Formwork", "version": "1", "description": "Records, workflow and design of the apps on this server."},
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "servers": [{"url": "/api/v1"}],
        "security": [{"token": []}, {"cookie": [], "csrf": []}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "cookie": {"type": "apiKey", "in": "cookie", "name": "formwork"},
                "csrf": {"type": "apiKey", "in": "header", "name": "X-CSRF-Token"},
            },
        },
    }


def answers(good: int, schema: Schema | None, *more: int) -> dict[str, Any]:
    """The answers of an operation: the good one, those that any has, and some more."""
    content = {} if schema is None else {"content": {"application/json": {"schema": schema}}}
    found: dict[str, Any] = {str(good): {"description": "Done" if schema is None else "The answer", **content}}
    for status in (400, 401, 403, 404, 405, 409, 413, 415, 422, 503, *more):
        found[str(status)] = PROBLEM
    return found


def operation(name: str, summary: str, good: int, schema: Schema | None, *, body: Schema | None = None,
              parameters: list[Schema] | None = None) -> dict[str, Any]:
    """One operation."""
    found: dict[str, Any] = {"operationId": name, "summary": summary, "responses": answers(good, schema)}
    if parameters:
        found["parameters"] = parameters
    if body is not None:
        found["requestBody"] = {"required": True, "content": {"application/json": {"schema": body}}}
    return found


def items(schema: Schema) -> Schema:
    """An object with a list of `schema` in `items`."""
    return {"type": "object", "required": ["items"], "properties": {"items": {"type": "array", "items": schema}}}


def fixed(paths: dict[str, Any]) -> None:
    """Operations that are there whatever apps are installed."""
    paths["/session"] = {
        "post": {**operation("open_session", "Sign in", 200, ANY, body=body_schema(session.SessionBody)), "security": []},
        "delete": operation("close_session", "Sign out", 204, None),
    }
    paths["/apps"] = {"get": operation("list_apps", "Apps I may open", 200, items(ANY))}
    paths["/openapi.json"] = {"get": operation("openapi", "This description", 200, ANY)}
    paths["/inbox"] = {"get": operation("inbox", "My open tasks", 200, items(ANY))}
    paths["/jobs/{id}"] = {"get": operation("get_job", "A job and its progress", 200, ANY, parameters=[ID])}
    paths["/tasks/{id}/decisions"] = {"post": operation(
        "decide", "Decide a task", 200, ANY, body=body_schema(session.DecisionBody), parameters=[ID])}


def add_entity(paths: dict[str, Any], schemas: dict[str, Any], app: str, entity: Any) -> None:
    """Operations and schemas of one entity."""
    engine, work = the_engine(), the_work()
    name = f"{app}.{entity.key}"
    label = pick(entity.label, g.language)
    for use in ("write", "patch", "read"):
        schemas[f"{name}.{use}"] = inline(engine.records.schema_of(work, app, entity.key, for_=use))
    write, patch, read = ({"$ref": f"#/components/schemas/{name}.{use}"} for use in ("write", "patch", "read"))
    base, one = f"/{app}/{entity.key}", f"/{app}/{entity.key}/{{id}}"
    results = {"type": "object", "required": ["results"], "properties": {"results": {"type": "array", "items": ANY}}}
    page = {"type": "object", "required": ["items", "next"], "properties": {
        "items": {"type": "array", "items": read}, "next": {"type": ["string", "null"]}, "count": {"type": "integer"}, "count_is_capped": {"type": "boolean"}}}
    create = operation(f"create_{name}", f"{label}: create one record, or many from an array", 201, read,
                       body={"oneOf": [write, {"type": "array", "items": ANY, "maxItems": records.MOST_ROWS}]})
    create["responses"]["200"] = {"description": "One result per row", "content": {"application/json": {"schema": results}}}
    paths[base] = {
        "get": operation(f"list_{name}", f"{label}: list", 200, page, parameters=list_parameters()),
        "post": create,
    }
    paths[f"{base}/schema"] = {"get": operation(f"schema_{name}", f"{label}: JSON Schema of its records", 200, ANY)}
    paths[f"{base}/aggregate"] = {"post": operation(f"aggregate_{name}", f"{label}: figures by group", 200, items(ANY),
                                                    body=body_schema(records.AggregateBody))}
    paths[one] = {
        "get": operation(f"get_{name}", f"{label}: one record", 200, read, parameters=[ID]),
        "patch": operation(f"change_{name}", f"{label}: change some fields", 200, read, body=patch, parameters=[ID]),
        "delete": operation(f"remove_{name}", f"{label}: remove (can be restored)", 204, None, parameters=[ID]),
    }
    paths[f"{one}/history"] = {"get": operation(f"history_{name}", f"{label}: changes", 200, items(ANY), parameters=[ID])}
    transition = {"name": "name", "in": "path", "required": True, "schema": {"type": "string"}}
    paths[f"{one}/standing"] = {"get": operation(f"standing_{name}", f"{label}: state and open moves", 200, ANY, parameters=[ID])}
    paths[f"{one}/transitions/{{name}}"] = {"post": operation(
        f"fire_{name}", f"{label}: move along the workflow", 200, ANY, body=body_schema(records.TransitionBody),
        parameters=[ID, transition])}


def add_design(paths: dict[str, Any], app: str) -> None:
    """Operations on an app's draft."""
    base = f"/design/{app}"
    place = [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in ("kind", "key")]
    paths[base] = {"get": operation(f"list_documents_{app}", "The draft's documents", 200, items(ANY))}
    paths[f"{base}/{{kind}}/{{key}}"] = {
        "get": operation(f"get_document_{app}", "One document", 200, ANY, parameters=place),
        "put": operation(f"put_document_{app}", "Create or replace a document", 200, ANY, body=ANY, parameters=place),
        "delete": operation(f"remove_document_{app}", "Take a document out of the draft", 204, None, parameters=place),
    }
    paths[f"{base}/check"] = {"post": operation(f"check_{app}", "Problems and impact", 200, ANY)}
    paths[f"{base}/publish"] = {"post": operation(f"publish_{app}", "Publish the draft", 200, ANY, body=body_schema(design.PublishBody))}
    paths[f"{base}/rollback"] = {"post": operation(f"rollback_{app}", "Return to a release", 200, ANY, body=body_schema(design.RollbackBody))}
    paths[f"{base}/releases"] = {"get": operation(f"releases_{app}", "History of releases", 200, items(ANY))}
    sides = [{"name": name, "in": "query", "schema": {"type": "string"}} for name in ("from", "to")]
    paths[f"{base}/diff"] = {"get": operation(f"diff_{app}", "Difference of two releases", 200, items(ANY), parameters=sides)}


def list_parameters() -> list[Schema]:
    """Query parameters of a list."""
    texts = {"filter": "Expression, e.g. amount >= 1000 and status = \"draft\"", "sort": "Fields, - for descending",
             "fields": "Fields to return", "q": "Search text", "cursor": "`next` of the page before"}
    found: list[Schema] = [{"name": name, "in": "query", "description": text, "schema": {"type": "string"}} for name, text in texts.items()]
    found.append({"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 500, "default": 50}})
    found.append({"name": "count", "in": "query", "schema": {"enum": ["none", "exact", "capped"], "default": "none"}})
    return found


def inline(schema: Schema) -> Schema:
    """A record's schema as a component: without the keys that only a whole document has."""
    return {key: value for key, value in schema.items() if key not in ("$schema", "$id")}


def problem_schema() -> Schema:
    """The schema of every error."""
    entry = {"type": "object", "required": ["code", "path", "message"], "properties": {
        "code": {"type": "string"}, "path": {"type": "array", "items": {"type": ["string", "integer"]}}, "message": {"type": "string"}}}
    return {"type": "object", "required": ["title", "status", "errors"], "properties": {
        "type": {"type": "string"}, "title": {"type": "string"}, "status": {"type": "integer"}, "detail": {"type": "string"},
        "errors": {"type": "array", "items": entry}, "current": {}}}


def body_schema(kind: type[ma.Schema]) -> Schema:
    """The JSON Schema of a fixed body, from its marshmallow schema."""
    fields = kind().fields
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [name for name, item in fields.items() if item.required],
        "properties": {name: _field(item) for name, item in fields.items()},
    }


def _field(item: Any) -> Schema:
    kinds: list[tuple[type, str]] = [(ma.fields.Integer, "integer"), (ma.fields.Dict, "object"), (ma.fields.String, "string")]
    found: Schema = {}
    if isinstance(item, ma.fields.List):
        inner = item.inner
        found = {"type": "array", "items": body_schema(type(inner.schema)) if isinstance(inner, ma.fields.Nested) else _field(inner)}
    for kind, name in kinds:
        if isinstance(item, kind):
            found = {"type": [name, "null"] if item.allow_none else name}
            break
    for rule in item.validators:
        if isinstance(rule, ma.validate.OneOf):
            found["enum"] = [*rule.choices, *([None] if item.allow_none else [])]
        elif isinstance(rule, ma.validate.Range):
            found |= {"minimum": rule.min, "maximum": rule.max}
        elif isinstance(rule, ma.validate.Length):
            names = ("minItems", "maxItems") if isinstance(item, ma.fields.List) else ("minLength", "maxLength")
            found |= {name: value for name, value in zip(names, (rule.min, rule.max), strict=True) if value is not None}
    return found
