"""Every form and view that is named exists, and a step's form shows the workflow's own entity."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.finding import Finding
from engine.definitions.lint.rule import LintRule, error
from engine.definitions.survey import Survey


def _check(survey: Survey) -> Iterator[Finding]:
    for item in survey.references:
        kind, key = item.target[0], item.target[1]
        if kind not in {"form", "view"}:
            continue
        if not survey.outline.has(kind, key):
            yield error(f"definition.unknown_{kind}", item.kind, item.key, item.path, **{kind: key})
            continue
        form = survey.outline.by_kind[kind].get(key)
        workflow = survey.outline.by_kind["workflow"].get(item.key) if item.kind == "workflow" else None
        if form and workflow and form["entity"] != workflow["entity"]:
            values = {"form": key, "entity": form["entity"]}
            yield error("definition.form_of_other_entity", item.kind, item.key, item.path, **values)


RULE = LintRule(
    "unknown_page",
    ("definition.unknown_form", "definition.unknown_view", "definition.form_of_other_entity"),
    _check,
)
