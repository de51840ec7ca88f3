"""A choice is compared only with options that it has: a slip in a guard is a step that never comes."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.finding import Finding
from engine.definitions.lint.rule import LintRule, error
from engine.definitions.paths import options_of
from engine.definitions.survey import Survey


def _check(survey: Survey) -> Iterator[Finding]:
    entities = survey.outline.entities
    for item in survey.compiled:
        for entity, key, option in item.options_compared(entities):
            if option not in options_of(entities[entity].fields[key]):
                values = {"field": key, "option": option, "expression": item.place.text}
                place = item.place
                yield error("definition.unknown_option", place.kind, place.key, place.path, **values)
    yield from _defaults(survey)


def _defaults(survey: Survey) -> Iterator[Finding]:
    """A choice's default that is a fixed text is one of its options."""
    for (kind, key, path), expression in survey.expressions.items():
        if kind != "entity" or path[-1] != "default":
            continue
        raw = survey.outline.by_kind["entity"][key]["fields"][int(path[1])]
        offered = options_of(survey.outline.entities[key].fields[raw["key"]])
        value = getattr(expression.tree, "value", None)
        if offered and isinstance(value, str) and value not in offered:
            values = {"field": raw["key"], "option": value, "expression": raw["default"]}
            yield error("definition.unknown_option", kind, key, path, **values)


RULE = LintRule("unknown_option", ("definition.unknown_option",), _check)
