"""Looking at the work pages as a role or as somebody else: beginning and ending it."""

from __future__ import annotations

from flask import Blueprint, Response, g, make_response, redirect, request

from engine import Invalid, Problem, required_id
from runtime.shell.application import the_engine, the_work
from runtime.shell.login import local_path

blueprint = Blueprint("view", __name__)


@blueprint.post("/view")
def begin() -> Response:
    """Look as `person`, or as `role` of `app`, and go to `next` (the app's first page)."""
    if g.session is None:  # a program with a token has no session that could look
        raise Invalid(Problem("view.needs_session"))
    engine, form = the_engine(), request.form
    g.actor = g.session.actor  # who looks already and chooses somebody else is told so by the engine
    if form.get("person"):
        engine.permissions.view_as_person(the_work(), g.session, required_id(form["person"], "accounts.no_such_user"))
    elif form.get("role") and form.get("app"):
        engine.permissions.view_as_role(the_work(), g.session, form["app"], form["role"])
    else:
        raise Invalid(Problem("view.choose"))
    return make_response(redirect(local_path(form.get("next", "")), 303))


@blueprint.post("/view/stop")
def stop() -> Response:
    """Look through one's own eyes again."""
    if g.session is not None:
        g.actor = g.session.actor
        the_engine().permissions.end_view(the_work(), g.session)
    return make_response(redirect("/", 303))
