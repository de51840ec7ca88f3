"""The operators' area: one blueprint with every page of it."""

from __future__ import annotations

from flask import Blueprint, Response, g, redirect, request, url_for

from runtime.account.routes import blueprint as account
from runtime.files.routes import blueprint as files
from runtime.home.routes import blueprint as home
from runtime.inbox.routes import blueprint as inbox
from runtime.people.routes import blueprint as people
from runtime.records.routes import blueprint as records
from runtime.shell.login import blueprint as login

blueprint = Blueprint("pages", __name__)
for part in (login, home, inbox, records, files, people, account):
    blueprint.register_blueprint(part)

OPEN = frozenset({"pages.login.show", "pages.login.sign_in", "pages.login.prefer"})


@blueprint.before_request
def require_person() -> Response | None:
    """Send strangers to the login page, and back afterwards."""
    if g.actor.user_id is not None or request.endpoint in OPEN:
        return None
    wanted = request.full_path.rstrip("?") if request.method == "GET" else "/"
    target = url_for("pages.login.show", next=wanted)
    if request.headers.get("HX-Request"):  # a fragment can't redirect; the whole page has to
        return Response(status=401, headers={"HX-Redirect": target})
    return redirect(target)  # type: ignore[return-value]
