"""A form shows every field once, rows as rows, and lists what really refers to its records."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.finding import Finding
from engine.definitions.lint.rule import LintRule, error
from engine.definitions.model import Document, Entity
from engine.definitions.paths import rows_of, target_of
from engine.definitions.places import parts_of_form
from engine.definitions.survey import Survey


def _check(survey: Survey) -> Iterator[Finding]:
    for document in survey.outline.by_kind["form"].values():
        entity = survey.outline.entities.get(document["entity"])
        if entity is not None:
            yield from _items(document, entity)
            yield from _related(survey, document)


def _items(document: Document, entity: Entity) -> Iterator[Finding]:
    seen: set[str] = set()
    for path, part in parts_of_form(document):
        name = "rows" if "rows" in part else "field"
        key = part.get(name)
        if key is None:
            continue
        if key in seen:
            yield error("definition.item_twice", "form", document["key"], (*path, name), field=key)
        seen.add(key)
        item = entity.fields.get(key)
        is_rows = item is not None and rows_of(item) is not None
        if item is not None and name == "rows" and not is_rows:
            yield error("definition.not_rows", "form", document["key"], (*path, name), field=key)
        if item is not None and name == "field" and is_rows:
            yield error("definition.rows_as_field", "form", document["key"], (*path, name), field=key)


def _related(survey: Survey, document: Document) -> Iterator[Finding]:
    for index, item in enumerate(document.get("related", ())):
        other = survey.outline.entities.get(item["entity"])
        via = other.fields.get(item["field"]) if other else None
        if via is not None and target_of(via) != document["entity"]:
            values = {"field": f"{item['entity']}.{item['field']}", "entity": document["entity"]}
            yield error("definition.related_unfit", "form", document["key"], ("related", index, "field"), **values)


RULE = LintRule(
    "form_items",
    ("definition.item_twice", "definition.not_rows", "definition.rows_as_field", "definition.related_unfit"),
    _check,
)
