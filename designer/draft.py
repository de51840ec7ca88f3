"""The draft as the islands read and write it: all documents at once, edits of several documents in one request."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

from designer.access import the_engine, the_work
from designer.answers import answer, body, problem_json
from engine import Conflict, Invalid, Problem


def install(blueprint: Blueprint) -> None:
    """Add this part's addresses."""
    blueprint.get("/<app>/draft")(read)
    blueprint.post("/<app>/draft")(write)
    blueprint.get("/<app>/findings")(findings)


def documents_json(app: str) -> list[dict[str, Any]]:
    """{"document", "rev", "status"} for everything the draft holds."""
    return the_engine().publishing.draft_json(the_work(), app)  # type: ignore[no-any-return]


def findings_json(app: str) -> list[dict[str, Any]]:
    """What lint says about the draft: code, level, address, path, message."""
    return the_engine().publishing.findings_json(the_work(), app)  # type: ignore[no-any-return]


def read(app: str) -> Response:
    return answer({"documents": documents_json(app)})


def findings(app: str) -> Response:
    return answer({"findings": findings_json(app)})


def write(app: str) -> Response:
    """Write documents, each for itself: one that can't be taken keeps none of the others.

    Body: {"changes": [{"address", "document" (null: take it out), "base", "rev"}]}. A document that a colleague
    changed since `rev` is merged with `base`; where both changed the same thing, nothing is written and both
    sides come back.
    """
    given = body().get("changes")
    if not isinstance(given, list) or len(given) > 500 or not all(isinstance(item, dict) for item in given):
        raise Invalid(Problem("request.not_list", {}, ("changes",)))
    engine, work = the_engine(), the_work()
    results = []
    for item in given:
        place = str(item.get("address", ""))
        try:
            with work.savepoint():
                results.append(engine.publishing.save_json(work, app, place, item.get("document"), item.get("base"), item.get("rev")))
        except (Invalid, Conflict) as error:
            results.append({"address": place, "outcome": "refused", "document": None, "rev": 0, "status": "changed",
                            "problems": [problem_json(problem, work.language) for problem in error.problems]})
    return answer({"results": results})
