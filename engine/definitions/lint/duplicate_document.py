"""An app has one document of its own, and every key occurs once in its kind."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.finding import Finding
from engine.definitions.lint.rule import LintRule, error
from engine.definitions.survey import Survey


def _check(survey: Survey) -> Iterator[Finding]:
    seen: set[tuple[str, str]] = set()
    apps = 0
    for document in survey.outline.all:
        kind, key = document["kind"], document["key"]
        if (kind, key) in seen:
            yield error("definition.duplicate_document", kind, key, ("key",), key=key)
        elif kind == "app":
            apps += 1
            if apps > 1:
                yield error("definition.second_app", kind, key, ("key",), key=key)
        seen.add((kind, key))
    if not apps and not any(kind == "app" for kind, _ in survey.outline.broken):
        yield error("definition.no_app", "app", "")


RULE = LintRule(
    "duplicate_document",
    ("definition.duplicate_document", "definition.second_app", "definition.no_app"),
    _check,
    guards_building=True,
)
