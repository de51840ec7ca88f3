"""What a step requires somebody in that step can fill in (check V16)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from engine.definitions.finding import Finding
from engine.definitions.flow import Flow
from engine.definitions.lint.rule import LintRule, error
from engine.definitions.model import Entity
from engine.definitions.paths import computation_of
from engine.definitions.survey import Survey
from engine.definitions.workflow_parts import Path
from engine.fields.capabilities import SystemValue

Form = Mapping[str, Any]


def _check(survey: Survey) -> Iterator[Finding]:
    for flow in survey.flows:
        entity = survey.outline.entities.get(flow.body["entity"])
        if entity is None:
            continue
        never = _never_written(survey, entity)
        filled = survey.filled[flow.key]
        for name, path, required, editable in _steps(flow):
            for index, key in enumerate(required):
                if key not in entity.fields:
                    continue
                is_editable = key not in never and (editable is None or key in editable)
                if not is_editable and not filled.is_certain(name, key):
                    values = {"state": name, "field": key}
                    yield error("definition.required_not_editable", "workflow", flow.key, (*path, index), **values)


def _steps(flow: Flow) -> Iterator[tuple[str, Path, list[str], set[str] | None]]:
    """State, path, required fields and what the same person may edit (None: everything)."""
    shared = set(flow.body.get("record", {}).get("open_fields", ()))
    for name, state in flow.states.items():
        at: Path = ("states", name)
        form: Form = state.get("form", {})
        is_free = state["type"] == "input" and "edit" not in form
        own = None if is_free else _union(shared, form.get("edit", ()))
        yield name, (*at, "form", "require"), form.get("require", []), own
        for part in ("transitions", "participants"):
            for index, item in enumerate(state.get(part, ())):
                inner: Form = item.get("form", {})
                both = None if own is None else _union(own, inner.get("edit", ()))
                yield name, (*at, part, index, "form", "require"), inner.get("require", []), both


def _union(first: set[str], second: Iterable[str]) -> set[str]:
    return first | set(second)


def _never_written(survey: Survey, entity: Entity) -> set[str]:
    """Fields that people can't fill in at all."""
    status = {flow.body["status_field"] for flow in survey.flows if flow.body["entity"] == entity.key}
    return status | {
        item.key
        for item in entity.fields.values()
        if computation_of(item) is not None or isinstance(item.type, SystemValue)
    }


RULE = LintRule("required_is_editable", ("definition.required_not_editable",), _check)
