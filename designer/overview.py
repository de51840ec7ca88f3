"""Which apps there are, and what an app's draft holds."""

from __future__ import annotations

from flask import Response, make_response, render_template

from designer.access import say, the_engine, the_work
from designer.islands import island


def show_apps() -> Response:
    engine, work = the_engine(), the_work()
    apps = [entry for entry in engine.publishing.list_apps(work) if engine.may_design(work, entry.key)]
    labels = {app.key: say(app.label) for app in engine.apps(work)}
    return make_response(render_template("designer/apps.html", section="design", apps=apps, labels=labels))


def show_app(app: str) -> Response:
    """The whole app: what it holds, what changed and by whom, problems, settings, navigation."""
    engine, work = the_engine(), the_work()
    entries = engine.publishing.list_documents(work, app)
    names = engine.accounts.names_of(work, [entry.changed_by for entry in entries if entry.changed_by])
    changed = {
        f"{entry.kind}/{entry.key}": {"by": names.get(entry.changed_by, ""), "at": entry.changed_at.isoformat() if entry.changed_at else ""}
        for entry in entries if entry.status != "published"
    }
    settings = next(entry for entry in entries if entry.kind == "app")
    return island("overview", app, "app", settings.key, title=say(settings.label),
                  more={"release": work.release_number(app), "changed": changed})
