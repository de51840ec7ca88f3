"""JSON for the lookups of a form: candidates of a reference, people, departments, values one step away."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Response, request

from runtime.records.place import Place
from runtime.records.scopes import follow
from runtime.shell.application import the_engine, the_work


def look_up(app: str, entity: str, field: str) -> Response:
    here = Place(app, entity)
    text = request.args.get("q", "")[:200]
    record = {name.removeprefix("record."): value for name, value in request.args.items() if name.startswith("record.")}
    found = the_engine().records.candidates(the_work(), app, entity, field, text, record=record, limit=20)
    return _json([{"id": str(item.id), "title": item.title, "subtitle": item.subtitle} for item in found])


def scope(app: str, entity: str) -> Response:
    here = Place(app, entity)
    names = {name for name in request.args.get("names", "").split(",") if name}
    values = {key: value for key, value in request.args.items() if key in here.definition.fields and value}
    return _json(follow(app, entity, names, values))


def _json(value: Any) -> Response:
    return Response(orjson.dumps(value, default=str), content_type="application/json")
