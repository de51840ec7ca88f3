"""The page of all packs: what is installed, what is on the shelf, and a file from elsewhere."""

from __future__ import annotations

from typing import Any

from flask import Response, make_response, redirect, request, url_for

from designer.access import only_administrators, say, the_engine, the_work
from designer.packs.frame import all_apps, by_field, installed, plain, version_of
from designer.packs.source import take_upload
from engine import Invalid, Problem


def show_packs(problems: tuple[Problem, ...] = ()) -> Response:
    only_administrators()
    return plain("packs", 422 if problems else 200, apps=apps_shown(), shelf=shelf_shown(), wrong=by_field(problems),
                 gone=request.args.get("gone", "")[:100])


def take_file() -> Response:
    """A pack from elsewhere: kept, read, and its plan shown."""
    only_administrators()
    try:
        found = take_upload()
    except Invalid as error:
        return show_packs(tuple(problem if problem.path[:1] == ("file",) else problem.under("file") for problem in error.problems))
    return make_response(redirect(url_for("designer.show_plan", place="file", name=found), 303))


def apps_shown() -> list[dict[str, Any]]:
    """Every app with the pack it came from, and the version of it that the shelf has."""
    origin = installed()
    shelf = {pack.uid: pack for pack in the_engine().packs.list_packs()}
    found = []
    for app in all_apps():
        pack = origin.get(app["key"])
        on_shelf = shelf.get(pack["uid"]) if pack else None
        newer = on_shelf is not None and pack is not None and version_of(on_shelf.version) > version_of(pack["version"])
        found.append({**app, "pack": say(pack["label"]) if pack else "", "version": pack["version"] if pack else "",
                      "newer": on_shelf.version if newer and on_shelf else "", "shelf_key": on_shelf.key if newer and on_shelf else ""})
    return found


def shelf_shown() -> list[dict[str, Any]]:
    """The shipped packs as cards show them; those that only others build on come last."""
    engine, work = the_engine(), the_work()
    here = {entry.key for entry in engine.publishing.list_apps(work)}
    packs = engine.packs.list_packs()
    bases = {key for pack in packs for key in pack.requires}
    found = [{
        "key": pack.key, "label": say(pack.label), "description": say(pack.description), "icon": pack.icon or "package",
        "version": pack.version, "is_here": pack.key in here, "is_base": pack.key in bases, "holds": engine.packs.shelf_contents(pack.key),
    } for pack in packs]
    return sorted(found, key=lambda pack: (pack["is_base"], str(pack["label"])))
