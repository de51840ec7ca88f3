"""JSON for the lookups of a form: candidates of a reference, people, departments, values one step away."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Response, request

from runtime.records.place import Place, place
from runtime.records.scopes import follow
from runtime.shell.application import the_engine, the_work


def look_up(app: str, entity: str, field: str) -> Response:
    """Candidates of a reference. What the form holds comes before what the record (`of`) held: a dialog holds few fields."""
    text, of = request.args.get("q", "")[:200], request.args.get("of")
    record: dict[str, Any] = {}
    if of:
        record = {**the_engine().records.get_record(the_work(), app, entity, of).values, "id": of}
    record |= {name.removeprefix("record."): value for name, value in request.args.items() if name.startswith("record.")}
    return _json(the_engine().records.look_up(the_work(), app, entity, text, 20, field=field, record=record))


def scope(app: str, entity: str) -> Response:
    here = place(app, entity)
    # Names of a child row are those of its own entity.
    rows = {field.key: child for child, field in here.model.children.get(entity, ())}
    there = Place(app, rows.get(request.args.get("rows", ""), entity))
    names = {name for name in request.args.get("names", "").split(",") if name}
    values = {key: value for key, value in request.args.items() if key in there.definition.fields and value}
    return _json(follow(app, there.entity, names, values))


def _json(value: Any) -> Response:
    return Response(orjson.dumps(value, default=str), content_type="application/json")
