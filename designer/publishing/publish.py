"""The review before a publish, and the publish itself: of the draft, or of an older release to go back to."""

from __future__ import annotations

from typing import Any

from flask import Response, g, make_response, redirect, request

from designer.access import lines, the_engine, the_work
from designer.publishing.frame import fragment, page, release_names, side
from engine import Conflict, EngineError, Invalid

_PLACE = "place:"
_LONGEST_NOTE = 2000


def show_review(app: str) -> Response:
    """The review; with `?done=3`, what was published and what is still going on."""
    done = request.args.get("done", "")
    if done.isascii() and done.isdigit():
        return _done(app, int(done[:8]))
    return _review(app, side("release", "draft"))


def carry_out(app: str) -> Response:
    """Publish what the author has looked at; where that has changed or is refused, the review again with the reasons."""
    engine, work, form = the_engine(), the_work(), request.form
    source: str | int = int(form["release"]) if form.get("release", "").isdigit() else "draft"
    note = form.get("note", "").strip()[:_LONGEST_NOTE]
    mapping = {name.removeprefix(_PLACE): value for name, value in form.items() if name.startswith(_PLACE) and value != "?"}
    try:
        with work.savepoint():
            seen = _seen(source)
            if source == "draft":
                number = engine.publishing.publish(work, app, note, mapping=mapping, seen=seen)
            else:
                number = engine.publishing.rollback(work, app, int(source), note, mapping=mapping, seen=seen)
    except (Invalid, Conflict) as error:
        return _review(app, source, error, note=note, chosen=mapping)
    return make_response(redirect(f"/design/{app}/publish?done={number}", 303))


def show_records(app: str) -> Response:
    """The first records that an impact counts, for a reader who opens the list."""
    names = ("code", "kind", "key", "path")
    given = {name: request.args.get(name, "")[:500] for name in names}
    found = the_engine().publishing.impact_records_json(the_work(), app, side("release", "draft"), **given)
    return fragment("_records", app, found=found)


def show_progress(app: str) -> Response:
    return fragment("_progress", app, jobs=the_engine().publishing.progress_json(the_work(), app))


def discard(app: str) -> Response:
    the_engine().publishing.discard_draft(the_work(), app)
    return make_response(redirect(f"/design/{app}/history?discarded=1", 303))


def _seen(source: str | int) -> Any:
    """What the form says its author looked at; nothing for a form of somebody's own making."""
    form, engine = request.form, the_engine()
    if not form.get("seen_release", "").isdigit():
        return None
    draft = form.get("seen_draft", "")
    return engine.publishing.Seen(int(form["seen_release"]), int(draft) if draft.isdigit() and source == "draft" else None)


def _review(app: str, source: str | int, error: EngineError | None = None, *, note: str = "", chosen: dict[str, str] | None = None) -> Response:
    found = the_engine().publishing.review_json(the_work(), app, source)
    problems = lines(error.problems) if error else []
    for problem, shown in zip(error.problems if error else (), problems, strict=True):
        at = problem.path[1] if len(problem.path) > 1 and problem.path[0] == "mapping" else None
        shown.update(label="", href=f"#{_PLACE}{at}" if at else "")
    status = 409 if isinstance(error, Conflict) else 422 if error else 200
    return page("review", app, status, review=found, source=source, problems=problems, is_stale=isinstance(error, Conflict), note=note, chosen=chosen or {})


def _done(app: str, number: int) -> Response:
    engine, work = the_engine(), the_work()
    releases, names = release_names(app)
    release = next((item for item in releases if item.number == number), None)
    if release is None:
        return _review(app, "draft")
    before = releases[releases.index(release) + 1].number if release is not releases[-1] else 0
    changes = engine.publishing.changes_json(work, app, before, number) if before else []
    return page("done", app, release=release, author=names.get(release.author_id, ""), changes=changes,
                jobs=engine.publishing.progress_json(work, app), opens=_first_page(app))


def _first_page(app: str) -> str | None:
    """Where people begin in the app; None for an author who may not use it."""
    links = [item["href"] for group in the_engine().navigation(the_work(), g.language, None) for item in group["items"]]
    return next((href for href in links if href.startswith(f"/a/{app}/")), None)
