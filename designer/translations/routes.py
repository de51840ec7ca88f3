"""The grid of translations, and its texts as CSV out and in."""

from __future__ import annotations

from urllib.parse import quote

from flask import Blueprint, Response, g, request

from designer.access import the_engine, the_work
from designer.answers import answer
from designer.islands import island
from engine import Invalid, Problem, translate


def install(blueprint: Blueprint) -> None:
    """Add this part's addresses."""
    blueprint.get("/<app>/translations")(show_translations)
    blueprint.get("/<app>/translations.csv")(download_texts)
    blueprint.post("/<app>/translations/read")(read_texts)


def show_translations(app: str) -> Response:
    more = the_engine().publishing.texts_json(the_work(), app)
    return island("translations", app, title=translate("designer.translations.title", {}, g.language), more=more)


def download_texts(app: str) -> Response:
    content = the_engine().publishing.translations_csv(the_work(), app)
    response = Response(content, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(app)}-texts.csv"
    return response


def read_texts(app: str) -> Response:
    """What a table would change: nothing is written, the grid takes it over as one step of its own."""
    given = request.files.get("file")
    if given is None:
        raise Invalid(Problem("translations.no_file", {}, ("file",)))
    g.reads_only = True
    return answer(the_engine().publishing.read_translations(the_work(), app, given.read()))
