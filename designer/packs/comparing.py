"""An app beside another app, a release or a pack: what differs, and what of it is carried over into the draft."""

from __future__ import annotations

from typing import Any

from flask import Response, make_response, redirect, request, url_for

from designer.access import only_administrators, say, sentence, the_engine, the_work
from designer.packs.frame import all_apps, app_label, by_field, kind_word, page, word
from designer.packs.merge import MOST
from designer.packs.source import read, take_upload
from designer.packs.values import shown
from engine import Conflict, EngineError, Invalid, NotFound, Problem

TICK = "t"
STATUSES = ("changed", "added", "removed")
WITH = ("app", "release", "shelf", "file")


def show_comparison(app: str, error: EngineError | None = None, wrong: tuple[Problem, ...] = ()) -> Response:
    """The other side to choose, and the differences once there is one."""
    only_administrators()
    engine, work = the_engine(), the_work()
    kind, name = other_side()
    releases = [{"number": item.number, "note": item.note, "is_current": item.is_current} for item in engine.publishing.list_releases(work, app)]
    found = _differences(app, kind, name) if kind else {}
    status = 409 if isinstance(error, Conflict) else 422 if error or wrong else 200
    return page(
        "compare", app, status, kind=kind, name=name, releases=releases, apps=[each for each in all_apps() if each["key"] != app and each["release"]],
        shelf=[{"key": pack.key, "label": say(pack.label)} for pack in engine.packs.list_packs()], wrong=by_field(wrong), statuses=STATUSES,
        problems=[{"label": "", "message": sentence(problem), "href": ""} for problem in error.problems] if error else [], ticked=set(request.values.getlist(TICK)),
        carried=int(request.args["carried"]) if request.args.get("carried", "").isdigit() and len(request.args["carried"]) < 6 else 0, **found,
    )


def take_file(app: str) -> Response:
    """A pack to compare with; nothing is installed."""
    only_administrators()
    try:
        found = take_upload()
    except Invalid as error:
        return show_comparison(app, wrong=tuple(problem if problem.path[:1] == ("file",) else problem.under("file") for problem in error.problems))
    return make_response(redirect(url_for("designer.show_comparison", app=app, **{"with": f"file:{found}"}), 303))


def carry(app: str) -> Response:
    """Put the ticked differences into the draft, or look again with other filters."""
    only_administrators()
    kind, name = other_side()
    if request.form.get("act") != "carry":
        return show_comparison(app)
    ticked = request.form.getlist(TICK)
    try:
        if not kind or not ticked:
            raise Invalid(Problem("packs.none_ticked"))
        with the_work().savepoint():
            count = the_engine().packs.carry_over(the_work(), app, ticked, _documents(app, kind, name))
    except (Invalid, Conflict) as error:
        return show_comparison(app, error)
    return make_response(redirect(url_for("designer.show_comparison", app=app, carried=count, **{"with": f"{kind}:{name}"}), 303))


def other_side() -> tuple[str, str]:
    """What the address or the form compares with, such as ("app", "retail"); empty for nothing yet. Raises NotFound."""
    kind, _, name = request.values.get("with", "").partition(":")
    if kind and kind not in WITH:
        raise NotFound(Problem("http.404"))
    return kind, name


def _documents(app: str, kind: str, name: str) -> Any:
    engine, work = the_engine(), the_work()
    if kind in ("shelf", "file"):
        return engine.packs.documents_of(work, pack=read(kind, name))
    if kind == "app":
        return engine.packs.documents_of(work, app=name)
    return engine.packs.documents_of(work, app=app, release=int(name) if name.isascii() and name.isdigit() and len(name) < 9 else 0)


def _differences(app: str, kind: str, name: str) -> dict[str, Any]:
    engine, work, given = the_engine(), the_work(), request.values
    found = engine.packs.compare(engine.packs.documents_of(work, app=app, release="draft"), _documents(app, kind, name), work.language)
    wanted = given.get("show", "all") if given.get("show") in STATUSES else "all"
    words = given.get("q", "").lower().split()
    fitting = [item for item in found if wanted in ("all", item.status) and all(part in f"{item.document_label} {item.place} {item.id}".lower() for part in words)]
    limit = MOST * (int(given["pages"]) if given.get("pages", "").isdigit() and len(given["pages"]) < 4 else 1)
    on_page = fitting[:limit]
    ids = {item.id for item in on_page}
    return {
        "there": _label(kind, name), "total": len(found), "counts_by": {status: sum(item.status == status for item in found) for status in STATUSES},
        "wanted": wanted, "search": given.get("q", ""), "documents": _by_document(on_page), "more": len(fitting) - len(on_page), "pages": limit // MOST,
        "hidden": sorted(id_ for id_ in set(given.getlist(TICK)) - ids if any(item.id == id_ for item in found)),
    }


def _label(kind: str, name: str) -> str:
    if kind == "app":
        return app_label(name)
    if kind == "release":
        return word("design.release", number=name)
    return say(read(kind, name).manifest.label)


def _by_document(items: list[Any]) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for item in items:
        group = found.setdefault(item.document, {"kind_word": kind_word(item.kind), "label": item.document_label, "items": []})
        group["items"].append({
            "id": item.id, "status": item.status, "place": item.place[:1].upper() + item.place[1:],
            "sides": [(side, {"is": "absent"} if side in item.absent else shown(getattr(item, side))) for side in ("left", "right")],
        })
    return list(found.values())
