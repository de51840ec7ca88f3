"""Cloning an app: the same definitions under another name, going their own way."""

from __future__ import annotations

from flask import Response, g, make_response, redirect, request, url_for

from designer.access import only_administrators, the_engine, the_work
from designer.packs.frame import LANGUAGES, app_label, by_field, page, summary
from designer.packs.source import free_key, texts
from engine import Conflict, EngineError, Invalid, Problem


def show_clone(app: str, error: EngineError | None = None) -> Response:
    """The form for name, key and language."""
    only_administrators()
    work = the_work()
    if not work.release_number(app):
        return page("clone", app, unpublished=True)
    label = work.model(app).app.label
    names = label if isinstance(label, dict) else dict.fromkeys(LANGUAGES, label)
    typed = request.form.to_dict() if error else {f"label_{code}": f"{text} 2" for code, text in names.items()} | {"key": free_key(app), "language": g.language}
    status = 409 if isinstance(error, Conflict) else 422 if error else 200
    return page("clone", app, status, typed=typed, problems=summary(error.problems, ("key", "label_zh-CN", "label_en")) if error else [],
                wrong=by_field(error.problems) if error else {}, unpublished=False, languages=[code for code in LANGUAGES if code in work.model(app).app.languages])


def clone(app: str) -> Response:
    """Make the clone and show it."""
    only_administrators()
    form = request.form
    label = texts("label", LANGUAGES)
    language = form.get("language", "")
    try:
        if not label:
            raise Invalid(Problem("packs.no_name", {}, (f"label_{g.language}",)))
        with the_work().savepoint():
            made = the_engine().packs.copy_app(the_work(), app, key=form.get("key", "").strip()[:64], label=label,
                                               language=language if language in LANGUAGES else g.language, records="records" in form)
    except (Invalid, Conflict) as error:
        return show_clone(app, error)
    return make_response(redirect(url_for("designer.show_app_packs", app=made, cloned=app_label(app)), 303))
