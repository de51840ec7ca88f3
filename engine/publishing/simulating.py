"""Simulations over the draft, as JSON: where to begin, step by step, and over the last month's records."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from engine import accounts
from engine.definitions import Model
from engine.definitions.labels import Labels
from engine.definitions.model import Workflow
from engine.definitions.paths import computation_of
from engine.fields import effective
from engine.fields.capabilities import Offers
from engine.kernel.errors import NotFound, Problem
from engine.kernel.messages import pick
from engine.publishing.draft_model import preview_model
from engine.publishing.rights import require_designer
from engine.records import look_up
from engine.storage import Work
from engine.workflow.read_definition import definition_of
from engine.workflow.simulation import read_script, simulate, simulation_json
from engine.workflow.simulation.many import compare_run, runs_to_compare
from engine.workflow.simulation.telling import fields_looked_at

_A_WHILE = 1.5  # seconds; then the page asks for the rest
_MOST_CHOICES = 20
_NOT_TYPED = ("rows", "file")


def simulate_json(work: Work, app: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Carry a script out on the draft: see `engine.workflow.simulation`. Nothing is written.

    Raises Invalid (a draft that can't be built, values that fields refuse), Forbidden, NotFound.
    """
    script = read_script(given)
    model = _model(work, app, script.workflow)
    return simulation_json(simulate(work, model, script), _labels(model, work))


def simulation_start_json(work: Work, app: str, workflow: str) -> dict[str, Any]:
    """What the author chooses from: fields whose values decide something, and people who may begin."""
    model = _model(work, app, workflow)
    found = _workflow(model, workflow)
    definition = definition_of(found)
    entity = model.entities[found.entity]
    names = [name for expression in found.expressions.values() for name in expression.names]
    keys = [key for key in fields_looked_at(definition, names) if key in entity.fields and key != found.status_field]
    return {
        "workflow": pick(found.label, work.language), "entity": pick(entity.label, work.language),
        "fields": [made for key in keys if (made := _field(model, found, key, work.language))],
        "can_choose": _entity_now(work, model, found) is not None,
    }


def simulation_records_json(work: Work, app: str, workflow: str, text: str) -> list[dict[str, Any]]:
    """Records to choose from, as the author may see them: [{"id", "title", "subtitle"}]."""
    model = _model(work, app, workflow)
    entity = _entity_now(work, model, _workflow(model, workflow))
    if entity is None:
        return []
    try:
        found = look_up(work, app, entity, text, _MOST_CHOICES)
    except NotFound:  # the author designs, but reads no records of this kind
        return []
    return [{**item, "id": str(item["id"])} for item in found]


def simulation_people_json(work: Work, app: str, text: str) -> list[dict[str, Any]]:
    """People who may act, by name or login: [{"id", "name", "login", "title"}]."""
    require_designer(work, app)
    return [
        {"id": str(person.id), "title": person.name, "subtitle": person.title or person.login}
        for person in accounts.find_people(work, text, limit=_MOST_CHOICES)
    ]


def simulate_many_json(work: Work, app: str, workflow: str, after: int) -> dict[str, Any]:
    """The draft's way for runs of the last 30 days, from the one numbered `after` on, for a second or two.

    {"total", "done", "items", "unseen"}: ask again with `done` until it is `total`.
    """
    model = _model(work, app, workflow)
    found = _workflow(model, workflow)
    labels, definition = _labels(model, work), definition_of(found)
    runs = runs_to_compare(work, found.uid)
    done, until, unseen = max(0, after), time.monotonic() + _A_WHILE, 0
    items: list[dict[str, Any]] = []
    current = _entity_now(work, model, found)
    while done < len(runs) and time.monotonic() < until:
        compared = compare_run(work, model, workflow, runs[done])
        done += 1
        if compared is None:
            unseen += 1
            continue
        items.append({
            "id": str(compared.record_id), "title": compared.title, "href": f"/a/{app}/{current}/{compared.record_id}",
            "path": list(compared.drafted), "real": list(compared.real), "differs": compared.differs, "problem": compared.problem,
        })
    states = {key: labels.state(workflow, key) for key in definition.states}
    for item in items:
        for key in item["real"]:
            states.setdefault(key, _old_label(work, app, found, key))
    return {"total": len(runs), "done": done, "items": items, "unseen": unseen, "states": states}


def _model(work: Work, app: str, workflow: str) -> Model:
    """The draft as far as this workflow needs it; raises Invalid where the workflow itself is not in order."""
    return preview_model(work, app, "workflow", workflow)


def _labels(model: Model, work: Work) -> Labels:
    return Labels(model.documents.values(), work.language)


def _workflow(model: Model, key: str) -> Workflow:
    found = model.workflows.get(key)
    if found is None:
        raise NotFound(Problem("simulation.no_workflow"))
    return found


def _entity_now(work: Work, model: Model, workflow: Workflow) -> str | None:
    """The current release's key of the workflow's entity; None where nothing of it is published."""
    app = model.app.key
    if not work.release_number(app):
        return None
    uid = model.entities[workflow.entity].uid
    return next((one.key for one in work.model(app).entities.values() if one.uid == uid), None)


def _field(model: Model, workflow: Workflow, key: str, language: str) -> dict[str, Any] | None:
    item = model.entities[workflow.entity].fields[key]
    shown, options = effective(item.type, item.options)
    if shown.kind in _NOT_TYPED:
        return None
    choices = shown.choices(options) if isinstance(shown, Offers) else ()
    return {
        "key": key, "label": pick(item.label, language), "kind": shown.kind, "type": shown.key,
        "is_derived": computation_of(item) is not None,
        "options": [{"value": each["key"], "label": pick(each.get("label"), language) or each["key"]} for each in choices],
    }


def _old_label(work: Work, app: str, workflow: Workflow, state: str) -> str:
    """What a state that the draft hasn't was called in the current release."""
    if not work.release_number(app):
        return state
    old = next((one for one in work.model(app).workflows.values() if one.uid == workflow.uid), None)
    return pick((old.body["states"] if old else {}).get(state, {}).get("label"), work.language) or state
