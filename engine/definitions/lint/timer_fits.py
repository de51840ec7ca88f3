"""Timers do what can be done in their state (check V11)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.definitions.durations import seconds
from engine.definitions.finding import Finding
from engine.definitions.lint.rule import LintRule, error
from engine.definitions.paths import kind_of
from engine.definitions.survey import Survey
from engine.definitions.workflow_parts import verb_of
from engine.fields.field_type import Kind

_OF_APPROVALS = {"approve", "reject", "transfer", "add"}
_ENDS = {"approve", "reject", "to"}
_TIMES: set[Kind] = {"date", "datetime"}


def _check(survey: Survey) -> Iterator[Finding]:
    for flow in survey.flows:
        entity = survey.outline.entities.get(flow.body["entity"])
        for name, state in flow.states.items():
            for index, timer in enumerate(state.get("timers", ())):
                path = ("states", name, "timers", index)
                for code, part in _faults(state, timer):
                    values = {"timer": timer["id"], "state": name}
                    yield error(f"definition.{code}", "workflow", flow.key, (*path, part), **values)
                after = timer["after"]
                item = entity.fields.get(after["field"]) if entity and isinstance(after, Mapping) else None
                if item is not None and kind_of(item) not in _TIMES:
                    values = {"timer": timer["id"], "field": item.key}
                    yield error("definition.timer_field", "workflow", flow.key, (*path, "after"), **values)


def _faults(state: Mapping[str, Any], timer: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    verb = verb_of(timer)
    if state["type"] == "input" and verb in _OF_APPROVALS:
        yield "timer_needs_approval", "do"
    if verb == "approve" and _requires(state):
        yield "timer_approves_unfilled", "do"
    if verb in _ENDS and "repeat" in timer:
        yield "timer_repeats_end", "repeat"
    if not isinstance(timer["after"], Mapping) and not seconds(timer["after"]):
        yield "timer_at_once", "after"
    if "repeat" in timer and not seconds(timer["repeat"]["every"]):
        yield "timer_at_once", "repeat"


def _requires(state: Mapping[str, Any]) -> bool:
    forms = [state.get("form", {}), *(item.get("form", {}) for item in state.get("participants", ()))]
    return any(form.get("require") for form in forms)


RULE = LintRule(
    "timer_fits",
    (
        "definition.timer_needs_approval",
        "definition.timer_approves_unfilled",
        "definition.timer_repeats_end",
        "definition.timer_at_once",
        "definition.timer_field",
    ),
    _check,
)
