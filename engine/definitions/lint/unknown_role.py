"""Every role that a form, a view or a workflow names exists."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.finding import Finding
from engine.definitions.lint.rule import LintRule, error
from engine.definitions.survey import Survey


def _check(survey: Survey) -> Iterator[Finding]:
    for item in survey.references:
        if item.target[0] == "role" and not survey.outline.has("role", item.target[1]):
            yield error("definition.unknown_role", item.kind, item.key, item.path, role=item.target[1])


RULE = LintRule("unknown_role", ("definition.unknown_role",), _check)
