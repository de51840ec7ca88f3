"""The field by which people recognise a record can be written in one line."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.finding import Finding
from engine.definitions.lint.rule import LintRule, error
from engine.definitions.paths import kind_of
from engine.definitions.survey import Survey

_UNFIT = {"rows", "file", "list", "yes_no"}


def _check(survey: Survey) -> Iterator[Finding]:
    entities = survey.outline.entities
    for entity in entities.values():
        item = entity.fields.get(entity.title)
        if item is not None and kind_of(item) in _UNFIT:
            yield error("definition.title_unfit", "entity", entity.key, ("title",), field=item.key)


RULE = LintRule("title_field", ("definition.title_unfit",), _check)
