"""The list of an entity's records: views of every type, search, filter, sort, columns, saved views, paging."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Response, g, make_response, redirect, render_template, request

from engine import EngineError, Invalid, NotFound, Problem, required_id, translate
from engine.rendering import filter_fields
from engine.rendering.views import Shown, board_column, show_view
from runtime.records.listing import Listing, listing_of
from runtime.records.place import Place, is_fragment, place
from runtime.shell.application import the_engine, the_work
from runtime.shell.templating import say

MOST_TABS = 8
ICONS = {"list": "list", "board": "square-kanban", "calendar": "calendar-days", "cards": "gallery-vertical-end"}


def show_list(app: str, entity: str) -> Response:
    here = place(app, entity)
    listing = listing_of(here)
    if "column" in request.args:
        return _column(listing)
    shown = _show(listing)
    page = shown.page if shown else None
    values = {
        "here": here, "listing": listing, "shown": shown, "page": page, "section": here.section,
        "next": listing.href(cursor=page.next_cursor) if page and page.next_cursor else "",
        "previous": listing.href(cursor=page.previous_cursor) if page and page.previous_cursor else "",
        "count_text": _count_text(page), "add_up": listing.href(sums="1"), "can_remove": here.may("remove"),
    }
    if is_fragment() and request.headers.get("HX-Target", "").rpartition("#")[2] == "list":  # htmx says "div#list"
        return make_response(render_template("records/_list.html", **values), 422 if listing.problems else 200)
    values |= {
        "views": _views(here, listing), "tabs": _tabs(here, listing), "choices": _choices(here, listing),
        "fields": filter_fields(here.model, here.policy, entity, here.addresses), "can_create": here.may("create"),
    }
    return make_response(render_template("records/list.html", **values), 422 if listing.problems else 200)


def save_view(app: str, entity: str) -> Response:
    here = place(app, entity)
    name = request.form.get("name", "").strip()[:80]
    if not name:
        raise Invalid(Problem("list.view_unnamed", {}, ("name",)))
    settings: dict[str, Any] = {key: text for key in ("view", "where", "q") if (text := request.form.get(key, ""))}
    for key in ("sort", "columns"):
        if request.form.get(key):
            settings[key] = [part for part in request.form[key].split(",") if part]
    saved = the_engine().records.save_view(the_work(), app, entity, name, settings)
    return make_response(redirect(here.href(saved=str(saved.id)), 303))


def remove_view(app: str, entity: str, id: str) -> Response:
    here = place(app, entity)
    the_engine().records.remove_saved_view(the_work(), required_id(id))
    return make_response(redirect(here.href(), 303))


def bulk_remove(app: str, entity: str) -> Response:
    """Remove the ticked records, each on its own; says how many could not be removed and why."""
    here = place(app, entity)
    engine, work = the_engine(), the_work()
    done, problems = 0, []
    for id in request.form.getlist("id")[:500]:
        try:
            with work.savepoint():
                engine.records.remove_record(work, app, entity, id)
            done += 1
        except EngineError as error:
            problems.append(translate(error.problems[0].code, error.problems[0].values, g.language))
    text = translate("list.removed", {"count": done}, g.language)
    if problems:
        text = f"{text} {translate('list.not_removed', {'count': len(problems)}, g.language)} {problems[0]}"
    if not request.headers.get("HX-Request"):
        return make_response(redirect(here.href(), 303))
    return make_response("", 204, {"HX-Trigger": trigger(toast={"text": text, "tone": "warn" if problems else "ok"}, refreshList=True)})


def trigger(**events: Any) -> str:
    """Events for the page, as a header: latin-1, so JSON escapes keep Chinese text whole."""
    return orjson.dumps(events).decode().encode("ascii", "backslashreplace").decode().replace("\\x", "\\u00")


def _show(listing: Listing) -> Shown | None:
    """The view with its records; None when the list's settings are refused (the problems then say why)."""
    try:
        return show_view(listing.sight(listing.read_filter()))
    except Invalid as error:
        listing.problems = error.problems
        return None


def _column(listing: Listing) -> Response:
    """The next cards of one column of a board."""
    if listing.view.type != "board":
        raise NotFound(Problem("http.404"))
    column = board_column(listing.sight(listing.read_filter()), request.args["column"])
    if column is None:
        raise NotFound(Problem("http.404"))
    return make_response(render_template("records/_column.html", column=column))


def _count_text(page: Any) -> str:
    if page is None or page.count is None:
        return ""
    code = "list.count_capped" if page.count_is_capped else "list.count"
    return translate(code, {"count": f"{page.count:,}", "n": page.count}, g.language)


def _views(here: Place, listing: Listing) -> list[dict[str, Any]]:
    """Shared and own views, as entries of the menu. Search and filter come along from one shared view to another."""
    kept = {key: value for key, value in (("where", listing.where), ("q", listing.search)) if value}
    found: list[dict[str, Any]] = [
        {"label": say(view.label), "href": here.href(view=view.key, **kept), "is_current": not listing.saved and view is listing.view,
         "type": view.type, "icon": ICONS[view.type], "is_own": False}
        for view in here.views()
    ]
    own = the_engine().records.list_saved_views(the_work(), here.app, here.entity)
    return found + [{"label": item.name, "href": here.href(saved=str(item.id)), "is_own": True, "id": str(item.id), "icon": "bookmark",
                     "type": "", "is_current": bool(listing.saved and item.id == listing.saved.id)} for item in own]


def _tabs(here: Place, listing: Listing) -> dict[str, Any]:
    """The first quick filter of a choice with few options, as a row of links."""
    for key in listing.view.quick_filters if listing.view else ():
        target = here.definition.fields.get(key)
        options = target.options.get("options") if target is not None else None
        if not options or len(options) > MOST_TABS or here.policy.field_right(here.entity, key) == "hidden":
            continue
        current = _conditions(listing.where)
        rest = [item for item in current if item[0] != key]
        chosen = next((item[2] for item in current if item[0] == key and item[1] == "equals"), None)
        items = [{"label": translate("list.all", {}, g.language), "href": _where(listing, rest), "current": chosen is None}]
        items += [{"label": say(option["label"]), "href": _where(listing, [*rest, [key, "equals", option["key"]]]),
                   "current": chosen == option["key"]} for option in options if not option.get("retired")]
        return {"label": say(target.label), "items": items}
    return {}


def _conditions(where: str) -> list[Any]:
    try:
        found = orjson.loads(where) if where else []
    except orjson.JSONDecodeError:
        return []
    return [item for item in found if isinstance(item, list) and len(item) == 3] if isinstance(found, list) else []


def _where(listing: Listing, conditions: list[Any]) -> str:
    return listing.href(where=orjson.dumps(conditions).decode() if conditions else "")


def _choices(here: Place, listing: Listing) -> list[dict[str, Any]]:
    """Columns to choose from: the shown ones in their order, then the rest. Steps into other records stay where the view has them."""
    readable = [key for key, item in here.definition.fields.items()
                if item.type.kind != "rows" and here.policy.field_right(here.entity, key) != "hidden"]
    columns = [column for column in listing.sight().columns if column.field in readable or "." in column.field]
    shown = [column.field for column in columns]
    labels = {column.field: say(column.label) for column in columns if column.label}
    return [{"key": key, "label": labels.get(key) or here.label_of(key), "shown": key in shown}
            for key in [*shown, *[key for key in readable if key not in shown]]]
