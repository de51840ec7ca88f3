"""Keys that mean something else already: system fields, roots of names, words of expressions."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.finding import Finding
from engine.definitions.lint.rule import LintRule, error
from engine.definitions.survey import Survey

RESERVED = frozenset(
    {
        "id", "rev", "parent", "position", "created_by", "created_on", "changed_by", "changed_on",
        "removed_on", "old", "record", "actor", "initiator", "approved", "person", "link", "csrf",
        "and", "or", "not", "in", "is", "if", "else", "true", "false", "null", "none",
    }
)
"""Field keys that are taken: they name columns, roots of dotted names, words of the language, or a form's token."""

RESERVED_PLACES = frozenset({"schema", "session", "apps", "inbox", "tasks", "jobs", "design", "packs", "new"})
"""Keys of apps and entities that are taken: they are parts of addresses."""


def _check(survey: Survey) -> Iterator[Finding]:
    for key in survey.outline.by_kind["app"]:
        if key in RESERVED_PLACES:
            yield error("definition.reserved_key", "app", key, ("key",), key=key)
    for document in survey.outline.by_kind["entity"].values():
        key = document["key"]
        if key in RESERVED_PLACES:
            yield error("definition.reserved_key", "entity", key, ("key",), key=key)
        for index, item in enumerate(document["fields"]):
            if item["key"] in RESERVED:
                yield error("definition.reserved_key", "entity", key, ("fields", index, "key"), key=item["key"])


RULE = LintRule("reserved_key", ("definition.reserved_key",), _check, guards_building=True)
