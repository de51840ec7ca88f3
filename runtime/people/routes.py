"""People and departments, roles and jobs; for administrators (the engine refuses everybody else)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, g, make_response, redirect, render_template, request, url_for

from engine import Conflict, EngineError, Forbidden, Invalid, Problem, required_id
from runtime.shell.application import the_engine, the_work

blueprint = Blueprint("people", __name__)


@blueprint.before_request
def only_administrators() -> None:
    if not g.actor.is_admin:
        raise Forbidden(Problem("permission.admin"))


@blueprint.get("/people")
def show() -> Response:
    engine, work = the_engine(), the_work()
    text = request.args.get("q", "").strip()
    users = [user for user in engine.accounts.list_users(work)
             if not text or text.casefold() in f"{user.name} {user.login} {user.email or ''}".casefold()]
    return make_response(render_template("people/people.html", section="people", users=users, q=text,
                                         departments={item["id"]: item for item in flat(engine.accounts.list_departments(work))}))


@blueprint.get("/people/new")
def new() -> Response:
    return _form(None, {})


@blueprint.post("/people/new")
def create() -> Response:
    work, given = the_work(), _given()
    try:
        with work.savepoint():
            password = request.form.get("password", "")
            the_engine().accounts.create_user(work, password=password or None, **given)
    except (Invalid, Conflict) as error:
        return _form(None, request.form, error.problems)
    return make_response(redirect(url_for("pages.people.show"), 303))


@blueprint.get("/people/<id>")
def edit(id: str) -> Response:
    return _form(the_engine().accounts.get_user(the_work(), required_id(id)), {})


@blueprint.post("/people/<id>")
def save(id: str) -> Response:
    work, given, person = the_work(), _given(), required_id(id)
    given.pop("login")
    try:
        with work.savepoint():
            the_engine().accounts.change_user(work, person, is_active="is_active" in request.form, **given)
            if request.form.get("password"):
                the_engine().accounts.set_password(work, person, request.form["password"])
    except (Invalid, Conflict) as error:
        return _form(the_engine().accounts.get_user(work, person), request.form, error.problems)
    return make_response(redirect(url_for("pages.people.show"), 303))


def _given() -> dict[str, Any]:
    form = request.form
    offered = {f"{group['app'].key}:{role.key}" for group in _roles() for role in group["roles"]}
    roles: dict[str, list[str]] = {}
    for item in form.getlist("role"):
        if item not in offered:
            raise Invalid(Problem("people.no_role", {"role": item[:80]}, ("role",)))
        app, _, role = item.partition(":")
        roles.setdefault(app, []).append(role)
    return {
        "login": form.get("login", ""), "name": form.get("name", ""), "email": form.get("email") or None,
        "title": form.get("title") or None, "language": form.get("language", "en"),
        "timezone": form.get("timezone") or "Asia/Shanghai",
        "department": _chosen("department"), "manager": _chosen("manager"),
        "is_admin": "is_admin" in form, "roles": roles,
    }


def _roles() -> list[dict[str, Any]]:
    """The roles of every app."""
    work = the_work()
    return [{"app": app, "roles": list(work.model(app.key).roles.values())} for app in the_engine().apps(work)]


def _chosen(name: str) -> Any:
    text = request.form.get(name)
    return required_id(text) if text else None


def flat(tree: Any, depth: int = 0) -> list[dict[str, Any]]:
    """Departments of a tree as lines, each with its depth."""
    found: list[dict[str, Any]] = []
    for item in tree:
        found.append({"id": item.id, "key": item.key, "name": item.name, "parent_id": item.parent_id, "head_id": item.head_id, "depth": depth})
        found += flat(item.below, depth + 1)
    return found


def _form(person: Any, typed: Any, problems: tuple[Problem, ...] = ()) -> Response:
    engine, work = the_engine(), the_work()
    page = render_template(
        "people/person.html", section="people", person=person, typed=typed, problems=problems, roles=_roles(), ticked=_ticked(person, typed),
        users=engine.accounts.list_users(work), departments=flat(engine.accounts.list_departments(work)),
    )
    return make_response(page, 422 if problems else 200)


def _ticked(person: Any, typed: Any) -> set[str]:
    """The boxes that are ticked: as they were sent, else as they are stored."""
    if typed:
        return {*typed.getlist("role"), *({"is_admin", "is_active"} & set(typed))}
    if person is None:
        return set()
    held = {f"{app}:{role}" for app, roles in person.roles.items() for role in roles}
    return held | {name for name in ("is_admin", "is_active") if getattr(person, name)}


@blueprint.get("/departments")
def departments() -> Response:
    return _departments()


@blueprint.post("/departments")
def save_department() -> Response:
    engine, work, form = the_engine(), the_work(), request.form
    values = {"name": {"zh-CN": form.get("name_zh", ""), "en": form.get("name_en", "")},
              "parent": _chosen("parent"), "head": _chosen("head")}
    try:
        with work.savepoint():
            if form.get("id"):
                engine.accounts.change_department(work, required_id(form["id"]), **values)
            else:
                engine.accounts.create_department(work, form.get("key", ""), **values)
    except EngineError as error:
        if isinstance(error, Invalid | Conflict):
            return _departments(error.problems)
        raise
    return make_response(redirect(url_for("pages.people.departments"), 303))


@blueprint.post("/departments/<id>/remove")
def remove_department(id: str) -> Response:
    try:
        the_engine().accounts.remove_department(the_work(), required_id(id))
    except (Invalid, Conflict) as error:
        return _departments(error.problems)
    return make_response(redirect(url_for("pages.people.departments"), 303))


def _departments(problems: tuple[Problem, ...] = ()) -> Response:
    engine, work = the_engine(), the_work()
    page = render_template("people/departments.html", section="people", problems=problems,
                           departments=flat(engine.accounts.list_departments(work)), users=engine.accounts.list_users(work))
    return make_response(page, 422 if problems else 200)


@blueprint.get("/jobs")
def jobs() -> Response:
    status = request.args.get("status") or None
    found = the_engine().jobs.list_jobs(the_work(), status=status)
    return make_response(render_template("people/jobs.html", section="jobs", items=found, status=status))
