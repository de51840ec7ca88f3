"""An app from a table: upload, look at the columns, create; the script of the page drives it."""

from __future__ import annotations

from flask import Response, g, make_response, render_template, request

from designer.access import only_administrators, the_engine, the_work
from designer.answers import answer, body
from engine import Invalid, Problem, texts_for


def show_table() -> Response:
    only_administrators()
    return make_response(render_template("designer/start/table.html", section="design", island="designer/ui/start/main.tsx", texts=texts_for(g.language, "designer.")))


def read_table() -> Response:
    """Take an upload and say what it would become."""
    only_administrators()
    engine, work = the_engine(), the_work()
    given = request.files.get("file")
    if given is None or not given.filename:
        raise Invalid(Problem("table.no_file", {}, ("file",)))
    stored = engine.records.store_file(work, given.stream, given.filename)
    return answer({"file": str(stored.id), **engine.packs.analyse_table(work, str(stored.id), timezone=zone())})


def check_table() -> Response:
    """The same upload with another sheet, or with the columns as the author wants them."""
    only_administrators()
    given = body()
    g.reads_only = True
    engine, work = the_engine(), the_work()
    if "columns" not in given:
        return answer(engine.packs.analyse_table(work, given.get("file"), given.get("sheet"), timezone=zone()))
    return answer(engine.packs.check_table(work, given, timezone=zone()))


def create_from_table() -> Response:
    only_administrators()
    return answer(the_engine().packs.begin_from_table(the_work(), body(), timezone=zone()), 201)


def zone() -> str:
    """The time zone in which a new app's days begin: its maker's."""
    return str(g.actor.timezone) if g.actor.timezone != "UTC" else "Asia/Shanghai"
