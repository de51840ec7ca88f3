"""Taking an app away: what needs it, its data first, and its key typed by hand."""

from __future__ import annotations

from flask import Response, make_response, redirect, request, url_for

from designer.access import only_administrators, say, the_engine, the_work
from designer.packs.frame import app_label, by_field, page, summary
from engine import Conflict, EngineError, Invalid, Problem


def show_uninstall(app: str, error: EngineError | None = None) -> Response:
    """What would go, and who still builds on it."""
    only_administrators()
    engine, work = the_engine(), the_work()
    plan = engine.packs.plan_uninstall(work, app)
    entities = work.model(app).entities if plan.records else {}
    goes = [{"label": say(plan.labels[key]), "count": count, "icon": entities[key].icon or "box"} for key, count in plan.records.items() if count]
    return page("uninstall", app, 422 if error else 200, plan=plan, goes=sorted(goes, key=lambda item: -int(item["count"])),
                needed_by=[app_label(each) for each in plan.needed_by], wrong=by_field(error.problems) if error else {},
                problems=summary(error.problems, ("typed",)) if error else [])


def uninstall(app: str) -> Response:
    """Take it away, once its key was typed."""
    only_administrators()
    label = app_label(app)
    try:
        if request.form.get("typed", "").strip() != app:
            raise Invalid(Problem("packs.type_key", {"key": app}, ("typed",)))
        with the_work().savepoint():
            the_engine().packs.uninstall(the_work(), app)
    except (Invalid, Conflict) as error:
        return show_uninstall(app, error)
    return make_response(redirect(url_for("designer.show_packs", gone=label), 303))


def data(app: str) -> Response:
    """Definitions and all records, as a zip of tables."""
    only_administrators()
    response = make_response(the_engine().packs.export_data(the_work(), app))
    response.headers["Content-Type"] = "application/zip"
    response.headers["Content-Disposition"] = f'attachment; filename="{app}-data.zip"'
    return response
