"""The OpenAPI 3.1 description of everything this API answers, as the asking person may use it.

Hidden fields and entities are left out, for the description is read access too.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import g

from engine import pick
from runtime.api import design, records, session
from runtime.api.answers import ID as UUID
from runtime.api.answers import SCHEMAS, TEXT, Schema, list_of, object_of, refer
from runtime.api.area import blueprint, endpoint
from runtime.api.body_schemas import body_schema
from runtime.shell.application import the_engine, the_work

# Any operation may be answered so: not readable, not signed in, not allowed, not there, not this
# method, too large, not acceptable, or the database is away.
ALWAYS = (400, 401, 403, 404, 405, 413, 422, 503)
WRITES = (*ALWAYS, 409)
WORDS = {
    400: "The request can't be read", 401: "Not signed in", 403: "Not allowed", 404: "Not there, or not for you", 405: "Another method",
    409: "Somebody was faster", 413: "Too large", 422: "Something is wrong with what was sent", 503: "The database is away; try again",
}
HEADERS: dict[int, Schema] = {
    401: {"WWW-Authenticate": {"schema": TEXT, "description": "Bearer"}},
    405: {"Allow": {"schema": TEXT, "description": "The methods that there are"}},
    503: {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds to wait"}},
}
IN_PATH: Schema = {"name": "id", "in": "path", "required": True, "schema": UUID}
IF_MATCH: Schema = {"name": "If-Match", "in": "header", "description": "The rev that is to be changed; 409 when it moved on",
                    "schema": {"type": "string", "pattern": '^"[0-9]{1,9}"$'}}
ONCE: Schema = {"name": "Idempotency-Key", "in": "header", "description": "The same key and content again has no second effect",
                "schema": {"type": "string", "pattern": "^[ -~]{0,200}$"}}


@blueprint.get("/openapi.json")
@endpoint
def openapi() -> Any:
    engine, work = the_engine(), the_work()
    paths: dict[str, Any] = {}
    schemas: dict[str, Any] = dict(SCHEMAS)
    fixed(paths)
    for app in engine.apps(work):
        model, policy = work.model(app.key), engine.permissions.policy(work, app.key)
        for key, entity in model.entities.items():
            if not entity.part_of and policy.may("read", key):
                add_entity(paths, schemas, app.key, entity)
        if engine.may_design(work, app.key):
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


def operation(
    name: str, summary: str, good: int, schema: Schema | None, *, body: Schema | None = None,
    parameters: Sequence[Schema] = (), writes: bool = False, has_rev: bool = False,
) -> dict[str, Any]:
    """One operation. One that `writes` may come twice and may meet a conflict."""
    content = {} if schema is None else {"content": {"application/json": {"schema": schema}}}
    answers: dict[str, Any] = {str(good): {"description": "Done" if schema is None else "The answer", **content}}
    if has_rev:
        answers[str(good)]["headers"] = {"ETag": {"schema": TEXT, "description": "The record's rev"}}
    for status in WRITES if writes else ALWAYS:
        answers[str(status)] = _problem(status)
    found: dict[str, Any] = {"operationId": name, "summary": summary, "responses": answers}
    if parameters or writes:
        found["parameters"] = [*parameters, *([ONCE] if writes else ())]
    if body is not None:
        found["requestBody"] = {"required": True, "content": {"application/json": {"schema": body}}}
    return found


def _problem(status: int) -> Schema:
    found: Schema = {"description": WORDS[status], "content": {"application/problem+json": {"schema": refer("Problem")}}}
    return {**found, "headers": HEADERS[status]} if status in HEADERS else found


def items(schema: Schema) -> Schema:
    """An object with a list of `schema` in `items`."""
    return object_of(items=list_of(schema))


def fixed(paths: dict[str, Any]) -> None:
    """Operations that are there whatever apps are installed."""
    sign_in = operation("open_session", "Sign in", 200, refer("Session"), body=body_schema(session.SessionBody))
    paths["/session"] = {
        "post": {**sign_in, "security": []},
        "delete": operation("close_session", "Sign out", 204, None, writes=True),
    }
    paths["/apps"] = {"get": operation("list_apps", "Apps I may open", 200, items(refer("App")))}
    paths["/openapi.json"] = {"get": operation("openapi", "This description", 200, {"type": "object"})}
    paths["/inbox"] = {"get": operation("inbox", "My open tasks", 200, items(refer("Task")))}
    paths["/jobs/{id}"] = {"get": operation("get_job", "A job and its progress", 200, refer("Job"), parameters=[IN_PATH])}
    paths["/tasks/{id}/decisions"] = {"post": operation(
        "decide", "Decide a task", 200, refer("Decided"), body=body_schema(session.DecisionBody), parameters=[IN_PATH], writes=True)}


def add_entity(paths: dict[str, Any], schemas: dict[str, Any], app: str, entity: Any) -> None:
    """Operations and schemas of one entity."""
    engine, work = the_engine(), the_work()
    name, label = f"{app}.{entity.key}", pick(entity.label, g.language)
    for use in ("write", "patch", "read"):
        schemas[f"{name}.{use}"] = inline(engine.records.schema_of(work, app, entity.key, for_=use))
    write, patch, read = (refer(f"{name}.{use}") for use in ("write", "patch", "read"))
    base, one = f"/{app}/{entity.key}", f"/{app}/{entity.key}/{{id}}"
    page = {"type": "object", "required": ["items", "next"], "additionalProperties": False, "properties": {
        "items": list_of(read), "next": {"type": ["string", "null"]}, "count": {"type": "integer"}, "count_is_capped": {"type": "boolean"}}}
    create = operation(f"create_{name}", f"{label}: create one record, or many from an array", 201, read, writes=True,
                       body={"oneOf": [write, {"type": "array", "maxItems": records.MOST_ROWS}]})
    create["responses"]["200"] = {"description": "One result per row",
                                  "content": {"application/json": {"schema": object_of(results=list_of(refer("RowResult")))}}}
    paths[base] = {"get": operation(f"list_{name}", f"{label}: list", 200, page, parameters=list_parameters()), "post": create}
    paths[f"{base}/schema"] = {"get": operation(f"schema_{name}", f"{label}: JSON Schema of its records", 200, {"type": "object"})}
    paths[f"{base}/aggregate"] = {"post": operation(
        f"aggregate_{name}", f"{label}: figures by group", 200, items(refer("Group")), body=body_schema(records.AggregateBody), writes=True)}
    rev = [IN_PATH, IF_MATCH]
    paths[one] = {
        "get": operation(f"get_{name}", f"{label}: one record", 200, read, parameters=[IN_PATH], has_rev=True),
        "patch": operation(f"change_{name}", f"{label}: change some fields", 200, read, body=patch, parameters=rev, writes=True, has_rev=True),
        "delete": operation(f"remove_{name}", f"{label}: remove (can be restored)", 204, None, parameters=rev, writes=True),
    }
    paths[f"{one}/history"] = {"get": operation(f"history_{name}", f"{label}: changes", 200, items(refer("HistoryEntry")), parameters=[IN_PATH])}
    paths[f"{one}/standing"] = {"get": operation(
        f"standing_{name}", f"{label}: where it stands in its workflow", 200, refer("Standing"), parameters=[IN_PATH])}
    transition = {"name": "name", "in": "path", "required": True, "schema": {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,62}$"}}
    paths[f"{one}/transitions/{{name}}"] = {"post": operation(
        f"fire_{name}", f"{label}: move along the workflow", 200, refer("Standing"), body=body_schema(records.TransitionBody),
        parameters=[IN_PATH, transition], writes=True)}


def add_design(paths: dict[str, Any], app: str) -> None:
    """Operations on an app's draft."""
    base, document = f"/design/{app}", refer("Document")
    place = [{"name": name, "in": "path", "required": True, "schema": {"type": "string", "pattern": pattern}}
             for name, pattern in (("kind", "^[a-z]+$"), ("key", "^[a-z][a-z0-9_]{0,62}$"))]
    paths[base] = {"get": operation(f"list_documents_{app}", "The draft's documents", 200, items(refer("DocumentEntry")))}
    paths[f"{base}/{{kind}}/{{key}}"] = {
        "get": operation(f"get_document_{app}", "One document", 200, document, parameters=place),
        "put": operation(f"put_document_{app}", "Create or replace a document", 200, document, body={"type": "object"},
                         parameters=[*place, IF_MATCH], writes=True),
        "delete": operation(f"remove_document_{app}", "Take a document out of the draft", 204, None, parameters=[*place, IF_MATCH], writes=True),
    }
    paths[f"{base}/check"] = {"post": operation(f"check_{app}", "Problems and impact", 200, refer("Check"), writes=True)}
    paths[f"{base}/publish"] = {"post": operation(
        f"publish_{app}", "Publish the draft", 200, refer("Published"), body=body_schema(design.PublishBody), writes=True)}
    paths[f"{base}/rollback"] = {"post": operation(
        f"rollback_{app}", "Return to a release", 200, refer("Published"), body=body_schema(design.RollbackBody), writes=True)}
    paths[f"{base}/releases"] = {"get": operation(f"releases_{app}", "History of releases", 200, items(refer("Release")))}
    sides = [{"name": name, "in": "query", "description": "A release's number, `current` or `draft`",
              "schema": {"type": "string", "pattern": "^([1-9][0-9]{0,8}|current|draft)$"}} for name in ("from", "to")]
    paths[f"{base}/diff"] = {"get": operation(
        f"diff_{app}", "Difference of two releases", 200, items(refer("Difference")), parameters=sides)}


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
