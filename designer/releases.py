"""Check, publish, history, difference, roll back."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Response, make_response, redirect, render_template, request, url_for

from designer.access import lines, the_engine, the_work
from engine import Conflict, EngineError, Invalid


def check(app: str) -> Response:
    return _check_page(app)


def publish(app: str) -> Response:
    engine, work = the_engine(), the_work()
    try:
        with work.savepoint():
            engine.publishing.publish(work, app, request.form.get("note", "").strip()[:2000])
    except (Invalid, Conflict) as error:
        return _check_page(app, error)
    return make_response(redirect(url_for("designer.history", app=app, published=1), 303))


def history(app: str) -> Response:
    engine, work = the_engine(), the_work()
    releases = engine.publishing.list_releases(work, app)
    names = engine.accounts.names_of(work, [item.author_id for item in releases if item.author_id])
    return make_response(render_template("designer/history.html", section="design", app=app, releases=releases, names=names,
                                         published=request.args.get("published")))


def roll_back(app: str, number: int) -> Response:
    the_engine().publishing.rollback(the_work(), app, number)
    return make_response(redirect(url_for("designer.history", app=app, published=1), 303))


def discard(app: str) -> Response:
    the_engine().publishing.discard_draft(the_work(), app)
    return make_response(redirect(url_for("designer.show_app", app=app), 303))


def difference(app: str) -> Response:
    engine, work = the_engine(), the_work()
    sides = {name: request.args.get(name, default) for name, default in (("from", "current"), ("to", "draft"))}
    found = engine.difference(work, app, sides["from"], sides["to"])
    return make_response(render_template("designer/difference.html", section="design", app=app, differences=_shown(found), sides=sides))


def _check_page(app: str, error: EngineError | None = None) -> Response:
    engine, work = the_engine(), the_work()
    report = engine.publishing.check_json(work, app)
    findings = [{"severity": item["level"], "kind": item["kind"], "key": item["key"], "text": item["message"],
                 "place": "/".join(str(part) for part in item["path"])} for item in report["findings"]]
    impact = [{"level": item["level"], "text": item["message"]} for item in report["impact"]]
    steps = [step["message"] for step in report["steps"]]
    page = render_template("designer/check.html", section="design", app=app, findings=findings, impact=impact, steps=steps,
                           can_publish=report["can_publish"], problems=lines(error.problems) if error else [],
                           differences=_shown(engine.difference(work, app, "current", "draft")))
    return make_response(page, 422 if error else 200)


def _shown(differences: Any) -> list[dict[str, Any]]:
    """Differences with values as short texts."""
    return [
        {"change": item.change, "kind": item.kind, "key": item.key, "label": item.label,
         "edits": [{"kind": edit.kind, "path": "/".join(str(part) for part in edit.path), "before": _text(edit.before), "after": _text(edit.after)}
                   for edit in item.edits[:40]],
         "more": max(0, len(item.edits) - 40)}
        for item in differences
    ]


def _text(value: Any) -> str:
    if value is None:
        return ""
    text = value if isinstance(value, str) else orjson.dumps(value).decode()
    return text if len(text) <= 160 else text[:159] + "…"
