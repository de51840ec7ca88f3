"""The form designer's page, the canvas's widgets, and who uses what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, current_app, request

from designer import documents
from designer.access import say, the_engine, the_work
from designer.answers import answer, body
from designer.draft import documents_json
from designer.islands import island
from engine import Invalid, NotFound, Problem, spelled
from engine.rendering import design_nodes

MOST = 2000
"""Items drawn in one request: more than any form that people can still use."""


def install(blueprint: Blueprint) -> None:
    """Add this part's addresses."""
    blueprint.get("/<app>/form/<key>")(edit_form)
    blueprint.post("/<app>/widgets")(draw_widgets)
    blueprint.get("/<app>/uses")(show_uses)
    blueprint.post("/<app>/spell")(spell)


def edit_form(app: str, key: str) -> Response:
    """The designer of one form; `?as=json` edits its text."""
    if request.args.get("as") == "json":
        return documents.edit(app, "form", key)
    held = [item["document"] for item in documents_json(app)]
    form = next((item for item in held if item["kind"] == "form" and item["key"] == key), None)
    if form is None:
        raise NotFound(Problem("publishing.no_document", {"kind": "form", "key": key}))
    items = [item for tab in form["tabs"] for section in tab["sections"] for item in section["items"]]
    more = {"widgets": drawn(held, form["entity"], items), "published": published(app)}
    return island("form", app, "form", key, title=say(form["label"]), more=more)


def draw_widgets(app: str) -> Response:
    """Form items drawn by the work pages' own parts.

    Body: {"entity", "items": [form item], "documents": [entities as they are on the page, not saved yet]}.
    Answer: {"widgets": [{"html", "is_group", "is_wide", "is_computed"} or null, …]} in the same order.
    """
    given = body()
    items, unsaved, entity = given.get("items"), given.get("documents", []), given.get("entity")
    if not _are_objects(items, MOST) or not _are_objects(unsaved, 500) or not isinstance(entity, str):
        raise Invalid(Problem("request.not_list", {}, ("items",)))
    newer = {(item.get("kind"), item.get("key")): item for item in unsaved}
    held = {(item["document"]["kind"], item["document"]["key"]): item["document"] for item in documents_json(app)}
    return answer({"widgets": drawn({**held, **newer}.values(), entity, items)})


def show_uses(app: str) -> Response:
    """Who uses what in the draft: {"uses": [{"target": […], "kind", "key", "path"}]}."""
    return answer({"uses": the_engine().uses_json(the_work(), app)})


def spell(app: str) -> Response:
    """How new words are spelled in Latin letters, for keys and for finding: {"spelled": {text: spelling}}."""
    the_engine().publishing.list_documents(the_work(), app)  # refuses whoever may not design
    texts = body().get("texts")
    if not isinstance(texts, list) or len(texts) > 200 or not all(isinstance(text, str) and len(text) <= 200 for text in texts):
        raise Invalid(Problem("request.not_list", {}, ("texts",)))
    return answer({"spelled": {text: spelled(text) for text in texts}})


def published(app: str) -> list[str]:
    """The uids of all fields that records may hold values for: their keys are known outside by now."""
    work = the_work()
    if not work.release_number(app):
        return []
    return [field.uid for entity in work.model(app).entities.values() for field in (*entity.fields.values(), *entity.retired.values())]


def drawn(held: Iterable[Mapping[str, Any]], entity: str, items: Sequence[Mapping[str, Any]]) -> list[dict[str, Any] | None]:
    """Each item as HTML and what its frame must know."""
    forms = current_app.jinja_env.get_template("formwork/form.html").module
    found: list[dict[str, Any] | None] = []
    for node in design_nodes(held, entity, items):
        if node is None:
            found.append(None)
        elif hasattr(node, "columns"):
            found.append({"html": str(forms.rows(node, is_titled=True)), "is_group": False, "is_wide": True, "is_computed": False})
        else:
            found.append({"html": str(forms.entry(node)), "is_group": node.is_group and not node.is_read_only, "is_wide": node.is_wide,
                          "is_computed": node.is_computed})
    return found


def _are_objects(value: Any, most: int) -> bool:
    return isinstance(value, list) and len(value) <= most and all(isinstance(item, dict) for item in value)
