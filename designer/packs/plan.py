"""What installing a pack would do, the choices it leaves, and the installation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, g, make_response, redirect, request, url_for

from designer.access import only_administrators, say, the_engine, the_work
from designer.packs.frame import LANGUAGES, by_field, plain, summary
from designer.packs.source import free_key, read, texts
from engine import Conflict, EngineError, Invalid, Problem

OWN, NOBODY, NEW = "own", "-", ""


def show_plan(place: str, name: str, error: EngineError | None = None) -> Response:
    """The plan in words, and the choices; after a refusal with what was typed."""
    only_administrators()
    engine, work = the_engine(), the_work()
    given = read(place, name)
    pack = engine.packs.completed(given)
    app = next(document for document in pack.documents if document["kind"] == "app")
    is_here = any(entry.key == app["key"] for entry in engine.publishing.list_apps(work))
    typed, people = _typed(app, is_here=is_here), _people(pack)
    plan = engine.packs.plan_install(work, given, key=None if error else typed["key"])
    problems = error.problems if error else tuple(finding.problem for finding in plan.findings if finding.severity == "error")
    status = 409 if isinstance(error, Conflict) else 422 if error else 200
    return plain(
        "plan", status, pack=pack.manifest, place=place, name=name, holds=engine.packs.contents_of(pack), is_here=is_here, app_key=app["key"],
        languages=[code for code in LANGUAGES if code in app["languages"]] or list(app["languages"]), typed=typed,
        wanted=_wanted_modules(pack), problems=summary(problems, ("key", "label_zh-CN", "label_en", *(f"users:{row['key']}" for row in people["users"]))), wrong=by_field(error.problems if error else ()),
        lines=_lines(plan), warnings=[finding.problem for finding in plan.findings if finding.severity != "error"],
        people=people, here=_here(), trust=pack.signature, scenarios=len(pack.scenarios) if place == "file" else 0, is_blocked=bool(problems) and error is None,
    )


def install(place: str, name: str) -> Response:
    """Queue the installation as chosen."""
    only_administrators()
    engine, work, form = the_engine(), the_work(), request.form
    pack = read(place, name)
    modules = {module.key for module in pack.manifest.modules}
    label = texts("label", LANGUAGES)
    with_people = form.get("people", "samples")
    try:
        if not label:
            raise Invalid(Problem("packs.no_name", {}, (f"label_{g.language}",)))
        app, job = engine.packs.install_later(
            work, {place: name}, samples=with_people in ("samples", OWN), people=with_people in ("samples", OWN), language=_language(),
            leave_out=modules - set(form.getlist("module")), key=form.get("key", "").strip()[:64], label=label,
            mapping=_mapping(pack) if with_people == OWN else None, detached="attached" not in form,
        )
    except (Invalid, Conflict) as error:
        return show_plan(place, name, error)
    return make_response(redirect(url_for("designer.wait_for_app", id=str(job), app=app), 303))


def _typed(app: Mapping[str, Any], *, is_here: bool) -> Mapping[str, Any]:
    """What the fields hold: what was sent, or the pack's own name and key, changed where the app is here already."""
    if request.method == "POST":
        return request.form.to_dict()
    label = app["label"] if isinstance(app["label"], Mapping) else dict.fromkeys(LANGUAGES, app["label"])
    found = {f"label_{code}": f"{text} 2" if is_here else text for code, text in label.items()}
    return {**found, "key": free_key(app["key"]) if is_here else app["key"], "people": "samples", "language": g.language, "attached": "on"}


def _wanted_modules(pack: Any) -> set[str]:
    if request.method == "POST" or "chosen" in request.values:
        return set(request.values.getlist("module"))
    return {module.key for module in pack.manifest.modules}


def _language() -> str:
    given = request.form.get("language", "")
    return given if given in LANGUAGES else str(g.language)


def _lines(plan: Any) -> list[str]:
    """The plan's sentences without its title and without what is shown elsewhere on the page."""
    shown = {problem["message"] for problem in summary([*plan.blocks, *(finding.problem for finding in plan.findings)])}
    return [line for line in plan.lines(g.language)[1:] if line not in shown and not any(line.endswith(each) for each in shown)]


def _people(pack: Any) -> dict[str, list[dict[str, str]]]:
    """The people and departments whom the samples name."""
    return {
        "users": [{"key": row["login"], "name": say(row["name"]), "title": say(row.get("title", ""))} for row in pack.people.get("users", ())],
        "departments": [{"key": row["key"], "name": say(row["name"]), "title": ""} for row in pack.people.get("departments", ())],
    }


def _here() -> dict[str, list[dict[str, str]]]:
    """The people and departments of this installation."""
    engine, work = the_engine(), the_work()
    departments: list[dict[str, str]] = []

    def walk(items: Any, depth: int) -> None:
        for item in items:
            departments.append({"key": item.key, "name": "— " * depth + item.name_in(g.language)})
            walk(item.below, depth + 1)

    walk(engine.accounts.list_departments(work), 0)
    users = [{"key": user.login, "name": user.name} for user in engine.accounts.list_users(work) if user.is_active]
    return {"users": users, "departments": departments}


def _mapping(pack: Any) -> dict[str, dict[str, str | None]]:
    """Who stands for whom: fields "users:sales1" and "departments:sales". Raises Invalid for people whom nobody was chosen for."""
    found: dict[str, dict[str, str | None]] = {"users": {}, "departments": {}}
    for field, value in request.form.items():
        kind, _, name = field.partition(":")
        if kind in found and name and value != NEW:
            found[kind][name] = None if value == NOBODY else value
    missing = [row for row in pack.people.get("users", ()) if row["login"] not in found["users"]]
    if missing:
        raise Invalid(*(Problem("packs.person_missing", {"name": say(row["name"])}, (f"users:{row['login']}",)) for row in missing))
    return found
