"""Person rules can find somebody: user fields hold users, and are filled in when it matters (V13)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.definitions.finding import Finding
from engine.definitions.flow import Flow
from engine.definitions.lint.rule import LintRule, error, warning
from engine.definitions.paths import USER, target_of
from engine.definitions.survey import Survey
from engine.definitions.workflow_parts import Path, person_rules_of

_OF_PEOPLE = {"initiator", "owner", "previous_actor"}


def _check(survey: Survey) -> Iterator[Finding]:
    for flow in survey.flows:
        entity = survey.outline.entities.get(flow.body["entity"])
        rules: Mapping[str, Mapping[str, Any]] = flow.body.get("rules", {})
        used = {rule for _, rule in person_rules_of(flow.body)}
        for name, rule in rules.items():
            path: Path = ("rules", name)
            if name not in used:
                yield warning("definition.person_rule_unused", "workflow", flow.key, path, name=name)
            for part, key in _fields(rule):
                item = entity.fields.get(key) if entity else None
                if item is not None and target_of(item) != USER:
                    yield error("definition.person_field", "workflow", flow.key, (*path, part), name=name, field=key)
        if entity is not None:
            yield from _perhaps_empty(survey, flow, rules)


def _fields(rule: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if rule["kind"] == "field":
        yield "value", rule["value"]
    if rule.get("of", "initiator") not in _OF_PEOPLE:
        yield "of", rule["of"]


def _perhaps_empty(
    survey: Survey, flow: Flow, rules: Mapping[str, Mapping[str, Any]]
) -> Iterator[Finding]:
    filled = survey.filled[flow.key]
    defaults = flow.body.get("defaults", {})
    for name, state in flow.states.items():
        handled = {**defaults, **state.get("policy", {})}.get("on_empty", "refuse") != "refuse"
        for index, item in enumerate(state.get("participants", ())):
            for _, key in _fields(rules.get(item["rule"], {"kind": ""})):
                if key in filled.all and not handled and not filled.is_certain(name, key):
                    path = ("states", name, "participants", index)
                    yield warning("definition.person_maybe_missing", "workflow", flow.key, path, state=name, field=key)


RULE = LintRule(
    "person_rules",
    (
        "definition.person_rule_unused",
        "definition.person_field",
        "definition.person_maybe_missing",
    ),
    _check,
)
