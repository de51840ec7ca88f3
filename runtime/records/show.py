"""A record's page: the form to read, where it stands, what happened, what refers to it."""

from __future__ import annotations

from typing import Any

from flask import Response, make_response, redirect, render_template, request

from engine import EngineError, Invalid, Problem, Query
from engine.rendering import form_tree, view_table
from runtime.records.events import events_of
from runtime.records.place import Place, place
from runtime.records.scopes import beyond
from runtime.shell.application import the_engine, the_work
from runtime.shell.templating import say

RELATED = 10


def show(app: str, entity: str, id: str) -> Response:
    return _page(place(app, entity), id)


def comment(app: str, entity: str, id: str) -> Response:
    here = place(app, entity)
    text = request.form.get("text", "").strip()
    try:
        the_engine().records.add_comment(the_work(), app, entity, id, text)
    except Invalid as error:
        return _page(here, id, error.problems, 422)
    return make_response(redirect(here.href(id) + "#timeline", 303))


def _page(here: Place, id: str, problems: tuple[Problem, ...] = (), status: int = 200) -> Response:
    engine, work = the_engine(), the_work()
    record = engine.records.get_record(work, here.app, here.entity, id)
    standing = engine.workflow.describe(work, here.app, here.entity, id)
    form = here.form("full")
    policy = engine.hiding_policy(here.policy, here.entity, standing.hidden_fields if standing else frozenset())
    tree = form_tree(here.model, policy, form, values=record.values, titles=record.titles, mode="read",
                     extra=beyond(here, form, record.values), addresses=here.addresses, rev=record.rev)
    page = render_template(
        "records/show.html", here=here, record=record, tree=tree, standing=standing, section=here.section,
        title=engine.title_of(here.model, here.entity, record.values, record.titles), events=events_of(here, record, standing),
        related=list(_related(here, tree, record)), problems=problems,
    )
    return make_response(page, status)


def _related(here: Place, tree: Any, record: Any) -> Any:
    """The related lists of the form that this person may see, each with its first records."""
    engine, work = the_engine(), the_work()
    for item in tree.related:
        entity, field = item["entity"], item["field"]
        there = Place(here.app, entity)
        if entity not in here.model.entities or not there.may("read") or field not in there.definition.fields:
            continue
        if there.policy.field_right(entity, field) == "hidden":
            continue
        try:
            page = engine.records.query_records(
                work, here.app, entity,
                Query(filter=f'{field} = "{record.id}"', sort=("-created_on",), limit=RELATED, count="capped"),
            )
        except Invalid:  # the list asks for something that this reader may not see
            continue
        except EngineError:
            raise
        columns = [(column, None) for column in item.get("columns", ()) or [there.definition.title]]
        yield {
            "label": say(item.get("label") or there.definition.plural or there.definition.label),
            "entity": entity,
            "table": view_table(here.model, here.policy, entity, columns, page.records, addresses=here.addresses),
            "count": page.count,
            "more": there.href(where=f'[["{field}","equals","{record.id}"]]') if (page.count or 0) > RELATED else "",
            "new": there.href() + f"/new?{field}={record.id}" if there.may("create") else "",
            "icon": there.definition.icon,
        }
