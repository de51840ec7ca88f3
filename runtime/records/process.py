"""Moving a record along its workflow: the dialogs that ask, and the commands."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import Any

from flask import Response, g, make_response, redirect, render_template, request

from engine import Conflict, Invalid, NotFound, Problem, translate
from engine.rendering import form_tree, parse_form
from runtime.records.place import Place, place
from runtime.records.scopes import beyond
from runtime.shell.application import the_engine, the_work
from runtime.shell.login import local_path

DECISIONS = ("approve", "reject", "return", "transfer", "comment")


def moves(app: str, entity: str, id: str) -> Response:
    """Entries of the menu behind a state's chip."""
    here = place(app, entity)
    standing = _standing(here, id)
    return make_response(render_template("records/_moves.html", here=here, id=id, standing=standing))


def ask(app: str, entity: str, id: str, name: str) -> Response:
    """The dialog before a transition: what it requires, and a comment."""
    here = place(app, entity)
    move = _move(_standing(here, id), name)
    return make_response(_dialog(here, id, move=move))


def fire(app: str, entity: str, id: str, name: str) -> Response:
    here = place(app, entity)
    work = the_work()
    posted = parse_form(here.model, entity, request.form.items(multi=True))
    try:
        with work.savepoint():
            the_engine().workflow.fire_transition(
                work, app, entity, id, name, comment=request.form.get("_comment", ""), values=posted.values or None,
                key=request.form.get("_key") or None,
            )
    except (Invalid, Conflict) as error:
        if isinstance(error, Conflict) or not request.headers.get("HX-Request"):
            raise
        move = _move(_standing(here, id), name)
        return make_response(_dialog(here, id, move=move, posted=posted, problems=error.problems), 422)
    return _back(here, id)


def ask_decision(app: str, entity: str, id: str, task: str, decision: str) -> Response:
    here = place(app, entity)
    _check(decision)
    return make_response(_dialog(here, id, task=task, decision=decision))


def decide(app: str, entity: str, id: str, task: str, decision: str) -> Response:
    here = place(app, entity)
    _check(decision)
    work = the_work()
    posted = parse_form(here.model, entity, request.form.items(multi=True))
    rev = request.form.get("_rev", "")
    try:
        with work.savepoint():
            the_engine().workflow.decide(
                work, task, decision, comment=request.form.get("_comment", ""), values=posted.values or None,
                to=request.form.get("_to") or None, resume=request.form.get("_resume") or None,
                key=request.form.get("_key") or None,
                record_rev=int(rev) if rev.isascii() and rev.isdigit() else None,
            )
    except Invalid as error:
        if not request.headers.get("HX-Request"):
            raise
        return make_response(_dialog(here, id, task=task, decision=decision, posted=posted, problems=error.problems), 422)
    return _back(here, id)


def remind(app: str, entity: str, id: str) -> Response:
    here = place(app, entity)
    the_engine().workflow.remind(the_work(), app, entity, id)
    return _back(here, id)


def _check(decision: str) -> None:
    if decision not in DECISIONS:
        raise NotFound(Problem("http.404"))


def _standing(here: Place, id: str) -> Any:
    standing = the_engine().workflow.describe(the_work(), here.app, here.entity, id)
    if standing is None:
        raise NotFound(Problem("http.404"))
    return standing


def _move(standing: Any, name: str) -> Any:
    for move in standing.transitions:
        if move.name == name:
            return move
    raise NotFound(Problem("http.404"))


def step_dialog(here: Place, id: str, name: str, *, address: str, posted: Any = None, problems: tuple[Problem, ...] = ()) -> str:
    """The dialog before a move, which posts to an address of the caller's own."""
    return _dialog(here, id, move=_move(_standing(here, id), name), posted=posted, problems=problems, to=address)


def _dialog(here: Place, id: str, *, move: Any = None, task: str = "", decision: str = "", posted: Any = None,
            problems: tuple[Problem, ...] = (), to: str = "") -> str:
    """A form of just the fields that this step edits or requires."""
    engine, work = the_engine(), the_work()
    record = engine.records.get_record(work, here.app, here.entity, id)
    standing = _standing(here, id)
    asks = move if move is not None else standing.asks(task, decision)
    keys = [key for key in dict.fromkeys([*asks.require, *asks.edit]) if key in here.definition.fields]
    tree = None
    if keys:
        form = engine.small_form(here.model, here.entity, keys, asks.require)
        values = {**record.values, **(posted.values if posted else {})}
        titles = {**record.titles, **(posted.titles if posted else {})}
        open_fields = frozenset(keys)
        tree = form_tree(here.model, engine.open_policy(here.policy, here.entity, open_fields), form, values=values,
                         titles=titles, problems=[_of_the_form(each) for each in problems], mode="edit", extra=beyond(here, form, values),
                         addresses=here.addresses_of(id), may_edit=lambda key: key in open_fields)
    address = to or here.href(id) + (f"/moves/{move.name}" if move is not None else f"/tasks/{task}/{decision}")
    people = engine.accounts.list_people(work) if decision == "transfer" else ()
    return render_template("records/_step.html", here=here, record=record, move=move, decision=decision, tree=tree,
                           asks=asks, address=address, problems=problems, people=people, lines=[{"message": translate(each.code, each.values, g.language)} for each in problems], standing=standing,
                           key=request.form.get("_key") or secrets.token_urlsafe(12),
                           comment=request.form.get("_comment", ""))


def _of_the_form(problem: Problem) -> Problem:
    """As the fields of the dialog show it: a comment that is missing is not the problem of a field called `comment`."""
    return replace(problem, path=()) if problem.code == "workflow.comment_required" else problem


def _back(here: Place, id: str) -> Response:
    wanted = request.form.get("_next", "")
    address = wanted if wanted and local_path(wanted) == wanted else here.href(id)
    if request.headers.get("HX-Request"):
        return make_response("", 204, {"HX-Redirect": address})
    return make_response(redirect(address, 303))
