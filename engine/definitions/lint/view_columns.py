"""A list shows each column once, sorts and filters by what can be ordered and chosen."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.finding import Finding
from engine.definitions.lint.rule import LintRule, error
from engine.definitions.model import Document, Entity
from engine.definitions.paths import kind_of
from engine.definitions.survey import Survey
from engine.definitions.views import column_path

_NO_COLUMN = {"rows"}
_NO_ORDER = {"rows", "file", "list"}
_NO_FILTER = {"rows", "file"}


def _check(survey: Survey) -> Iterator[Finding]:
    defaults: dict[str, str] = {}
    for document in survey.outline.by_kind["view"].values():
        key, owner = document["key"], document["entity"]
        if document.get("default"):
            if owner in defaults:
                yield error("definition.second_default", "view", key, ("default",), view=defaults[owner])
            defaults.setdefault(owner, key)
        entity = survey.outline.entities.get(owner)
        if entity is not None:
            yield from _columns(document)
            yield from _kinds(document, entity)


def _columns(document: Document) -> Iterator[Finding]:
    seen: set[str] = set()
    for index, column in enumerate(document["columns"]):
        path = column_path(column)
        if path in seen:
            yield error("definition.column_twice", "view", document["key"], ("columns", index), field=path)
        seen.add(path)


def _kinds(document: Document, entity: Entity) -> Iterator[Finding]:
    named = [("columns", index, column_path(item), _NO_COLUMN)
             for index, item in enumerate(document["columns"])]
    named += [("sort", index, item.removeprefix("-"), _NO_ORDER)
              for index, item in enumerate(document.get("sort", ()))]
    named += [("quick_filters", index, item, _NO_FILTER)
              for index, item in enumerate(document.get("quick_filters", ()))]
    for part, index, name, unfit in named:
        item = entity.fields.get(name)
        if item is not None and kind_of(item) in unfit:
            yield error(f"definition.{part}_unfit", "view", document["key"], (part, index), field=name)


RULE = LintRule(
    "view_columns",
    (
        "definition.second_default",
        "definition.column_twice",
        "definition.columns_unfit",
        "definition.sort_unfit",
        "definition.quick_filters_unfit",
    ),
    _check,
)
