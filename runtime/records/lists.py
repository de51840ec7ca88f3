"""The list of an entity's records: search, filter, sort, columns, saved views, paging."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import orjson
from flask import Response, g, make_response, redirect, render_template, request

from engine import EngineError, Invalid, Problem, Query, required_id, translate
from engine.rendering import filter_fields, parse_where, view_table
from runtime.records.place import Place, is_fragment, place
from runtime.shell.application import the_engine, the_work
from runtime.shell.templating import say

MOST_TABS = 8


@dataclass
class Listing:
    """What the address asks for, with the view's own settings filled in."""

    here: Place
    view: Any
    saved: Any = None
    where: str = ""
    search: str = ""
    sort: tuple[str, ...] = ()
    columns: tuple[tuple[str, int | None], ...] = ()
    cursor: str = ""
    problems: tuple[Problem, ...] = ()
    chips: list[dict[str, Any]] = field(default_factory=list)

    def href(self, **changes: Any) -> str:
        """The same list with some settings changed; a new setting starts at the first page."""
        values = {"view": self.view.key if self.view else "", "saved": str(self.saved.id) if self.saved else "",
                  "where": self.where, "q": self.search, "sort": request.args.get("sort", ""),
                  "columns": request.args.get("columns", ""), **changes}
        text = urlencode({key: value for key, value in values.items() if value})
        return self.here.href() + (f"?{text}" if text else "")

    @property
    def hidden(self) -> dict[str, str]:
        """Settings that a form on the page has to carry along."""
        values = {"view": self.view.key if self.view else "", "saved": str(self.saved.id) if self.saved else "",
                  "sort": request.args.get("sort", ""), "columns": request.args.get("columns", "")}
        return {key: value for key, value in values.items() if value}


def show_list(app: str, entity: str) -> Response:
    here = place(app, entity)
    listing = _listing(here)
    page = _query(listing)
    table = view_table(here.model, here.policy, entity, listing.columns, page.records if page else (),
                       addresses=here.addresses, sort=listing.sort, link=lambda key: listing.href(sort=key))
    values = {
        "here": here, "listing": listing, "table": table, "page": page, "section": here.section,
        "next": listing.href(cursor=page.next_cursor) if page and page.next_cursor else "",
        "previous": listing.href(cursor=page.previous_cursor) if page and page.previous_cursor else "",
        "count_text": _count_text(page),
    }
    if is_fragment() and request.headers.get("HX-Target") in ("list", "#list"):
        return make_response(render_template("records/_list.html", **values), 422 if listing.problems else 200)
    values |= {
        "views": _views(here, listing), "tabs": _tabs(here, listing), "choices": _choices(here, listing),
        "fields": filter_fields(here.model, here.policy, entity, here.addresses), "can_create": here.may("create"),
        "can_remove": here.may("remove"),
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
    trigger = orjson.dumps({"toast": {"text": text, "tone": "warn" if problems else "ok"}, "refreshList": True})
    # Header values are latin-1: JSON escapes keep Chinese text whole.
    return make_response("", 204, {"HX-Trigger": _ascii(trigger)} if request.headers.get("HX-Request") else {}) \
        if request.headers.get("HX-Request") else make_response(redirect(here.href(), 303))


def _ascii(text: bytes) -> str:
    return text.decode().encode("ascii", "backslashreplace").decode().replace("\\x", "\\u00")


def _listing(here: Place) -> Listing:
    args = request.args
    saved = next((item for item in the_engine().records.list_saved_views(the_work(), here.app, here.entity)
                  if str(item.id) == args.get("saved")), None)
    stored = saved.settings if saved else {}

    def setting(name: str) -> str:
        kept = stored.get(name, "")
        return str(args.get(name, ",".join(kept) if isinstance(kept, list) else kept))[:4000]

    views = here.views()
    view = next((item for item in views if item.key == setting("view")), views[0] if views else None)
    columns = tuple((key, None) for key in setting("columns").split(",") if key)
    if not columns and view is not None:
        columns = tuple((column.field, column.width) for column in view.columns)
    sort = tuple(key for key in setting("sort").split(",") if key) or (view.sort if view else ())
    return Listing(here, view, saved, setting("where"), setting("q"), tuple(sort), columns, args.get("cursor", "")[:2000])


def _query(listing: Listing) -> Any:
    """The page of records; None when the list's settings are refused (the problems then say why)."""
    here = listing.here
    try:
        filter_text = ""
        if listing.where:
            where = parse_where(here.model, here.policy, here.entity, listing.where, _title(here))
            filter_text = where.filter
            listing.chips = [{"label": term.label, "href": listing.href(where=term.rest)} for term in where.terms]
        return the_engine().records.query_records(
            the_work(), here.app, here.entity,
            Query(filter=filter_text, sort=listing.sort, search=listing.search, cursor=listing.cursor or None,
                  limit=listing.view.page_size if listing.view else 50, count="capped",
                  where=listing.view.filter if listing.view else None,
                  fields=tuple(key for key, _ in listing.columns)),
        )
    except Invalid as error:
        listing.problems = error.problems
        return None


def _title(here: Place) -> Any:
    """Names the record, person or department that a condition is about."""
    def title(field: Any, id: str) -> str:
        found = the_engine().records.titles_of(the_work(), here.app, here.entity, {field.key: id})
        return str(found.get(field.key, id))
    return title


def _count_text(page: Any) -> str:
    if page is None or page.count is None:
        return ""
    code = "list.count_capped" if page.count_is_capped else "list.count"
    return translate(code, {"count": f"{page.count:,}", "n": page.count}, g.language)


def _views(here: Place, listing: Listing) -> list[dict[str, Any]]:
    """Shared and own views, as entries of the menu."""
    found = [{"label": say(view.label), "href": here.href(view=view.key), "is_current": not listing.saved and view is listing.view}
             for view in here.views()]
    own = the_engine().records.list_saved_views(the_work(), here.app, here.entity)
    return found + [{"label": item.name, "href": here.href(saved=str(item.id)), "is_own": True, "id": str(item.id),
                     "is_current": bool(listing.saved and item.id == listing.saved.id)} for item in own]


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
    """Columns to choose from: the shown ones in their order, then the rest."""
    readable = [key for key, item in here.definition.fields.items()
                if item.type.kind != "rows" and here.policy.field_right(here.entity, key) != "hidden"]
    shown = [key for key, _ in listing.columns if key in readable]
    return [{"key": key, "label": say(here.definition.fields[key].label), "shown": key in shown}
            for key in [*shown, *[key for key in readable if key not in shown]]]
