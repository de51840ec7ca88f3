"""Signing in and out, and the switches of language and theme."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, Response, g, make_response, redirect, render_template, request, url_for

from engine import ANONYMOUS, Invalid, Problem
from runtime.shell.application import the_engine, the_work
from runtime.shell.session import LANGUAGES, cookie_name, csrf_token, set_cookie

blueprint = Blueprint("login", __name__)
THEMES = ("system", "light", "dark")


@blueprint.get("/login")
def show() -> Response:
    if g.actor.user_id is not None:
        return make_response(redirect("/"))
    return _page(200)


@blueprint.post("/login")
def sign_in() -> Response:
    login, password = request.form.get("login", ""), request.form.get("password", "")
    engine = the_engine()
    try:
        if not login.strip() or not password:
            raise Invalid(Problem("shell.login_incomplete"))
        user_id = engine.sign_in(login, password)
    except Invalid as error:
        return _page(422, error.problems, login)
    g.actor = ANONYMOUS
    token, _ = engine.accounts.open_session(the_work(), user_id, request.user_agent.string[:200])
    response = make_response(redirect(local_path(request.form.get("next", ""))))
    set_cookie(response, cookie_name(), token)
    response.delete_cookie("formwork_login", path="/")
    return response


def _page(status: int, problems: tuple[Problem, ...] = (), login: str = "") -> Response:
    token = csrf_token()
    page = render_template("shell/login.html", problems=problems, login=login,
                           next=local_path(request.values.get("next", "")))
    response = make_response(page, status)
    set_cookie(response, "formwork_login", token, age=3600)
    return response


@blueprint.post("/logout")
def sign_out() -> Response:
    if g.session is not None:
        g.actor = g.session.actor  # one may leave while looking through somebody else's eyes
        the_engine().accounts.close_session(the_work(), g.session)
    response = make_response(redirect(url_for("pages.login.show")))
    response.delete_cookie(cookie_name(), path="/")
    return response


@blueprint.post("/preferences")
def prefer() -> Response:
    """Language, theme or time zone; kept with the account, or in a cookie before signing in."""
    response = make_response(redirect(local_path(request.form.get("next", ""))))
    wanted = {
        name: value
        for name, allowed in (("language", LANGUAGES), ("theme", THEMES))
        if (value := request.form.get(name)) in allowed
    }
    if g.actor.user_id is not None:
        the_engine().accounts.change_preferences(the_work(), **wanted)
    for name, value in wanted.items():
        set_cookie(response, name, value, age=365 * 86400)
    return response


def local_path(text: str) -> str:
    """A path of this site to go to; "/" for anything that could lead elsewhere."""
    if not text.startswith("/") or text[1:2] in ("/", "\\") or any(ord(sign) < 32 for sign in text):
        return "/"
    parts = urlsplit(text)
    return "/" if parts.netloc or parts.scheme else text
