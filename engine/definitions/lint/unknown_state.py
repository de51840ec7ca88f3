"""Every state and every person rule that a workflow names is described in it (check V2)."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.finding import Finding
from engine.definitions.lint.rule import LintRule, error
from engine.definitions.survey import Survey

_PARTS = {"state": "states", "person_rule": "rules"}


def _check(survey: Survey) -> Iterator[Finding]:
    for item in survey.references:
        kind = item.target[0]
        if kind in _PARTS:
            workflow = survey.outline.by_kind["workflow"][item.key]
            if item.target[2] not in workflow.get(_PARTS[kind], {}):
                yield error(f"definition.unknown_{kind}", item.kind, item.key, item.path, name=item.target[2])


RULE = LintRule(
    "unknown_state",
    ("definition.unknown_state", "definition.unknown_person_rule"),
    _check,
    guards_building=True,
)
