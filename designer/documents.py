"""One document of the draft, as JSON with completion from its schema."""

from __future__ import annotations

from typing import Any

from flask import Response, make_response, redirect, render_template, request, url_for

from designer.access import lines, say, the_engine, the_work
from designer.islands import island
from engine import Conflict, EngineError, Invalid, NotFound, Problem, canonical, new_id, read_json

STARTS: dict[str, dict[str, Any]] = {
    "entity": {"label": {"zh-CN": "", "en": ""}, "icon": "box", "title": "name", "fields": []},
    "form": {"entity": "", "label": {"zh-CN": "", "en": ""}, "purpose": "full", "tabs": []},
    "view": {"entity": "", "type": "list", "label": {"zh-CN": "", "en": ""}, "columns": []},
    "workflow": {"dsl": "formwork.workflow/1", "entity": "", "label": {"zh-CN": "", "en": ""}, "status_field": "status", "initial": "draft", "states": {}},
    "role": {"label": {"zh-CN": "", "en": ""}, "entities": {}},
    "locale": {"language": "en", "texts": {}},
}


def new(app: str, kind: str) -> Response:
    if kind not in STARTS:
        raise NotFound(Problem("http.404"))
    the_engine().publishing.list_documents(the_work(), app)  # refuses whoever may not design
    document = {"kind": kind, "key": f"new_{kind}", "uid": str(new_id()), "schema": 1, **STARTS[kind]}
    return _page(app, kind, document["key"], canonical(document).decode(), 0, is_new=True)


ISLANDS = {"entity": "entity", "view": "view"}
"""Kinds that have a designer; the others, and `?as=json`, are edited as JSON."""


def edit(app: str, kind: str, key: str) -> Response:
    if kind in ISLANDS and request.args.get("as") != "json":
        return island(ISLANDS[kind], app, kind, key, title=say(key))
    found = the_engine().publishing.get_document(the_work(), app, kind, key)
    return _page(app, kind, key, canonical(found.document).decode(), found.rev)


def save(app: str, kind: str, key: str) -> Response:
    """Save the text; the key in the text may be a new one (a rename keeps records)."""
    if kind not in STARTS and kind != "app":
        raise NotFound(Problem("http.404"))
    engine, work = the_engine(), the_work()
    text = request.form.get("document", "")
    rev = int(request.form["rev"]) if request.form.get("rev", "").isdigit() else None
    is_new = request.form.get("is_new") == "1"
    try:
        document = read_json(text)
        if not isinstance(document, dict):
            raise Invalid(Problem("request.not_object"))
        with work.savepoint():
            if not is_new and isinstance(document.get("key"), str) and document["key"] != key:
                rev = engine.publishing.rename_document(work, app, kind, key, document["key"], rev).rev
            found = engine.publishing.put_document(work, app, document, rev)
    except (Invalid, Conflict) as error:
        return _page(app, kind, key, text, rev or 0, is_new=is_new, error=error)
    return make_response(redirect(url_for("designer.edit", app=app, kind=found.kind, key=found.key, saved=1), 303))


def remove(app: str, kind: str, key: str) -> Response:
    the_engine().publishing.remove_document(the_work(), app, kind, key)
    return make_response(redirect(url_for("designer.show_app", app=app), 303))


def _page(app: str, kind: str, key: str, text: str, rev: int, *, is_new: bool = False, error: EngineError | None = None) -> Response:
    engine, work = the_engine(), the_work()
    theirs = ""
    if isinstance(error, Conflict) and error.current:
        theirs = canonical(error.current["document"]).decode()
        rev = error.current["rev"]
    entity = None
    if kind == "entity" and not is_new and error is None:
        entity = engine.publishing.get_document(work, app, kind, key).document
    page = render_template(
        "designer/document.html", section="design", app=app, kind=kind, key=key, text=text, rev=rev, is_new=is_new, theirs=theirs,
        problems=lines(error.problems) if error else [], schema=engine.document_schema(kind), entity=entity,
        types=engine.field_types(), uses=engine.uses_of(work, app, kind, key) if not is_new else [], label=say(key),
        saved=request.args.get("saved"),
    )
    status = 200 if error is None else 409 if isinstance(error, Conflict) else 422
    return make_response(page, status)
