"""Which apps there are, and what an app's draft holds."""

from __future__ import annotations

from flask import Response, g, make_response, render_template

from designer.access import say, the_engine, the_work

ICONS = {"app": "layout-template", "entity": "box", "form": "file-text", "view": "list", "workflow": "git-branch", "role": "shield-check",
         "locale": "languages"}


def show_apps() -> Response:
    engine, work = the_engine(), the_work()
    apps = [entry for entry in engine.publishing.list_apps(work) if engine.may_design(work, entry.key)]
    labels = {app.key: say(app.label) for app in engine.apps(work)}
    return make_response(render_template("designer/apps.html", section="design", apps=apps, labels=labels))


def show_app(app: str) -> Response:
    engine, work = the_engine(), the_work()
    entries = engine.publishing.list_documents(work, app)
    groups = [
        {"kind": kind, "icon": icon, "entries": [entry for entry in entries if entry.kind == kind]} for kind, icon in ICONS.items()
    ]
    changed = [entry for entry in entries if entry.status != "published"]
    names = engine.accounts.names_of(work, [entry.changed_by for entry in entries if entry.changed_by])
    return make_response(render_template("designer/app.html", section="design", app=app, groups=groups, changed=changed, names=names,
                                         label=next((say(entry.label) for entry in entries if entry.kind == "app"), app),
                                         language=g.language))
