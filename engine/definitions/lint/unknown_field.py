"""Every field that is named exists in its entity, and is not retired."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from engine.definitions.finding import Finding
from engine.definitions.lint.rule import LintRule, error
from engine.definitions.paths import find_field, kind_of_path
from engine.definitions.survey import Survey


def _check(survey: Survey) -> Iterator[Finding]:
    entities = survey.outline.entities
    for item in survey.references:
        if item.target[0] != "field" or item.target[1] not in entities:
            continue  # the entity's absence is another rule's finding
        entity, path = item.target[1:]
        steps = item.kind in {"view", "form"}  # the only ones that may show what lies a step further
        found = kind_of_path(entities, entity, path) if steps else find_field(entities, entity, path)
        if found is None or path == "id":
            values = {"entity": entity, "field": path}
            near = get_close_matches(path, entities[entity].fields, n=1)
            code = "definition.unknown_field"
            if path in entities[entity].retired:
                code = "definition.retired_field"
            elif near:
                code, values["near"] = "definition.unknown_field_near", near[0]
            yield error(code, item.kind, item.key, item.path, **values)


RULE = LintRule(
    "unknown_field",
    ("definition.unknown_field", "definition.unknown_field_near", "definition.retired_field"),
    _check,
    guards_building=True,
)
