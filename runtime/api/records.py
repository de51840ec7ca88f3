"""Records: read, list, create, change, remove; aggregate; history; transitions."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask import Response, g, request

from engine import Invalid, Problem, Query
from runtime.api.area import blueprint, body, body_object, endpoint, expected_rev, load, reply
from runtime.shell.application import the_engine, the_work
from runtime.shell.errors import problem_dict

MOST_ROWS = 1000
PARAMETERS = frozenset({"filter", "sort", "fields", "q", "limit", "cursor", "count"})


class TransitionBody(ma.Schema):
    """What a transition may bring."""

    comment = ma.fields.String(load_default="", validate=ma.validate.Length(max=5000))
    values = ma.fields.Dict(keys=ma.fields.String(), load_default=dict)


class MeasureBody(ma.Schema):
    """One figure of an aggregate."""

    fn = ma.fields.String(required=True, validate=ma.validate.OneOf(["count", "sum", "avg", "min", "max"]))
    field = ma.fields.String(load_default=None, allow_none=True)


class AggregateBody(ma.Schema):
    """Groups, and what to compute in each."""

    group_by = ma.fields.List(ma.fields.String(), load_default=list, validate=ma.validate.Length(max=3))
    measures = ma.fields.List(ma.fields.Nested(MeasureBody(unknown=ma.RAISE)), required=True,
                              validate=ma.validate.Length(min=1, max=10))
    filter = ma.fields.String(load_default="")
    sort = ma.fields.String(load_default="")
    limit = ma.fields.Integer(load_default=100, strict=True, validate=ma.validate.Range(1, 1000))


def query_of(args: Any) -> Query:
    """The list query that the address asks for; raises Invalid."""
    unknown = [name for name in args if name not in PARAMETERS]
    problems = [Problem("request.unknown_parameter", {"key": name}, (name,)) for name in unknown]
    limit = args.get("limit", "50")
    if not (limit.isascii() and limit.isdigit() and len(limit) <= 3 and 1 <= int(limit) <= 500):
        problems.append(Problem("request.limit", {"most": 500}, ("limit",)))
    if args.get("count", "none") not in ("none", "exact", "capped"):
        problems.append(Problem("request.count", {}, ("count",)))
    for name, value in args.items():
        if "\x00" in value:
            problems.append(Problem("json.character", {}, (name,)))
    if problems:
        raise Invalid(*problems)
    return Query(
        filter=args.get("filter", ""),
        sort=tuple(part for part in args.get("sort", "").split(",") if part),
        fields=tuple(part for part in args.get("fields", "").split(",") if part) or None,
        search=args.get("q", ""),
        limit=int(limit),
        cursor=args.get("cursor") or None,
        count=args.get("count", "none"),
    )


@blueprint.get("/<app_key:app>/<entity>/schema")
@endpoint
def record_schema(app: str, entity: str) -> Any:
    return the_engine().records.schema_of(the_work(), app, entity)


@blueprint.get("/<app_key:app>/<entity>")
@endpoint
def list_records(app: str, entity: str) -> Any:
    page = the_engine().records.query_json(the_work(), app, entity, query_of(request.args))
    found: dict[str, Any] = {"items": page.items, "next": page.next_cursor}
    if page.count is not None:
        found |= {"count": page.count, "count_is_capped": page.count_is_capped}
    return found


@blueprint.post("/<app_key:app>/<entity>")
@endpoint
def create_record(app: str, entity: str) -> Any:
    work, given = the_work(), body()
    if isinstance(given, list):
        if len(given) > MOST_ROWS:
            raise Invalid(Problem("request.too_many_rows", {"most": MOST_ROWS}))
        return {"results": [_result(row) for row in the_engine().records.bulk_create(work, app, entity, given)]}, 200
    if not isinstance(given, dict):
        raise Invalid(Problem("request.not_object"))
    records = the_engine().records
    return records.dump_record(records.create_record(work, app, entity, given)), 201


@blueprint.get("/<app_key:app>/<entity>/<record_id:id>")
@endpoint
def get_record(app: str, entity: str, id: str) -> Any:
    return _with_rev(the_engine().records.get_json(the_work(), app, entity, id))


@blueprint.patch("/<app_key:app>/<entity>/<record_id:id>")
@endpoint
def change_record(app: str, entity: str, id: str) -> Any:
    given = body_object()
    rev = expected_rev(given)
    records = the_engine().records
    return _with_rev(records.dump_record(records.change_record(the_work(), app, entity, id, given, rev)))


@blueprint.delete("/<app_key:app>/<entity>/<record_id:id>")
@endpoint
def remove_record(app: str, entity: str, id: str) -> Any:
    the_engine().records.remove_record(the_work(), app, entity, id, rev=expected_rev())
    return None, 204


@blueprint.post("/<app_key:app>/<entity>/<record_id:id>/transitions/<name>")
@endpoint
def fire_transition(app: str, entity: str, id: str, name: str) -> Any:
    given = load(TransitionBody)
    work = the_work()
    the_engine().workflow.fire_transition(
        work, app, entity, id, name, comment=given["comment"], values=given["values"],
    )
    return the_engine().workflow.standing_json(work, app, entity, id)


@blueprint.get("/<app_key:app>/<entity>/<record_id:id>/standing")
@endpoint
def standing(app: str, entity: str, id: str) -> Any:
    return the_engine().workflow.standing_json(the_work(), app, entity, id)


@blueprint.post("/<app_key:app>/<entity>/aggregate")
@endpoint
def aggregate(app: str, entity: str) -> Any:
    given = load(AggregateBody)
    sort = tuple(part for part in given["sort"].split(",") if part)
    return {"items": the_engine().records.aggregate(
        the_work(), app, entity, given["group_by"], given["measures"], filter=given["filter"], sort=sort, limit=given["limit"],
    )}


@blueprint.get("/<app_key:app>/<entity>/<record_id:id>/history")
@endpoint
def history(app: str, entity: str, id: str) -> Any:
    return {"items": the_engine().records.history(the_work(), app, entity, id)}


def _result(row: dict[str, Any]) -> dict[str, Any]:
    """One row's result, with its problems as sentences."""
    if "problems" not in row:
        return row
    return {"index": row["index"], "problems": [problem_dict(problem, g.language) for problem in row["problems"]]}


def _with_rev(record: dict[str, Any]) -> Response:
    response = reply(record)
    response.headers["ETag"] = f'"{record["rev"]}"'
    return response
