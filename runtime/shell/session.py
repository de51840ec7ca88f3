"""Who is asking: the session cookie of a browser or the bearer token of a program."""

from __future__ import annotations

import hmac
import secrets
from urllib.parse import urlsplit

from flask import Flask, Response, g, request

from engine import ANONYMOUS, Forbidden, Problem, Session
from runtime.shell.application import READING, application, the_engine

LIFETIME = 12 * 3600
LANGUAGES = ("zh-CN", "en")


def cookie_name() -> str:
    """`__Host-` binds the cookie to this very host, and browsers take it over HTTPS only."""
    return "__Host-formwork" if application().settings.secure_cookies else "formwork"


def install(app: Flask) -> None:
    """Find the actor before each request; refuse forged writes."""

    @app.before_request
    def identify() -> None:
        g.actor, g.session, g.sight, g.by_token = ANONYMOUS, None, None, False
        g.language = _language()  # for the error page, should the database not answer
        if request.path.startswith("/assets/"):
            return
        header = request.headers.get("Authorization", "")
        if header.startswith("Bearer "):
            _by_token(header.removeprefix("Bearer ").strip())
        else:
            _by_cookie(request.cookies.get(cookie_name(), ""))
        g.language = _language()
        if request.method not in READING and not g.by_token:
            check_forgery()


def _by_token(text: str) -> None:
    g.by_token = True
    with the_engine().work(ANONYMOUS, writes=False) as work:
        actor = the_engine().accounts.find_token(work, text)
    if actor is None:
        g.bad_token = True
    else:
        g.actor = actor


def _by_cookie(token: str) -> None:
    if not token:
        return
    with the_engine().work(ANONYMOUS, writes=False) as work:
        session: Session | None = the_engine().accounts.find_session(work, token)
        if session is not None:  # whose eyes it looks through is settled here, for every page
            g.session = session
            g.actor, g.sight = the_engine().permissions.actor_of(work, session)


def _language() -> str:
    """The person's own language; for strangers the cookie of the language switch, then the browser's."""
    if g.actor.user_id is not None:
        return str(g.actor.reader.language)
    chosen = request.cookies.get("language", "")
    if chosen in LANGUAGES:
        return chosen
    found = request.accept_languages.best_match([*LANGUAGES, "zh"], default="en")
    return "zh-CN" if found == "zh" else str(found)


def check_forgery() -> None:
    """Refuse a write that another site could have made; raises Forbidden.

    Two nets: the browser's own word on where the request came from, and the token of the session
    (or, before there is one, of the login cookie), sent in a header or a form field.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None and site not in ("same-origin", "none"):
        raise Forbidden(Problem("shell.foreign_site"))
    origin = request.headers.get("Origin")
    if origin and origin != "null" and urlsplit(origin).netloc != request.host:
        raise Forbidden(Problem("shell.foreign_site"))
    if request.endpoint == "api.open_session":  # a program signs in: there is no page that could hold a token
        return
    given = request.headers.get("X-CSRF-Token") or request.form.get("csrf", "")
    expected = g.session.csrf if g.session is not None else request.cookies.get("formwork_login", "")
    if not expected or not hmac.compare_digest(given.encode(), expected.encode()):
        raise Forbidden(Problem("shell.csrf"))


def csrf_token() -> str:
    """The token that forms of this page send back."""
    if g.get("session") is not None:
        return str(g.session.csrf)
    if "login_token" not in g:
        g.login_token = request.cookies.get("formwork_login") or secrets.token_urlsafe(24)
    return str(g.login_token)


def set_cookie(response: Response, name: str, value: str, *, hidden: bool = True, age: int = LIFETIME) -> None:
    """Set a cookie with the flags that all of ours have."""
    response.set_cookie(name, value, max_age=age, path="/", httponly=hidden, samesite="Lax",
                        secure=application().settings.secure_cookies)
