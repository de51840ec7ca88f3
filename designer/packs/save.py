"""Saving an app as a pack, whole or in part, with its samples, with records, or with none."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Response, make_response, request

from designer.access import say, sentence, the_engine, the_work
from designer.packs.frame import by_field, installed, kind_word, page, summary
from engine import EngineError, Invalid, Problem, Query

KINDS = ("entity", "form", "view", "workflow", "role", "locale")


def show_save(app: str, error: EngineError | None = None) -> Response:
    """The form; after a change of the choice, with what comes along by itself and what is left behind."""
    work = the_work()
    if not work.release_number(app):
        return page("save", app, unpublished=True)
    documents = tuple(work.model(app).documents.values())
    typed = request.form if request.method == "POST" else None
    choices = [{"kind": kind, "items": sorted(({"place": f"{kind}/{each['key']}", "label": _label(each)} for each in documents if each["kind"] == kind),
                                              key=lambda item: str(item["label"]))} for kind in KINDS]
    along, notes = ([], []) if typed is None or error else _preview(app, documents)
    return page(
        "save", app, 422 if error else 200, choices=[part for part in choices if part["items"]], typed=typed, only=set(request.form.getlist("only")),
        along=along, notes=notes, entities=_entities(app), version=_version(app), has_samples=_has_samples(app), unpublished=False,
        problems=summary(error.problems, ("version", "only")) if error else [], wrong=by_field(error.problems) if error else {},
        changes=the_engine().publishing.count_changes(work, app),
    )


def save(app: str) -> Response:
    """The pack as a file; or the form again, with what the chosen parts need."""
    form = request.form
    if form.get("act") == "look":
        return show_save(app)
    try:
        files = the_engine().packs.export_pack(the_work(), app, **_choices(app))
    except Invalid as error:
        return show_save(app, Invalid(*(_placed(problem) for problem in error.problems)))
    version = form.get("version", "").strip()
    response = make_response(the_engine().packs.zip_of(files))
    response.headers["Content-Type"] = "application/zip"
    response.headers["Content-Disposition"] = f'attachment; filename="{app}{"-" + version if version else ""}.zip"'
    return response


def _choices(app: str) -> dict[str, Any]:
    """What the form asks for, as `export_pack` takes it."""
    form = request.form
    records = {"keep": None, "none": []}.get(form.get("samples", "keep"), form.getlist("records"))
    only = None
    if form.get("whole") == "no":
        chosen = form.getlist("only")
        only = [*chosen, *(the_engine().packs.companions_of(the_work().model(app).documents.values(), chosen) if "companions" in form else ())]
    return {"only": only, "records": records, "personal": "personal" in form, "version": form.get("version", "").strip() or None}


def _preview(app: str, documents: Any) -> tuple[list[dict[str, str]], list[str]]:
    """What the chosen parts can't be without, and why; and what is left behind."""
    choices = _choices(app)
    if choices["only"] == []:
        return [], []
    try:
        found = the_engine().packs.plan_export(the_work(), app, **choices)
    except EngineError as error:
        return [], [sentence(problem) for problem in error.problems]
    labels = {f"{each['kind']}/{each['key']}": _label(each) for each in documents}
    picked = set(request.form.getlist("only"))
    more = [(place, "") for place in choices["only"] or () if place not in picked] + [(each.place, each.needed_by) for each in found.added]
    along = [{"kind": kind_word(place.partition("/")[0]), "label": labels.get(place, place), "why": labels.get(why, why)} for place, why in more]
    return along, [sentence(note) for note in found.notes]


def _placed(problem: Problem) -> Problem:
    """Said where it can be mended."""
    at = {"pack.export_nothing": "only", "pack.version": "version"}.get(problem.code)
    return replace(problem, path=(at,)) if at else problem


def _label(document: Any) -> str:
    return say(document.get("label", document["key"])) or str(document["key"])


def _has_samples(app: str) -> bool:
    """Did the app's pack come with samples that it could leave with?"""
    return any(name.startswith("records/") for name in installed().get(app, {}).get("extras", ()))


def _entities(app: str) -> list[dict[str, Any]]:
    """Entities whose records may come along, with how many there are."""
    engine, work = the_engine(), the_work()
    found = []
    for key, entity in work.model(app).entities.items():
        if entity.part_of:
            continue
        try:
            count = engine.records.count_records(work, app, key, Query())
        except EngineError:  # the reader may design the app without seeing its records
            continue
        if count:
            found.append({"key": key, "label": say(entity.plural or entity.label), "count": count})
    return found


def _version(app: str) -> str:
    """The version to offer: the pack's own, one step further in the middle."""
    here = str(installed().get(app, {}).get("version", ""))
    parts = here.split(".")
    return f"{parts[0]}.{int(parts[1]) + 1}.0" if len(parts) == 3 and parts[1].isdigit() else "1.0.0"
