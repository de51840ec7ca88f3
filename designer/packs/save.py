"""Saving an app as a pack, whole or in part, with or without records."""

from __future__ import annotations

from typing import Any

from flask import Response, make_response, request

from designer.access import say, the_engine, the_work
from designer.packs.frame import by_field, installed, page, summary
from engine import EngineError, Invalid, Problem, Query

KINDS = ("entity", "form", "view", "workflow", "role", "locale")


def show_save(app: str, error: EngineError | None = None) -> Response:
    """The form; after a change of the choice, with what comes along by itself."""
    engine, work = the_engine(), the_work()
    if not work.release_number(app):
        return page("save", app, unpublished=True)
    documents = tuple(work.model(app).documents.values())
    typed = request.form if request.method == "POST" else None
    parts = [{"kind": kind, "items": sorted(({"place": f"{kind}/{each['key']}", "label": say(each.get("label", each["key"])) or each["key"]}
                                              for each in documents if each["kind"] == kind), key=lambda item: item["label"])} for kind in KINDS]
    return page(
        "save", app, 422 if error else 200, choices=[part for part in parts if part["items"]], typed=typed, only=set(_only() or ()),
        along=_along(documents), entities=_entities(app), version=_version(app), problems=summary(error.problems, ("version", "only")) if error else [],
        wrong=by_field(error.problems) if error else {}, unpublished=False, changes=engine.publishing.count_changes(work, app),
    )


def save(app: str) -> Response:
    """The pack as a file; or the form again, with what the chosen parts need."""
    if request.form.get("act") == "look":
        return show_save(app)
    engine, work, form = the_engine(), the_work(), request.form
    only = _only()
    try:
        if only is not None and not only:
            raise Invalid(Problem("packs.nothing_chosen", {}, ("only",)))
        files = engine.packs.export_pack(
            work, app, only=only, records=form.getlist("records") or None, personal="personal" in form, version=form.get("version", "").strip() or None,
        )
    except Invalid as error:
        return show_save(app, error)
    version = form.get("version", "").strip()
    response = make_response(engine.packs.zip_of(files))
    response.headers["Content-Type"] = "application/zip"
    response.headers["Content-Disposition"] = f'attachment; filename="{app}{"-" + version if version else ""}.zip"'
    return response


def _only() -> list[str] | None:
    return request.form.getlist("only") if request.form.get("whole") == "no" else None


def _along(documents: Any) -> list[dict[str, str]]:
    """What the chosen documents can't be without, and why."""
    only = _only()
    if not only:
        return []
    labels = {f"{each['kind']}/{each['key']}": say(each.get("label", each["key"])) or each["key"] for each in documents}
    found = []
    for item in the_engine().packs.dependencies_of(documents, only):
        place, why = (item, "") if isinstance(item, str) else item[:2]
        if place not in only:
            found.append({"kind": place.partition("/")[0], "label": labels.get(place, place), "why": labels.get(why, why)})
    return found


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
        found.append({"key": key, "label": say(entity.plural or entity.label), "count": count})
    return found


def _version(app: str) -> str:
    """The version to offer: the pack's own, one step further in the middle."""
    here = str(installed().get(app, {}).get("version", ""))
    parts = here.split(".")
    return f"{parts[0]}.{int(parts[1]) + 1}.0" if len(parts) == 3 and parts[1].isdigit() else "1.0.0"
