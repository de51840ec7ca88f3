"""The status field is a choice that has every status, and one workflow writes it."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.finding import Finding
from engine.definitions.flow import Flow
from engine.definitions.lint.rule import LintRule, error, warning
from engine.definitions.model import Field
from engine.definitions.paths import computation_of, kind_of, options_of
from engine.definitions.survey import Survey
from engine.definitions.workflow_parts import is_choice


def _check(survey: Survey) -> Iterator[Finding]:
    taken: dict[tuple[str, str], str] = {}
    for flow in survey.flows:
        place = (flow.body["entity"], flow.body["status_field"])
        if place in taken:
            values = {"field": place[1], "other": taken[place]}
            yield error("definition.status_shared", "workflow", flow.key, ("status_field",), **values)
        taken.setdefault(place, flow.key)
        entity = survey.outline.entities.get(place[0])
        item = entity.fields.get(place[1]) if entity else None
        if item is not None:
            yield from _of_field(flow, item)


def _of_field(flow: Flow, item: Field) -> Iterator[Finding]:
    offered = options_of(item)
    if not offered or kind_of(item) != "text" or computation_of(item) is not None:
        yield error("definition.status_unfit", "workflow", flow.key, ("status_field",), field=item.key)
        return
    for name, state in flow.states.items():
        path = ("states", name, "status")
        status = state.get("status")
        if status is not None and status not in offered:
            values = {"state": name, "status": status, "field": item.key}
            yield error("definition.status_unknown", "workflow", flow.key, path, **values)
        elif status is None and not is_choice(state):
            yield warning("definition.status_missing", "workflow", flow.key, path[:2], state=name)


RULE = LintRule(
    "status_field",
    (
        "definition.status_shared",
        "definition.status_unfit",
        "definition.status_unknown",
        "definition.status_missing",
    ),
    _check,
)
