"""New apps: the choice, the fit check, empty ones and packs."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, g, make_response, redirect, render_template, request, url_for

from designer.access import only_administrators, the_engine, the_work
from designer.answers import answer
from designer.packs.shelf import shelf_shown
from designer.start import table, welcome
from designer.start.table import zone
from engine import Invalid, Problem, new_id, required_id, translate


def install(blueprint: Blueprint) -> None:
    """Add this part's addresses."""
    blueprint.get("/new")(choose_start)
    blueprint.get("/new/welcome")(welcome.show_welcome)
    blueprint.post("/new/welcome")(welcome.begin)
    blueprint.post("/new/empty")(begin_empty)
    blueprint.get("/new/check")(fit_check)
    blueprint.get("/new/pack/<key>")(show_pack)
    blueprint.get("/new/wait/<id>")(wait_for_app)
    blueprint.get("/new/job/<id>")(job_progress)
    blueprint.get("/new/table")(table.show_table)
    blueprint.post("/new/table/read")(table.read_table)
    blueprint.post("/new/table/check")(table.check_table)
    blueprint.post("/new/table/create")(table.create_from_table)


def choose_start(problems: tuple[Problem, ...] = ()) -> Response:
    only_administrators()
    page = render_template("designer/start/choose.html", section="design", packs=shelf_shown(), problems=problems, typed=request.form if problems else {})
    return make_response(page, 422 if problems else 200)


def begin_empty() -> Response:
    """An app with nothing in it but its name."""
    only_administrators()
    engine, work = the_engine(), the_work()
    label = {code: text for code, name in (("zh-CN", "label_zh"), ("en", "label_en")) if (text := request.form.get(name, "").strip()[:100])}
    if not label:
        return choose_start((Problem("start.no_name", {}, ("label",)),))
    words = label.get("en") or label["zh-CN"]
    app = engine.packs.free_app_key(work, words)
    languages = list(label) if len(label) == 1 else ["zh-CN", "en"]
    document = {"kind": "app", "key": app, "uid": str(new_id()), "schema": 1, "label": label, "icon": "layout-template", "languages": languages,
                "default_language": work.language if work.language in languages else languages[0], "currency": "CNY", "timezone": zone(), "navigation": []}
    engine.publishing.create_app(work, document)
    return make_response(redirect(url_for("designer.show_app", app=app), 303))


def fit_check() -> Response:
    """The questions, and the recommendation once all are answered; all in the address, so that it can be sent to somebody."""
    only_administrators()
    engine, given = the_engine(), request.args
    asked = {name: given.get(name, "") for name in ("industry", "size", "customers")}
    pains = given.getlist("pain")
    found: dict[str, Any] | None = None
    problems: tuple[Problem, ...] = ()
    if any(asked.values()):
        try:
            fit = engine.packs.check_fit(asked["industry"], asked["size"], asked["customers"], pains)
            found = {**vars(fit), "manifest": next((pack for pack in engine.packs.list_packs() if pack.key == fit.pack), None)}
        except Invalid as error:
            problems = error.problems
    page = render_template("designer/start/check.html", section="design", rules=engine.packs.fit_questions(), asked=asked, pains=pains, found=found,
                           missing={problem.path[0] for problem in problems}, problems=problems)
    return make_response(page, 422 if problems else 200)


def show_pack(key: str) -> Response:
    """Where a pack's plan was before, with the modules that the fit check found."""
    query = request.query_string.decode()
    return make_response(redirect(url_for("designer.show_plan", place="shelf", name=key) + (f"?{query}" if query else ""), 302))


def wait_for_app(id: str) -> Response:
    """A page that waits for an installation and then leads on."""
    only_administrators()
    state = _job(id)
    app = request.args.get("app", "")
    return make_response(render_template("designer/start/wait.html", section="design", job=state, app=app, is_first="first" in request.args))


def job_progress(id: str) -> Response:
    return answer(_job(id))


def _job(id: str) -> dict[str, Any]:
    job = the_engine().jobs.get_job(the_work(), required_id(id, "jobs.no_such_job"))
    message = translate(job.message["code"], job.message.get("values", {}), g.language) if job.message and job.message.get("code") else ""
    result = dict(job.result or {})
    if isinstance(result.get("lines"), list):
        result["lines"] = [{**line, "message": translate(line["code"], line["values"], g.language)} for line in result["lines"]]
    return {"id": str(job.id), "status": job.status, "progress": job.progress, "message": message, "result": result}
