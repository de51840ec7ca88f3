"""The first screen of an installation without any app: industry and language, and it is a working CRM."""

from __future__ import annotations

from flask import Response, g, make_response, redirect, render_template, request, url_for

from designer.access import only_administrators, the_engine, the_work
from designer.packs.frame import LANGUAGE_NAMES, LANGUAGES
from designer.packs.shelf import shelf_shown
from engine import Conflict, Invalid, Problem


def show_welcome(problems: tuple[Problem, ...] = ()) -> Response:
    """Industries as cards, with the languages."""
    only_administrators()
    packs = [pack for pack in shelf_shown() if not pack["is_base"]]
    given = request.form if request.method == "POST" else {"language": g.language}
    page = render_template("designer/start/welcome.html", section="home", packs=packs, names=LANGUAGE_NAMES, given=given, problems=problems)
    return make_response(page, 422 if problems else 200)


def begin() -> Response:
    """Queue the industry's installation, with samples and demonstration people, in the language chosen."""
    only_administrators()
    engine, work, form = the_engine(), the_work(), request.form
    language = form.get("language", "")
    known = {pack.key for pack in engine.packs.list_packs()}
    if form.get("pack", "") not in known:
        return show_welcome((Problem("start.no_industry", {}, ("pack",)),))
    if language not in LANGUAGES:
        return show_welcome((Problem("start.no_language", {}, ("language",)),))
    try:
        app, job = engine.packs.install_later(work, form["pack"], samples="samples" in form, language=language)
    except (Invalid, Conflict) as error:
        return show_welcome(error.problems)
    engine.accounts.change_preferences(work, language=language)
    return make_response(redirect(url_for("designer.wait_for_app", id=str(job), app=app, first=1), 303))
