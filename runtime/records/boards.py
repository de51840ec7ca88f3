"""Moving a card of a board: by the workflow's transitions, or by writing the field."""

from __future__ import annotations

from typing import Any

from flask import Response, g, make_response, render_template, request

from engine import Conflict, EngineError, Forbidden, Invalid, NotFound, Problem, translate
from engine.rendering import parse_form
from runtime.records.listing import Listing, listing_of
from runtime.records.lists import trigger
from runtime.records.place import Place, place
from runtime.records.process import step_dialog
from runtime.shell.application import the_engine, the_work
from runtime.shell.templating import say

NONE = "-"


def card_menu(app: str, entity: str, id: str) -> Response:
    """Where a card can go: the entries of its menu, and of no other move."""
    here, listing = _board(app, entity)
    record = the_engine().records.get_record(the_work(), app, entity, id)
    return make_response(render_template(
        "records/_board_moves.html", here=here, id=id, record=record, moves=_moves(here, listing, record), address=request.full_path,
        standing=_standing(here, listing, id),
    ))


def move_card(app: str, entity: str, id: str) -> Response:
    """Move a card to another column; answers 204 with events for the page, or the dialog that asks for more."""
    here, listing = _board(app, entity)
    work, engine = the_work(), the_engine()
    record = engine.records.get_record(work, app, entity, id)
    to, name = request.form.get("to", ""), request.form.get("name", "")
    moves = [item for item in _moves(here, listing, record) if (item["name"] == name if name else to in item["targets"])]
    try:
        if not moves:
            raise Invalid(_no_move(here, listing, record, to))
        if _is_by_workflow(here, listing):
            return _by_workflow(here, listing, id, moves)
        with work.savepoint():
            engine.records.change_record(work, app, entity, id, {_by(listing): None if to == NONE else to}, rev=_rev())
    except (Invalid, Conflict, Forbidden) as error:
        return _refused(error)
    return moved(here, listing, id)


def fire_card(app: str, entity: str, id: str, name: str) -> Response:
    """The dialog that a move asked for, filled in."""
    here, listing = _board(app, entity)
    work = the_work()
    posted = parse_form(here.model, entity, request.form.items(multi=True))
    try:
        with work.savepoint():
            the_engine().workflow.fire_transition(work, app, entity, id, name, comment=request.form.get("_comment", ""),
                                                  values=posted.values or None, key=request.form.get("_key") or None)
    except Invalid as error:
        return make_response(step_dialog(here, id, name, address=request.full_path, posted=posted, problems=error.problems), 422)
    except Conflict as error:
        return _refused(error)
    return moved(here, listing, id)


def moved(here: Place, listing: Listing, id: str) -> Response:
    """The answer to a move that was made: where the card is now, and the board drawn anew."""
    record = the_engine().records.get_record(the_work(), here.app, here.entity, id)
    where = _label(here, listing, record.values.get(_by(listing)))
    text = translate("board.moved", {"title": _title(here, record), "column": where}, g.language)
    events = trigger(toast={"text": text, "tone": "ok"}, closeDialog=True, refreshList=True, cardMoved={"id": str(record.id)})
    return make_response("", 204, {"HX-Trigger": events})


def _board(app: str, entity: str) -> tuple[Place, Listing]:
    here = place(app, entity)
    listing = listing_of(here)
    if listing.view.type != "board":
        raise NotFound(Problem("http.404"))
    return here, listing


def _by(listing: Listing) -> str:
    return str(listing.view.board.by)


def _is_by_workflow(here: Place, listing: Listing) -> bool:
    return _by(listing) in here.model.status_fields.get(here.entity, ())


def _standing(here: Place, listing: Listing, id: str) -> Any:
    return the_engine().workflow.describe(the_work(), here.app, here.entity, id) if _is_by_workflow(here, listing) else None


def _moves(here: Place, listing: Listing, record: Any) -> list[dict[str, Any]]:
    """The moves that are open for this record: name, label, and the columns where it may come to rest."""
    if _is_by_workflow(here, listing):
        standing = _standing(here, listing, str(record.id))
        return [
            {"name": item.name, "label": say(item.label), "targets": item.targets, "asks": bool(item.require or item.edit or item.confirm or item.comment_required),
             "into": [_label(here, listing, key) for key in item.targets]}
            for item in (standing.transitions if standing is not None else ())
        ]
    field = here.definition.fields[_by(listing)]
    if not record.can_change or here.policy.field_right(here.entity, field.key) != "write" or \
            (record.open_fields is not None and field.key not in record.open_fields):
        return []
    keys = [str(option["key"]) for option in field.options.get("options", ()) if not option.get("retired")]
    if listing.view.board.values:
        keys = [key for key in listing.view.board.values if key in keys]
    if not field.required:
        keys.append(NONE)
    now = record.values.get(field.key) or NONE
    return [{"name": "", "label": _label(here, listing, key), "targets": (key,), "asks": False, "into": []} for key in keys if key != now]


def _by_workflow(here: Place, listing: Listing, id: str, moves: list[dict[str, Any]]) -> Response:
    """Make the move; ask first where the step asks for something, or where several moves lead there."""
    if len(moves) > 1:
        return make_response(render_template("records/_board_choice.html", here=here, id=id, moves=moves, address=request.full_path))
    (only,) = moves
    if only["asks"]:
        return make_response(step_dialog(here, id, only["name"], address=_fire_address(here, id, only["name"])))
    work = the_work()
    with work.savepoint():
        the_engine().workflow.fire_transition(work, here.app, here.entity, id, only["name"], comment="", values=None, key=request.form.get("key") or None)
    return moved(here, listing, id)


def _fire_address(here: Place, id: str, name: str) -> str:
    return f"{here.href(id)}/board/{name}?{request.query_string.decode()}"


def _no_move(here: Place, listing: Listing, record: Any, to: str) -> Problem:
    """Why a card can't go there, and where it can."""
    values = {"title": _title(here, record), "from": _label(here, listing, record.values.get(_by(listing))), "to": _label(here, listing, to)}
    standing = _standing(here, listing, str(record.id))
    if standing is None:
        return Problem("board.may_not_move", values)
    possible = [say(item.label) for item in standing.transitions]
    if possible:
        return Problem("board.no_move", {**values, "moves": possible})
    if standing.tasks:
        return Problem("board.waits", {**values, "names": [seat.name for seat in standing.tasks]})
    return Problem("board.no_moves", values)


def _refused(error: EngineError) -> Response:
    text = " ".join(translate(problem.code, problem.values, g.language) for problem in error.problems)
    status = 409 if isinstance(error, Conflict) else 422
    return make_response("", status, {"HX-Trigger": trigger(toast={"text": text, "tone": "bad"}, cardBack=True), "HX-Reswap": "none"})


def _label(here: Place, listing: Listing, key: Any) -> str:
    field = here.definition.fields[_by(listing)]
    option = next((item for item in field.options.get("options", ()) if item["key"] == key), None)
    return say(option.get("label") or key) if option else translate("view.no_value", {}, g.language)


def _title(here: Place, record: Any) -> str:
    return the_engine().title_of(here.model, here.entity, record.values, record.titles)


def _rev() -> int | None:
    rev = request.form.get("rev", "")
    return int(rev) if rev.isascii() and rev.isdigit() else None
