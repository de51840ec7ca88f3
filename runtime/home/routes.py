"""The first page: what waits for me, and my way into the apps."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, g, make_response, redirect, render_template, url_for

from engine import EngineError, Query
from engine.rendering import view_table
from runtime.records.place import Place
from runtime.shell.application import application, the_engine, the_work
from runtime.shell.templating import say

blueprint = Blueprint("home", __name__)
SHOWN = 6


@blueprint.get("/")
def show() -> Response:
    engine, work = the_engine(), the_work()
    apps = engine.apps(work)
    designs = g.actor.is_admin and application().settings.designer
    if not apps and designs and not engine.publishing.list_apps(work):
        return make_response(redirect("/design/new/welcome"))
    return make_response(render_template(
        "home/home.html", section="home", tasks=engine.workflow.inbox(work)[:SHOWN],
        submissions=engine.workflow.submissions(work)[:SHOWN],
        apps=[{"label": say(app.label), "description": say(app.description), "icon": app.icon, "key": app.key,
               "quick": list(_quick(app.key))} for app in apps],
        recent=[item for app in apps for item in _recent(app.key)],
        samples=[item for app in apps if (item := _samples(app.key, app.label))] if designs else [],
    ))


def _samples(app: str, label: Any) -> dict[str, Any] | None:
    """How many sample records an app holds, for an administrator who may remove them; None for none."""
    count = sum(len(ids) for ids in the_engine().packs.samples_of(the_work(), app).values())
    return {"label": say(label), "count": count, "href": f"/design/{app}/pack/samples"} if count else None


def _quick(app: str) -> Any:
    """Entities with a quick form that this person may create: the two-click entries."""
    model = the_work().model(app)
    for form in model.forms.values():
        here = Place(app, form.entity)
        if form.purpose == "quick" and here.may("create"):
            yield {"label": here.label, "icon": here.definition.icon,
                   "href": url_for("pages.records.new", app=app, entity=form.entity, _form="quick")}


def _recent(app: str) -> Any:
    """My newest records of the entities that the navigation shows first."""
    engine, work = the_engine(), the_work()
    model = work.model(app)
    shown = 0
    for entity, definition in model.entities.items():
        here = Place(app, entity)
        if shown == 2 or definition.part_of or definition.owner is None or not here.may("create"):
            continue
        try:
            page = engine.records.query_records(
                work, app, entity, Query(filter=f'{definition.owner} = "{g.actor.user_id}"', sort=("-changed_on",), limit=5))
        except EngineError:  # the owner is hidden from this person: no such list then
            continue
        if page.records:
            shown += 1
            views = here.views()
            columns = [(column.field, None) for column in views[0].columns if "." not in column.field][:4] or [(definition.title, None)]
            yield {"label": here.plural, "href": here.href(),
                   "table": view_table(model, here.policy, entity, columns, page.records, addresses=here.addresses)}
