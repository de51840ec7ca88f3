"""My account: password, time zone, tokens; and the jobs that I started."""

from __future__ import annotations

from flask import Blueprint, Response, g, make_response, redirect, render_template, request

from engine import Invalid, Problem, required_id
from runtime.shell.application import the_engine, the_work

blueprint = Blueprint("account", __name__)


@blueprint.get("/account")
def show() -> Response:
    return _page()


@blueprint.post("/account/password")
def change_password() -> Response:
    new = request.form.get("new", "")
    try:
        if new != request.form.get("again", ""):
            raise Invalid(Problem("account.passwords_differ", {}, ("again",)))
        the_engine().accounts.set_password(the_work(), g.actor.user_id, new, current=request.form.get("current", ""),
                                                keep=g.session.token_hash if g.session else None)
    except Invalid as error:
        return _page(error.problems, 422)
    return make_response(redirect("/account", 303))


@blueprint.post("/account/tokens")
def create_token() -> Response:
    name = request.form.get("name", "").strip()[:80]
    if not name:
        return _page((Problem("account.token_unnamed", {}, ("name",)),), 422)
    _, text = the_engine().accounts.create_token(the_work(), g.actor.user_id, name)
    return _page(token=text)


@blueprint.post("/account/tokens/<id>/revoke")
def revoke_token(id: str) -> Response:
    the_engine().accounts.revoke_token(the_work(), id)
    return make_response(redirect("/account", 303))


@blueprint.get("/jobs/<id>")
def job(id: str) -> Response:
    found = the_engine().jobs.get_job(the_work(), required_id(id, "job.not_found"))
    template = "account/_job.html" if request.headers.get("HX-Request") else "account/job.html"
    return make_response(render_template(template, job=found, section="jobs"))


def _page(problems: tuple[Problem, ...] = (), status: int = 200, token: str = "") -> Response:
    engine, work = the_engine(), the_work()
    page = render_template("account/account.html", section="account", problems=problems, token=token,
                           person=engine.accounts.get_user(work, g.actor.user_id),
                           tokens=engine.accounts.list_tokens(work, g.actor.user_id))
    return make_response(page, status)
