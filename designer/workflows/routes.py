"""The workflow designer's page, the numbers on its cards, and new workflows."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from designer import documents
from designer.access import lines, say, the_engine, the_work
from designer.answers import answer
from designer.draft import documents_json
from designer.islands import island
from designer.workflows.begin import begin
from designer.workflows.facts import counts, facts
from engine import Invalid, NotFound, Problem


def install(blueprint: Blueprint) -> None:
    """Add this part's addresses."""
    blueprint.get("/<app>/new/workflow")(new_workflow)
    blueprint.post("/<app>/new/workflow")(create_workflow)
    blueprint.get("/<app>/workflow/<key>")(edit_workflow)
    blueprint.get("/<app>/workflow/<key>/counts")(show_counts)


def edit_workflow(app: str, key: str) -> Response:
    """The designer of one workflow; `?as=json` edits its text."""
    if request.args.get("as") == "json":
        return documents.edit(app, "workflow", key)
    held = [item["document"] for item in documents_json(app)]
    workflow = _find(held, "workflow", key)
    roles = [item["key"] for item in held if item["kind"] == "role"]
    return island("workflow", app, "workflow", key, title=say(workflow.get("label", key)), more=facts(app, workflow["uid"], roles))


def show_counts(app: str, key: str) -> Response:
    """Records by state, as released: {"counts": {"draft": 12, …}}."""
    workflow = _find([item["document"] for item in documents_json(app)], "workflow", key)
    return answer({"counts": counts(app, workflow["uid"])})


def new_workflow(app: str) -> Response:
    """Which entity the new workflow is for, and its name."""
    return _new_page(app, request.args)


def create_workflow(app: str) -> Response:
    """Begin a workflow: a draft that is submitted and approved at once, ready for steps between."""
    engine, work = the_engine(), the_work()
    held = [item["document"] for item in documents_json(app)]
    try:
        with work.savepoint():
            made = begin(held, request.form.get("entity", ""), {"zh-CN": request.form.get("label-zh-CN", "").strip(), "en": request.form.get("label-en", "").strip()})
            for document in made:
                engine.publishing.put_document(work, app, document)
    except Invalid as error:
        return _new_page(app, request.form, error.problems)
    return make_response(redirect(url_for("designer.edit_workflow", app=app, key=made[-1]["key"]), 303))


def _new_page(app: str, given: Any, problems: tuple[Problem, ...] = ()) -> Response:
    held = [item["document"] for item in documents_json(app)]
    entities = [{"key": item["key"], "label": say(item["label"])} for item in held if item["kind"] == "entity" and not item.get("part_of")]
    label = next((say(item["label"]) for item in held if item["kind"] == "app"), app)
    page = render_template("designer/new_workflow.html", section="design", app=app, app_label=label, entities=sorted(entities, key=lambda each: each["label"]),
                           given=given, problems=lines(problems))
    return make_response(page, 422 if problems else 200)


def _find(held: list[dict[str, Any]], kind: str, key: str) -> dict[str, Any]:
    found = next((item for item in held if item["kind"] == kind and item["key"] == key), None)
    if found is None:
        raise NotFound(Problem("publishing.no_document", {"kind": kind, "key": key}))
    return found
