"""The page of a designer: the shell, the app's navigator, and the island's boot data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, g, make_response, render_template

from designer.access import the_engine, the_work
from designer.draft import documents_json, findings_json
from designer.navigator import navigator
from designer.spelling import spellings
from engine import NotFound, Problem, texts_for, translate

START_WORDS = ("name", "section", "all", "group")
"""What a new thing begins with is said in every language of the app."""


def island(name: str, app: str, kind: str = "", key: str = "", *, title: str, more: Mapping[str, Any] | None = None) -> Response:
    """The page on which `designer/ui/<name>/main.tsx` runs, for a document of the draft (or for the whole app).

    The boot data: every document of the draft, the field types with their options, the check's findings,
    and `more`, which is the island's own. Raises NotFound, Forbidden.
    """
    engine, work = the_engine(), the_work()
    rev = engine.publishing.draft_rev(work, app)  # first: what comes in between is noticed later
    documents = documents_json(app)
    if kind and not any(item["document"]["kind"] == kind and item["document"]["key"] == key for item in documents):
        raise NotFound(Problem("publishing.no_document", {"kind": kind, "key": key}))
    settings = next(item["document"] for item in documents if item["document"]["kind"] == "app")
    boot = {
        "app": app, "rev": rev, "user": {"id": str(g.actor.user_id), "name": g.actor.name}, "kind": kind, "key": key,
        "languages": settings["languages"], "documents": documents, "changes": engine.publishing.count_changes(work, app),
        "field_types": engine.palette(work), "findings": findings_json(app),
        "start_words": {name: {code: translate(f"designer.start_{name}", {}, code) for code in settings["languages"]} for name in START_WORDS},
        "spelled": spellings(item["document"] for item in documents), "more": dict(more or {}),
    }
    return make_response(render_template(
        "designer/island.html", section="design", app=app, island=f"designer/ui/{name}/main.tsx", boot=boot, title=title,
        navigator=navigator(app, documents, (kind, key)), texts=texts_for(g.language, "designer."),
    ))


