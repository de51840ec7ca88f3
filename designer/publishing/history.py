"""The releases of an app: who, when, why; what changed; compared, and brought back."""

from __future__ import annotations

from flask import Response, make_response, redirect, request

from designer.access import the_engine, the_work
from designer.publishing.frame import fragment, page, release_names, side
from engine import NotFound, Problem


def show_history(app: str) -> Response:
    """All releases; with `from` and `to`, the difference of any two (or of the draft)."""
    engine, work = the_engine(), the_work()
    releases, names = release_names(app)
    compared = None
    sides = {"from": side("from", "current"), "to": side("to", "draft")}
    if "from" in request.args or "to" in request.args:
        compared = engine.publishing.changes_json(work, app, sides["from"], sides["to"])
    current = next((item.number for item in releases if item.is_current), 0)
    return page("history", app, releases=releases, names=names, compared=compared, sides=sides, current=current,
                draft_changes=engine.publishing.count_changes(work, app), discarded="discarded" in request.args, restored=request.args.get("restored", "")[:100])


def show_changes(app: str, number: int) -> Response:
    """What a release changed, for who opens it in the list."""
    engine, work = the_engine(), the_work()
    numbers = [item.number for item in engine.publishing.list_releases(work, app)]
    if number not in numbers:
        raise NotFound(Problem("http.404"))
    before = next((each for each in numbers if each < number), 0)
    changes = engine.publishing.changes_json(work, app, before, number) if before else []
    return fragment("_changes", app, changes=changes, is_first=not before, release=number, restores=True)


def restore(app: str, number: int) -> Response:
    """Put one document of a release back into the draft."""
    kind, key = request.form.get("kind", ""), request.form.get("key", "")
    found = the_engine().publishing.restore_document(the_work(), app, number, kind, key)
    return make_response(redirect(f"/design/{app}/publish?restored={found.kind}/{found.key}", 303))
