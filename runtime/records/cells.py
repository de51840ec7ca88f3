"""Changing one value in the list: its input, saving it, and both sides where somebody was faster."""

from __future__ import annotations

from typing import Any

from flask import Response, make_response, render_template, request

from engine import Conflict, Forbidden, Invalid, NotFound, Problem
from engine.rendering import form_tree, parse_form
from engine.rendering.views import line_fields, show_line
from runtime.records.listing import Listing, listing_of
from runtime.records.place import Place, place
from runtime.records.scopes import beyond
from runtime.shell.application import the_engine, the_work


def ask_cell(app: str, entity: str, id: str, key: str) -> Response:
    """The input of one value."""
    here, _ = _cell(app, entity, key)
    record = the_engine().records.get_record(the_work(), app, entity, id)
    return _input(here, record, key)


def save_cell(app: str, entity: str, id: str, key: str) -> Response:
    """Save one value; answers with the whole row, for other values may follow from this one."""
    here, listing = _cell(app, entity, key)
    engine, work = the_engine(), the_work()
    posted = parse_form(here.model, entity, request.form.items(multi=True))
    values = {key: posted.values[key]} if key in posted.values else {}
    rev = request.form.get("rev", "")
    record = engine.records.get_record(work, app, entity, id)
    _check(here, record, key)
    try:
        with work.savepoint():
            engine.records.change_record(work, app, entity, id, values, rev=int(rev) if rev.isascii() and rev.isdigit() else None)
    except Conflict as error:
        record = engine.records.get_record(work, app, entity, id)
        if _is_same(here, record, key, request.form.get("_before", "")):  # somebody changed something else: this value is as it was
            with work.savepoint():
                engine.records.change_record(work, app, entity, id, values, rev=record.rev)
            return _row(here, listing, id)
        return _input(here, record, key, posted, error.problems, 409)
    except Invalid as error:
        return _input(here, record, key, posted, error.problems, 422)
    return _row(here, listing, id)


def _cell(app: str, entity: str, key: str) -> tuple[Place, Listing]:
    """The list and its column; NotFound for one that can't be changed there, whatever the reason."""
    here = place(app, entity)
    listing = listing_of(here)
    is_there = any(column.field == key and column.editable for column in listing.sight().columns)
    if not is_there or listing.view.type != "list" or key not in here.definition.fields:
        raise NotFound(Problem("http.404"))
    if here.policy.field_right(entity, key) != "write" or not here.may("change"):
        raise Forbidden(Problem("cell.closed", {"field": here.label_of(key)}))
    return here, listing


def _check(here: Place, record: Any, key: str) -> None:
    """Raises Forbidden where this record is not to be changed by this person, or not in its present state."""
    if not record.can_change:
        raise Forbidden(Problem("record.may_not_change_this"))
    if record.open_fields is not None and key not in record.open_fields:
        raise Forbidden(Problem("cell.locked", {"field": here.label_of(key)}))


def _input(here: Place, record: Any, key: str, posted: Any = None, problems: tuple[Problem, ...] = (), status: int = 200) -> Response:
    _check(here, record, key)
    engine = the_engine()
    form = engine.small_form(here.model, here.entity, [key], ())
    values = {**record.values, **(posted.values if posted else {})}
    titles = {**record.titles, **(posted.titles if posted else {})}
    tree = form_tree(here.model, here.policy, form, values=values, titles=titles, problems=problems, mode="edit",
                     extra=beyond(here, form, values), addresses=here.addresses_of(record.id), rev=record.rev)
    node = next(iter(tree.fields()), None)
    if node is None or node.is_read_only:
        raise Forbidden(Problem("cell.closed", {"field": here.label_of(key)}))
    filter_ = here.definition.fields[key].filter
    needed = sorted({name.split(".")[1] for name in filter_.names if name.startswith("record.")}) if filter_ is not None else []
    page = render_template(
        "records/_cell.html", here=here, record=record, node=node, key=key, theirs=_shown(here, record.values, record.titles, key),
        mine=_shown(here, values, titles, key) if posted else "", is_conflict=status == 409, before=_before(here, record, key),
        depends=[(name, record.values.get(name)) for name in needed if record.values.get(name) is not None], address=request.full_path,
        others=[problem for problem in problems if problem.path != (key,)] if status != 409 else [],
    )
    return make_response(page, status)


def _shown(here: Place, values: Any, titles: Any, key: str) -> str:
    """A value in words."""
    form = the_engine().small_form(here.model, here.entity, [key], ())
    tree = form_tree(here.model, here.policy, form, values=values, titles=titles, mode="read")
    return next((node.shown.text for node in tree.fields()), "")


def _before(here: Place, record: Any, key: str) -> str:
    """The value as text, to tell whether it is still the one that was seen."""
    field = here.definition.fields[key]
    value = record.values.get(key)
    return "" if value is None else str(field.type.dump(value, field.options))


def _is_same(here: Place, record: Any, key: str, before: str) -> bool:
    return _before(here, record, key) == before


def _row(here: Place, listing: Listing, id: str) -> Response:
    sight = listing.sight()
    record = the_engine().records.get_record(the_work(), here.app, here.entity, id, fields=line_fields(sight))
    return make_response(render_template("records/_row.html", line=show_line(sight, record), select=here.may("remove")))
