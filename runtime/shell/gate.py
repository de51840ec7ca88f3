"""Nobody gets past without signing in, whichever area an address belongs to."""

from __future__ import annotations

from flask import Flask, Response, g, redirect, request, url_for

from engine import Problem
from runtime.shell import errors

OPEN = frozenset({"pages.login.show", "pages.login.sign_in", "pages.login.prefer", "assets.asset"})
ANSWERS_ITSELF = "api"  # programs get 401 instead of a page to sign in


def install(app: Flask) -> None:
    """Stand before all views of `app`; an area that forgets about it is guarded all the same."""

    @app.before_request
    def require_person() -> Response | None:
        """Send strangers to the login page, and back afterwards."""
        is_open = request.endpoint is None or request.endpoint in OPEN or request.blueprint == ANSWERS_ITSELF
        if is_open or g.actor.user_id is not None:
            return None
        wanted = request.full_path.rstrip("?") if request.method == "GET" else "/"
        target = url_for("pages.login.show", next=wanted)
        if errors.wants_json():  # a designer at work: it keeps what was typed and says so
            return errors.answer(401, [Problem("http.401")])
        if request.headers.get("HX-Request"):  # a fragment can't redirect; the whole page has to
            return Response(status=401, headers={"HX-Redirect": target})
        return redirect(target)  # type: ignore[return-value]
