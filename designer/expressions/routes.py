"""What an expression means, which names it may use, and which functions there are."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, g, request

from designer.access import the_engine, the_work
from designer.answers import answer, body
from designer.islands import island
from engine import EngineError, Invalid, Problem, translate

MANY = 200
"""Questions in one request: all rules of a large entity."""


def install(blueprint: Blueprint) -> None:
    """Add this part's addresses."""
    blueprint.post("/<app>/expression", endpoint="expression")(read)
    blueprint.get("/<app>/expressions", endpoint="expressions")(show)
    blueprint.get("/<app>/functions", endpoint="expression_functions")(functions)
    blueprint.get("/<app>/names", endpoint="expression_names")(names)
    blueprint.get("/<app>/samples", endpoint="expression_samples")(samples)


def show(app: str) -> Response:
    """Every condition and formula of the app in words, to be read and edited in one place."""
    found = the_engine().publishing.expressions_json(the_work(), app)
    return island("formulas", app, title=translate("designer.expression.page", {}, g.language), more={"expressions": found})


def read(app: str) -> Response:
    """One question, or `{"questions": [...]}` for several at once: `{"answers": [...]}`.

    Nothing is written, so that typing doesn't stand in the way of those who save.
    """
    given = body()
    g.reads_only = True
    publishing, work = the_engine().publishing, the_work()
    if "questions" not in given:
        return answer(publishing.expression_json(work, app, given))
    questions = given["questions"]
    if not isinstance(questions, list) or len(questions) > MANY or not all(isinstance(item, dict) for item in questions):
        raise Invalid(Problem("request.not_list", {}, ("questions",)))
    return answer({"answers": [_one(app, item) for item in questions]})


def _one(app: str, question: dict[str, Any]) -> dict[str, Any]:
    """One of many: a place that is no more is an answer too, the others still have theirs."""
    work = the_work()
    try:
        return the_engine().publishing.expression_json(work, app, question)  # type: ignore[no-any-return]
    except EngineError as error:
        said = [{"offset": 0, "length": 0, "code": item.code, "message": translate(item.code, item.values, work.language)} for item in error.problems]
        return {"ok": False, "kind": None, "tree": None, "names": [], "summary": "", "errors": said}


def functions(app: str) -> Response:
    the_engine().publishing.list_documents(the_work(), app)  # refuses whoever may not design
    return answer({"functions": the_engine().publishing.functions_json(g.language)})


def names(app: str) -> Response:
    found = the_engine().publishing.names_json(
        the_work(), app, request.args.get("entity", ""), request.args.get("scope", "form"), request.args.get("own") or None,
    )
    return answer({"names": found})


def samples(app: str) -> Response:
    """Records of an entity (or people, departments) to choose from by what they are called: [{"id", "title", "subtitle"}]."""
    engine, work = the_engine(), the_work()
    engine.publishing.list_documents(work, app)
    entity, text = request.args.get("entity", ""), request.args.get("q", "")[:200]
    return answer({"records": engine.publishing.samples_json(work, app, entity, text, request.args.get("id") or None)})
