"""Only what a person may write can be changed in the list: an own field, not computed, not a workflow's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.definitions.finding import Finding
from engine.definitions.lint.rule import LintRule, error
from engine.definitions.model import Entity
from engine.definitions.paths import kind_of
from engine.definitions.survey import Survey
from engine.fields.capabilities import Computes, SystemValue


def _check(survey: Survey) -> Iterator[Finding]:
    status = {(item["entity"], item["status_field"]) for item in survey.outline.by_kind["workflow"].values()}
    for document in survey.outline.by_kind["view"].values():
        entity = survey.outline.entities.get(document["entity"])
        for index, column in enumerate(document["columns"]):
            if entity is None or not isinstance(column, Mapping) or not column.get("editable"):
                continue
            path = column["field"]
            if not _is_written(entity, path) or (entity.key, path) in status:
                yield error("definition.column_not_editable", "view", document["key"], ("columns", index, "editable"), field=path)


def _is_written(entity: Entity, path: str) -> bool:
    item = entity.fields.get(path)
    if item is None:
        return "." not in path  # an unknown field is another rule's finding; a step leads into another record
    return not isinstance(item.type, (Computes, SystemValue)) and kind_of(item) not in {"rows", "file"}


RULE = LintRule("view_inline", ("definition.column_not_editable",), _check)
