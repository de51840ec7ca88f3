"""The simulation's addresses. All of them only read: the script so far comes with each request."""

from __future__ import annotations

from flask import Blueprint, Response, request

from designer.access import the_engine, the_work
from designer.answers import answer, body
from designer.islands import island
from engine import Invalid, Problem, translate


def install(blueprint: Blueprint) -> None:
    """Add this part's addresses."""
    blueprint.get("/<app>/simulate/<workflow>")(page)
    blueprint.get("/<app>/simulate/<workflow>/start")(start)
    blueprint.get("/<app>/simulate/<workflow>/records")(records)
    blueprint.get("/<app>/simulate/<workflow>/people")(people)
    blueprint.post("/<app>/simulate")(step)
    blueprint.post("/<app>/simulate-many")(many)


def page(app: str, workflow: str) -> Response:
    """The simulation alone on a page, for who comes from the publish page or by a link."""
    return island("simulation", app, "workflow", workflow, title=translate("designer.simulation.title", {}, the_work().language))


def start(app: str, workflow: str) -> Response:
    return answer(the_engine().publishing.simulation_start_json(the_work(), app, workflow))


def records(app: str, workflow: str) -> Response:
    found = the_engine().publishing.simulation_records_json(the_work(), app, workflow, request.args.get("q", "")[:200])
    return answer({"items": found})


def people(app: str, workflow: str) -> Response:  # noqa: ARG001 (the address names it)
    return answer({"items": the_engine().publishing.simulation_people_json(the_work(), app, request.args.get("q", "")[:200])})


def step(app: str) -> Response:
    return answer(the_engine().publishing.simulate_json(the_work(), app, body()))


def many(app: str) -> Response:
    """{"workflow", "after"}: the runs of the last 30 days from the one numbered `after` on."""
    given = body()
    workflow, after = given.get("workflow"), given.get("after", 0)
    if not isinstance(workflow, str) or not isinstance(after, int):
        raise Invalid(Problem("simulation.not_a_script", {}, ("workflow",)))
    return answer(the_engine().publishing.simulate_many_json(the_work(), app, workflow, after))
