"""A list is grouped by what can be ordered, and adds up numbers."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.finding import Finding
from engine.definitions.lint.rule import LintRule, error
from engine.definitions.paths import kind_of, kind_of_path
from engine.definitions.survey import Survey

_UNGROUPED = {"rows", "file", "list"}
_DAYS = {"date", "datetime"}


def _check(survey: Survey) -> Iterator[Finding]:
    entities = survey.outline.entities
    for document in survey.outline.by_kind["view"].values():
        key, entity = document["key"], entities.get(document["entity"])
        if entity is None:
            continue
        name = document.get("group_by")
        kind = kind_of_path(entities, entity.key, name) if name else None
        if kind in _UNGROUPED:
            yield error("definition.group_unfit", "view", key, ("group_by",), field=name)
        if "group_span" in document and kind not in _DAYS:
            yield error("definition.group_span", "view", key, ("group_span",))
        for index, each in enumerate(document.get("sums", ())):
            item = entity.fields.get(each)
            if item is not None and kind_of(item) != "number":
                yield error("definition.sum_unfit", "view", key, ("sums", index), field=item.label or item.key)


RULE = LintRule("view_groups", ("definition.group_unfit", "definition.group_span", "definition.sum_unfit"), _check)
