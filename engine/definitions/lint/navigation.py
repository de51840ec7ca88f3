"""Links lead to lists of their own: not to rows that live inside another record, and not twice."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.finding import Finding
from engine.definitions.lint.rule import LintRule, error, warning
from engine.definitions.survey import Survey


def _check(survey: Survey) -> Iterator[Finding]:
    app = survey.outline.app
    if app is None:
        return
    seen: set[tuple[str, str]] = set()
    for index, group in enumerate(app.get("navigation", ())):
        for number, link in enumerate(group["items"]):
            kind, key = next(iter(link.items()))
            path = ("navigation", index, "items", number, kind)
            entity = survey.outline.entities.get(_entity(survey, kind, key))
            if entity is not None and entity.part_of:
                yield error("definition.link_to_rows", "app", app["key"], path, name=key, parent=entity.part_of)
            if (kind, key) in seen:
                yield warning("definition.link_twice", "app", app["key"], path, name=key)
            seen.add((kind, key))


def _entity(survey: Survey, kind: str, key: str) -> str:
    view = survey.outline.by_kind["view"].get(key) if kind == "view" else None
    return str(view["entity"]) if view else key


RULE = LintRule("navigation", ("definition.link_to_rows", "definition.link_twice"), _check)
