"""The draft's documents: read, write, check, publish, roll back, compare."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask import request

from engine import Invalid, Problem
from runtime.api.area import blueprint, body_object, endpoint, expected_rev, load
from runtime.shell.application import the_engine, the_work


class PublishBody(ma.Schema):
    """Why, in the author's words."""

    note = ma.fields.String(load_default="", validate=ma.validate.Length(max=2000))


class RollbackBody(ma.Schema):
    """Which release to return to."""

    release = ma.fields.Integer(required=True, strict=True, validate=ma.validate.Range(1, 10**6))


@blueprint.get("/design/<app>")
@endpoint
def list_documents(app: str) -> Any:
    return {"items": the_engine().publishing.list_documents_json(the_work(), app)}


@blueprint.get("/design/<app>/<kind>/<key>")
@endpoint
def get_document(app: str, kind: str, key: str) -> Any:
    return the_engine().publishing.get_document_json(the_work(), app, kind, key)


@blueprint.put("/design/<app>/<kind>/<key>")
@endpoint
def put_document(app: str, kind: str, key: str) -> Any:
    document = body_object()
    if document.get("kind") != kind or document.get("key") != key:
        raise Invalid(Problem("design.address_differs", {"kind": kind, "key": key}))
    return the_engine().publishing.put_document_json(the_work(), app, document, expected_rev())


@blueprint.delete("/design/<app>/<kind>/<key>")
@endpoint
def remove_document(app: str, kind: str, key: str) -> Any:
    the_engine().publishing.remove_document(the_work(), app, kind, key, rev=expected_rev())
    return None, 204


@blueprint.post("/design/<app>/check")
@endpoint
def check(app: str) -> Any:
    return the_engine().publishing.check_json(the_work(), app)


@blueprint.post("/design/<app>/publish")
@endpoint
def publish(app: str) -> Any:
    given = load(PublishBody)
    return {"release": the_engine().publishing.publish(the_work(), app, given["note"])}


@blueprint.post("/design/<app>/rollback")
@endpoint
def rollback(app: str) -> Any:
    given = load(RollbackBody)
    return {"release": the_engine().publishing.rollback(the_work(), app, given["release"])}


@blueprint.get("/design/<app>/releases")
@endpoint
def releases(app: str) -> Any:
    return {"items": the_engine().publishing.releases_json(the_work(), app)}


@blueprint.get("/design/<app>/diff")
@endpoint
def diff(app: str) -> Any:
    numbers = {name: request.args.get(name, default) for name, default in (("from", "current"), ("to", "draft"))}
    return {"items": the_engine().publishing.diff_json(the_work(), app, numbers["from"], numbers["to"])}
