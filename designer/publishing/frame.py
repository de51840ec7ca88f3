"""A page beside the app's navigator, for pages that the server draws whole."""

from __future__ import annotations

from typing import Any

from flask import Response, make_response, render_template, request

from designer.access import say, the_engine, the_work
from designer.draft import documents_json
from designer.navigator import navigator


def page(template: str, app: str, status: int = 200, **values: Any) -> Response:
    """A page of this part; raises NotFound, Forbidden."""
    documents = documents_json(app)
    settings = next(item["document"] for item in documents if item["document"]["kind"] == "app")
    return make_response(render_template(
        f"designer/publishing/{template}.html", section="design", app=app, app_label=say(settings["label"]),
        navigator=navigator(app, documents, ("", "")), **values,
    ), status)


def fragment(template: str, app: str, **values: Any) -> Response:
    """A part of a page that is fetched later."""
    return make_response(render_template(f"designer/publishing/{template}.html", app=app, **values))


def side(name: str, default: str) -> str | int:
    """A release as it stands in the address: "current", "draft" or a number."""
    text = request.args.get(name, default)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else text


def release_names(app: str) -> tuple[Any, dict[Any, str]]:
    """The releases of an app, newest first, and their authors' names."""
    engine, work = the_engine(), the_work()
    releases = engine.publishing.list_releases(work, app)
    return releases, engine.accounts.names_of(work, [item.author_id for item in releases if item.author_id])
