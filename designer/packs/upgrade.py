"""Upgrading an app to a new version of its pack: where it comes from, the three ways, the result, and the way back."""

from __future__ import annotations

from flask import Response, make_response, redirect, request, url_for

from designer.access import only_administrators, say, sentence, the_engine, the_work
from designer.packs.frame import by_field, installed, page, version_of
from designer.packs.merge import ALL_AT_ONCE, choices_of, choose_all, homeless, states_of
from designer.packs.merge import page_values as merge_values
from designer.packs.source import read, take_upload
from engine import Conflict, EngineError, Invalid, Problem

_LONGEST_NOTE = 2000


def show_sources(app: str, problems: tuple[Problem, ...] = ()) -> Response:
    """The newer version on the shelf, or a file."""
    only_administrators()
    pack = installed().get(app)
    shelf = next((each for each in the_engine().packs.list_packs() if pack and each.uid == pack["uid"]), None)
    newer = shelf if shelf is not None and pack is not None and version_of(shelf.version) > version_of(pack["version"]) else None
    return page("sources", app, 422 if problems else 200, pack=pack, pack_label=say(pack["label"]) if pack else "", newer=newer, wrong=by_field(problems))


def take_file(app: str) -> Response:
    """A new version as a file."""
    only_administrators()
    try:
        found = take_upload()
    except Invalid as error:
        return show_sources(app, tuple(problem if problem.path[:1] == ("file",) else problem.under("file") for problem in error.problems))
    return make_response(redirect(url_for("designer.show_upgrade", app=app, place="file", name=found), 303))


def show_upgrade(app: str, place: str, name: str, error: EngineError | None = None, *, tried: bool = False) -> Response:
    """Base, mine and theirs, item by item, and what would come of it."""
    only_administrators()
    engine, work, form = the_engine(), the_work(), request.form
    pack = read(place, name)
    choices, act = choices_of(), form.get("act", "")
    if act in ALL_AT_ONCE:
        choices = choose_all(act, engine.packs.plan_upgrade(work, app, pack, choices), choices)
    plan, result = engine.packs.preview_upgrade(work, app, pack, choices)
    status = 409 if isinstance(error, Conflict) else 422 if error else 200
    problems = [{"label": "", "message": sentence(problem), "href": _place_of(problem)} for problem in error.problems] if error else []
    return page(
        "upgrade", app, status, **merge_values(plan, choices), plan=plan, place=place, name=name, problems=problems, tried=tried, result=result,
        trust=pack.signature, note=form.get("note", ""), homeless=homeless(plan), scenarios=len(pack.scenarios),
        findings=[{"level": item.severity, "message": sentence(item)} for item in plan.findings],
        impact=[{"level": item.level, "message": sentence(item)} for item in plan.impact],
    )


def carry_out(app: str, place: str, name: str) -> Response:
    """One act of the page: look again with other choices or filters, try the upgrade out, or upgrade."""
    only_administrators()
    act = request.form.get("act")
    if act not in ("apply", "try"):
        return show_upgrade(app, place, name)
    try:
        with the_work().savepoint():
            number = the_engine().packs.apply_upgrade(the_work(), app, read(place, name), choices=choices_of(), states=states_of(),
                                                      note=request.form.get("note", "").strip()[:_LONGEST_NOTE])
            if act == "try":
                raise _Tried
    except _Tried:
        return show_upgrade(app, place, name, tried=True)
    except (Invalid, Conflict) as error:
        return show_upgrade(app, place, name, error)
    return make_response(redirect(url_for("designer.show_upgraded", app=app, release=number), 303))


class _Tried(Exception):
    """Everything went well, and is taken back: it was only tried."""


def show_upgraded(app: str) -> Response:
    """What the upgrade came to, and the way back."""
    only_administrators()
    engine, work = the_engine(), the_work()
    releases = [item.number for item in engine.publishing.list_releases(work, app)]
    number = work.release_number(app)
    before = next((each for each in releases if each < number), 0)
    changes = engine.publishing.changes_json(work, app, before, number) if before else []
    return page("upgraded", app, pack=installed().get(app, {}), release=number, changes=changes, can_return=engine.packs.can_return(work, app))


def go_back(app: str) -> Response:
    """Return to the state before the upgrade."""
    only_administrators()
    try:
        with the_work().savepoint():
            the_engine().packs.return_upgrade(the_work(), app)
    except (Invalid, Conflict) as error:
        return page("returned", app, 409, problems=[{"label": "", "message": sentence(problem), "href": ""} for problem in error.problems], pack=installed().get(app, {}))
    return page("returned", app, problems=[], pack=installed().get(app, {}))


def _place_of(problem: Problem) -> str:
    """Where on the page a problem is to be mended."""
    at = [str(part) for part in problem.path]
    if at[:1] == ["states"] and len(at) > 2:
        return f"#s:{at[1]}:{at[2]}"
    return "#merge-list" if at[:1] == ["choices"] else ""


