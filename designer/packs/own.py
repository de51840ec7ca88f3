"""What an app has to do with packs: where it came from, and the ways it can go."""

from __future__ import annotations

from typing import Any

from flask import Response, make_response, redirect, request, url_for

from designer.access import only_administrators, say, sentence, the_engine, the_work
from designer.packs.frame import installed, page, version_of
from engine import Conflict, EngineError, Invalid, NotFound, Problem


def show_app(app: str) -> Response:
    """The app's page in this part: facts and acts."""
    return _page(app)


def _page(app: str, error: EngineError | None = None) -> Response:
    engine, work = the_engine(), the_work()
    pack = installed().get(app)
    shelf = next((each for each in engine.packs.list_packs() if pack and each.uid == pack["uid"]), None)
    newer = shelf is not None and pack is not None and version_of(shelf.version) > version_of(pack["version"])
    left_out = engine.packs.modules_left_out(work, app) if pack else ()
    release = work.release_number(app)
    samples = engine.packs.samples_of(work, app) if release and work.actor.is_admin else {}
    return page(
        "own", app, 409 if error else 200, pack=pack, pack_label=say(pack["label"]) if pack else "", newer=shelf if newer else None, left_out=left_out,
        samples=sum(len(ids) for ids in samples.values()), release=release, cloned=request.args.get("cloned", "")[:100],
        added=request.args.get("added", "")[:100], **_way_back(app),
        problems=[{"label": "", "message": sentence(problem), "href": ""} for problem in error.problems] if error else [],
    )


def _way_back(app: str) -> dict[str, Any]:
    """Can the last upgrade be taken back, and if not, why not? Nothing where there was none."""
    engine, work = the_engine(), the_work()
    problems = engine.packs.return_problems(work, app) if work.release_number(app) and work.actor.is_admin else ()
    was_upgraded = bool(work.actor.is_admin) and not any(problem.code == "pack.return_nothing" for problem in problems)
    return {"can_return": was_upgraded and bool(work.release_number(app)) and not problems,
            "against_return": [sentence(problem) for problem in problems] if was_upgraded else []}


def add_module(app: str) -> Response:
    """Put in a module that was left out when the pack was installed."""
    only_administrators()
    engine, work = the_engine(), the_work()
    module = request.form.get("module", "")
    known = {each.key: each for each in engine.packs.modules_left_out(work, app)}
    if module not in known:
        raise NotFound(Problem("http.404"))
    try:
        with work.savepoint():
            engine.packs.add_module(work, app, module)
    except (Invalid, Conflict) as error:
        return _page(app, error)
    return make_response(redirect(url_for("designer.show_app_packs", app=app, added=say(known[module].label)), 303))


def show_samples(app: str, error: EngineError | None = None) -> Response:
    """What would go: the sample records, counted."""
    only_administrators()
    engine, work = the_engine(), the_work()
    entities = work.model(app).entities
    found = [{"label": say(entities[key].plural or entities[key].label), "count": len(ids), "icon": entities[key].icon or "box"}
             for key, ids in engine.packs.samples_of(work, app).items() if ids and not entities[key].part_of]
    problems = [{"label": "", "message": sentence(problem), "href": ""} for problem in error.problems] if error else []
    return page("samples", app, 409 if error else 200, rows=sorted(found, key=lambda item: -int(item["count"])), problems=problems,
                total=sum(int(item["count"]) for item in found))


def remove_samples(app: str) -> Response:
    """Take the sample records away; what people made stays."""
    only_administrators()
    engine, work = the_engine(), the_work()
    try:
        with work.savepoint():
            count = engine.packs.remove_samples(work, app)
    except (Invalid, Conflict) as error:
        return show_samples(app, error)
    return page("samples_gone", app, count=count)
