"""Entering and changing a record."""

from __future__ import annotations

from typing import Any

from flask import Response, make_response, redirect, render_template, request, url_for

from engine import Conflict, Forbidden, Invalid, Problem
from engine.rendering import form_tree, left_to_defaults, missing_fields, parse_form
from runtime.records.place import Place, is_fragment, place
from runtime.records.scopes import beyond
from runtime.shell.application import the_engine, the_work


def new(app: str, entity: str) -> Response:
    here = place(app, entity)
    if not here.may("create"):
        raise Forbidden(Problem("permission.create", {"entity": here.label}))
    given = {key: value for key, value in request.args.items() if key in here.definition.fields}
    titles = the_engine().records.titles_of(the_work(), app, entity, given) if given else {}
    return _page(here, None, given, titles)


def create(app: str, entity: str) -> Response:
    here = place(app, entity)
    posted = parse_form(here.model, entity, request.form.items(multi=True))
    work = the_work()
    try:
        with work.savepoint():
            record = the_engine().records.create_record(work, app, entity, left_to_defaults(here.model, here.policy, entity, posted.values))
            _insist(here, here.form("quick" if _is_quick() else "full"), record.values)
    except Invalid as error:
        return _page(here, None, posted.values, _titles(here, posted), error.problems, 422)
    if request.form.get("_then") == "new":
        return _go(url_for("pages.records.new", app=app, entity=entity, _form="quick" if _is_quick() else None))
    return _go(here.href(record.id))


def edit(app: str, entity: str, id: str) -> Response:
    here = place(app, entity)
    record = the_engine().records.get_record(the_work(), app, entity, id)
    if not record.can_change:
        raise Forbidden(Problem("record.may_not_change_this"))
    return _page(here, record, record.values, record.titles)


def save(app: str, entity: str, id: str) -> Response:
    here = place(app, entity)
    work = the_work()
    posted = parse_form(here.model, entity, request.form.items(multi=True))
    rev = request.form.get("rev", "")
    standing = the_engine().workflow.describe(work, app, entity, id)
    try:
        with work.savepoint():
            changed = the_engine().records.change_record(work, app, entity, id, posted.values,
                                                         rev=int(rev) if rev.isascii() and rev.isdigit() else None)
            _insist(here, here.form("full"), changed.values, None if standing is None else standing.editable_fields)
    except (Invalid, Conflict) as error:
        record = the_engine().records.get_record(work, app, entity, id)
        values = {**record.values, **posted.values}
        titles = {**record.titles, **_titles(here, posted)}
        status = 409 if isinstance(error, Conflict) else 422
        return _page(here, record, values, titles, error.problems, status,
                     theirs=_differences(here, record, posted.values) if status == 409 else ())
    return _go(here.href(id))


def _insist(here: Place, form: Any, values: Any, open_fields: Any = None) -> None:
    """Refuse what lacks a field that the form requires for these values: conditions may look at computed fields,
    so they are asked of the saved record; the savepoint takes it back. Raises Invalid."""
    problems = missing_fields(here.model, here.policy, form, values, extra=beyond(here, form, values),
                              may_edit=None if open_fields is None else (lambda key: key in open_fields))
    if problems:
        raise Invalid(*problems)


def remove(app: str, entity: str, id: str) -> Response:
    here = place(app, entity)
    the_engine().records.remove_record(the_work(), app, entity, id)
    return _go(here.href(removed=id))


def restore(app: str, entity: str, id: str) -> Response:
    here = place(app, entity)
    the_engine().records.restore_record(the_work(), app, entity, id)
    return _go(here.href(id))


def _titles(here: Place, posted: Any) -> dict[str, Any]:
    """What was typed refers to: as the form said it, and files by their names."""
    return {**posted.titles, **the_engine().records.titles_of(the_work(), here.app, here.entity, posted.values)}


def _differences(here: Place, record: Any, posted: dict[str, Any]) -> list[dict[str, str]]:
    """What stands now beside what was typed, for the fields in which the two differ."""
    stored = form_tree(here.model, here.policy, here.form("full"), values=record.values, titles=record.titles, mode="read")
    typed = form_tree(here.model, here.policy, here.form("full"), values={**record.values, **posted},
                      titles=record.titles, mode="read")
    mine = {node.key: node.shown.text for node in typed.fields()}
    return [{"label": node.label, "theirs": node.shown.text, "mine": mine[node.key]}
            for node in stored.fields() if mine.get(node.key) != node.shown.text]


def _page(here: Place, record: Any, values: Any, titles: Any, problems: tuple[Problem, ...] = (), status: int = 200,
          theirs: Any = ()) -> Response:
    engine, work = the_engine(), the_work()
    quick = record is None and _is_quick()
    form = here.form("quick" if quick else "full")
    open_fields, policy = None, here.policy
    if record is not None:
        standing = engine.workflow.describe(work, here.app, here.entity, str(record.id))
        if standing is not None:
            open_fields = standing.editable_fields
            policy = engine.hiding_policy(policy, here.entity, standing.hidden_fields)
    tree = form_tree(
        here.model, policy, form, values=values, titles=titles, problems=problems, mode="edit",
        extra=beyond(here, form, values), addresses=here.addresses_of(record.id if record is not None else None),
        may_edit=None if open_fields is None else (lambda key: key in open_fields),
        is_new=record is None, rev=record.rev if record is not None else None,
    )
    template = "records/_form.html" if is_fragment() else "records/edit.html"
    page = render_template(template, here=here, tree=tree, record=record, theirs=theirs, section=here.section,
                           address=f"{request.path}?_form=quick" if quick else request.path, quick=quick)
    return make_response(page, status)


def _is_quick() -> bool:
    """Is the short form asked for?"""
    return request.args.get("_form") == "quick"


def _go(address: str) -> Response:
    if request.headers.get("HX-Request"):
        return make_response("", 204, {"HX-Redirect": address})
    return make_response(redirect(address, 303))


