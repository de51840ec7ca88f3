"""A colour rule for one value colours a value that the view shows."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.finding import Finding
from engine.definitions.lint.rule import LintRule, warning
from engine.definitions.survey import Survey
from engine.definitions.views import column_path


def _check(survey: Survey) -> Iterator[Finding]:
    for document in survey.outline.by_kind["view"].values():
        shown = {column_path(column) for column in document["columns"]}
        for index, rule in enumerate(document.get("colours", ())):
            if rule.get("field", "") not in {"", *shown}:
                yield warning("definition.colour_unseen", "view", document["key"], ("colours", index, "field"), field=rule["field"])


RULE = LintRule("view_colours", ("definition.colour_unseen",), _check)
