"""A form for creating has every field that a record can't do without."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.finding import Finding
from engine.definitions.lint.rule import LintRule, warning
from engine.definitions.places import parts_of_form
from engine.definitions.survey import Survey

_CREATES = {"full", "quick"}


def _check(survey: Survey) -> Iterator[Finding]:
    for document in survey.outline.by_kind["form"].values():
        entity = survey.outline.by_kind["entity"].get(document["entity"])
        if entity is None or document["purpose"] not in _CREATES:
            continue
        shown = {part.get("field") or part.get("rows") for _, part in parts_of_form(document)}
        for item in entity["fields"]:
            needed = item.get("required") and not item.get("retired") and "default" not in item
            if needed and item["key"] not in shown:
                yield warning("definition.required_not_shown", "form", document["key"], field=item["key"])


RULE = LintRule("form_is_complete", ("definition.required_not_shown",), _check)
