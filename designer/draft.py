"""The draft as the islands read and write it: all documents at once, edits of several documents in one request."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, g, request

from designer.access import the_engine, the_work
from designer.answers import answer, body, problem_json
from designer.spelling import spellings
from engine import Conflict, Invalid, Problem


def install(blueprint: Blueprint) -> None:
    """Add this part's addresses."""
    blueprint.get("/<app>/draft", endpoint="draft")(read)
    blueprint.post("/<app>/draft", endpoint="save_draft")(write)
    blueprint.get("/<app>/findings")(findings)


def documents_json(app: str, only: list[str] | None = None) -> list[dict[str, Any]]:
    """{"document", "rev", "mark", "status", "by"} for everything the draft holds, or for some addresses."""
    return the_engine().publishing.draft_json(the_work(), app, only)  # type: ignore[no-any-return]


def findings_json(app: str) -> list[dict[str, Any]]:
    """What lint says about the draft: code, level, address, path, message."""
    return the_engine().publishing.findings_json(the_work(), app)  # type: ignore[no-any-return]


def read(app: str) -> Response:
    """The draft; `?of=kind/key` (repeated) some of its documents; `?since=<number>` what stands, if it is not that any more.

    The last is asked every few seconds by every open page, so it costs one row as long as nothing changed. It also
    says who is signed in, with the token for writing: after a new sign-in in another tab the page goes on by itself.
    """
    if "since" in request.args:
        engine, work = the_engine(), the_work()
        rev = engine.publishing.draft_rev(work, app)
        who = {"id": str(g.actor.user_id), "name": g.actor.name, "csrf": g.session.csrf if g.session else ""}
        marks = None if request.args["since"] == str(rev) else engine.publishing.draft_marks(work, app)
        return answer({"rev": rev, "marks": marks, "who": who})
    return answer({"documents": documents_json(app, request.args.getlist("of") or None)})


def findings(app: str) -> Response:
    """What is wrong with the draft, and how many documents differ from the release."""
    return answer({"findings": findings_json(app), "changes": the_engine().publishing.count_changes(the_work(), app)})


def write(app: str) -> Response:
    """Write documents, each for itself: one that can't be taken keeps none of the others.

    Body: {"changes": [{"address", "document" (null: take it out), "base", "tried"?}]}, see `publishing.save_json`.
    """
    given = body().get("changes")
    if not isinstance(given, list) or len(given) > 500 or not all(isinstance(item, dict) for item in given):
        raise Invalid(Problem("design.not_changes", {}, ("changes",)))
    engine, work = the_engine(), the_work()
    results = []
    for item in given:
        place, tried = str(item.get("address", "")), item.get("tried")
        try:
            with work.savepoint():
                results.append(engine.publishing.save_json(
                    work, app, place, item.get("document"), item.get("base"), tried if isinstance(tried, list) else ()))
        except (Invalid, Conflict) as error:
            results.append({"address": place, "outcome": "refused", "document": None, "rev": 0, "mark": "", "status": "changed",
                            "problems": [problem_json(problem, work.language) for problem in error.problems]})
    return answer({"results": results, "spelled": spellings(item["document"] for item in results if item["document"])})
