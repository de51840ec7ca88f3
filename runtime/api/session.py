"""Signing in and out by the API, the apps one may open, and one's jobs and tasks."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask import g, request

from engine import ANONYMOUS, pick, required_id
from runtime.api.area import blueprint, endpoint, load, reply
from runtime.shell.application import the_engine, the_work
from runtime.shell.session import cookie_name, set_cookie


class SessionBody(ma.Schema):
    """Name and password."""

    username = ma.fields.String(required=True, validate=ma.validate.Length(1, 200))
    password = ma.fields.String(required=True, validate=ma.validate.Length(1, 1024))


class DecisionBody(ma.Schema):
    """What one decides about a task."""

    decision = ma.fields.String(
        required=True, validate=ma.validate.OneOf(["approve", "reject", "return", "transfer", "comment"])
    )
    comment = ma.fields.String(load_default="", validate=ma.validate.Length(max=5000))
    values = ma.fields.Dict(keys=ma.fields.String(), load_default=dict)
    to = ma.fields.String(load_default=None, allow_none=True)
    users = ma.fields.List(ma.fields.String(), load_default=list)
    resume = ma.fields.String(load_default=None, allow_none=True)
    record_rev = ma.fields.Integer(load_default=None, allow_none=True, strict=True)


@blueprint.post("/session")
@endpoint
def open_session() -> Any:
    given = load(SessionBody)
    engine = the_engine()
    g.actor = ANONYMOUS
    user_id = engine.sign_in(given["username"], given["password"])
    work = the_work()
    token, csrf = engine.accounts.open_session(work, user_id, request.user_agent.string[:200])
    person = engine.accounts.get_user(work, user_id)
    response = reply({"user": {"id": str(user_id), "name": person.name, "language": person.language}, "csrf": csrf})
    set_cookie(response, cookie_name(), token)
    return response


@blueprint.delete("/session")
@endpoint
def close_session() -> Any:
    if g.session is not None:
        the_engine().accounts.close_session(the_work(), g.session)
    return None, 204


@blueprint.get("/apps")
@endpoint
def list_apps() -> Any:
    apps = the_engine().apps(the_work())
    return {"items": [{"key": app.key, "label": pick(app.label, g.language), "description": pick(app.description, g.language),
                       "icon": app.icon, "languages": list(app.languages)} for app in apps]}


@blueprint.get("/inbox")
@endpoint
def inbox() -> Any:
    return {"items": the_engine().workflow.inbox_json(the_work())}


@blueprint.post("/tasks/<id>/decisions")
@endpoint
def decide(id: str) -> Any:
    given = load(DecisionBody)
    to = given["to"] or (given["users"][0] if given["users"] else None)
    found = the_engine().workflow.decide(
        the_work(), id, given["decision"], comment=given["comment"], values=given["values"], to=to,
        resume=given["resume"], record_rev=given["record_rev"],
    )
    return {**found.dump(), "label": pick(found.label, g.language)}


@blueprint.get("/jobs/<id>")
@endpoint
def job(id: str) -> Any:
    found = the_engine().jobs.get_job(the_work(), required_id(id, "job.not_found"))
    return {
        "id": str(found.id), "kind": found.kind, "status": found.status, "progress": found.progress, "attempts": found.attempts,
        "message": found.message, "result": found.result, "created_at": found.created_at, "ended_at": found.ended_at,
    }
