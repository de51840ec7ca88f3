"""Owned rows: the parent's rows field and the child's `part_of` name each other, once."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.finding import Finding
from engine.definitions.graph import circles
from engine.definitions.lint.rule import LintRule, error
from engine.definitions.paths import rows_of
from engine.definitions.survey import Survey


def _check(survey: Survey) -> Iterator[Finding]:
    entities = survey.outline.entities
    claimed: dict[str, list[tuple[str, str]]] = {}
    for entity in entities.values():
        for item in entity.fields.values():
            child = rows_of(item)
            if child in entities:
                claimed.setdefault(str(child), []).append((entity.key, item.key))
    for child, claims in claimed.items():
        parent = entities[child].part_of
        for owner, field in claims:
            if parent != owner:
                path = ("fields", _index(survey, owner, field), "options", "entity")
                yield error("definition.rows_not_part_of", "entity", owner, path, child=child, entity=owner)
        if len(claims) > 1:
            names = [f"{owner}.{field}" for owner, field in claims]
            yield error("definition.rows_twice", "entity", child, ("part_of",), fields=names)
    for entity in entities.values():
        if entity.part_of in entities and (entity.part_of not in {owner for owner, _ in claimed.get(entity.key, ())}):
            values = {"entity": entity.key, "parent": entity.part_of}
            yield error("definition.part_without_rows", "entity", entity.key, ("part_of",), **values)
    parents: dict[str, set[str]] = {
        entity.key: {str(entity.part_of)} for entity in entities.values() if entity.part_of in entities
    }
    for circle in circles(parents):
        yield error("definition.part_of_itself", "entity", str(circle[0]), ("part_of",), entity=circle[0])


def _index(survey: Survey, entity: str, field: str) -> int:
    fields = survey.outline.by_kind["entity"][entity]["fields"]
    return next(index for index, item in enumerate(fields) if item["key"] == field)


RULE = LintRule(
    "owned_rows",
    (
        "definition.rows_not_part_of",
        "definition.rows_twice",
        "definition.part_without_rows",
        "definition.part_of_itself",
    ),
    _check,
    guards_building=True,
)
