"""Actions write only what can be written, and new records get what they can't do without (V23)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.definitions.finding import Finding
from engine.definitions.flow import Flow
from engine.definitions.lint.rule import LintRule, error
from engine.definitions.model import Entity
from engine.definitions.paths import computation_of, kind_of
from engine.definitions.survey import Survey
from engine.definitions.workflow_parts import Path, actions_of
from engine.fields.capabilities import SystemValue

_NOT_WRITTEN = {"rows", "file"}


def _check(survey: Survey) -> Iterator[Finding]:
    status = {(flow.body["entity"], flow.body["status_field"]) for flow in survey.flows}
    for flow in survey.flows:
        for path, action in actions_of(flow.body):
            if "set" in action:
                entity, written, at = flow.body["entity"], action["set"], (*path, "set")
            elif "create" in action:
                entity, written, at = action["create"], action.get("values", {}), (*path, "values")
            else:
                continue
            owner = survey.outline.entities.get(entity)
            if owner is None:
                continue
            yield from _unwritable(flow, owner, written, at, status)
            if "create" in action:
                yield from _incomplete(survey, flow, owner, written, path)


def _unwritable(
    flow: Flow, entity: Entity, written: Mapping[str, Any], at: Path, status: set[tuple[str, str]]
) -> Iterator[Finding]:
    for key in written:
        item = entity.fields.get(key)
        if item is None:
            continue
        fixed = computation_of(item) is not None or isinstance(item.type, SystemValue)
        if fixed or (entity.key, key) in status or kind_of(item) in _NOT_WRITTEN:
            yield error("definition.action_writes_fixed", "workflow", flow.key, (*at, key), field=key)


def _incomplete(
    survey: Survey, flow: Flow, entity: Entity, written: Mapping[str, Any], path: Path
) -> Iterator[Finding]:
    if entity.part_of:
        values = {"entity": entity.key, "parent": entity.part_of}
        yield error("definition.action_creates_rows", "workflow", flow.key, (*path, "create"), **values)
        return
    for raw in survey.outline.by_kind["entity"][entity.key]["fields"]:
        needed = raw.get("required") and not raw.get("retired") and "default" not in raw
        if needed and raw["key"] not in written and computation_of(entity.fields[raw["key"]]) is None:
            values = {"entity": entity.key, "field": raw["key"]}
            yield error("definition.action_lacks_required", "workflow", flow.key, (*path, "create"), **values)


RULE = LintRule(
    "action_writes",
    (
        "definition.action_writes_fixed",
        "definition.action_creates_rows",
        "definition.action_lacks_required",
    ),
    _check,
)
