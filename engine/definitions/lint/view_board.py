"""A board says by which choice field its columns are made, and has a number of them that a person can see."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.finding import Finding
from engine.definitions.lint.rule import LintRule, error, warning
from engine.definitions.model import Document, Entity
from engine.definitions.paths import kind_of, options_of
from engine.definitions.survey import Survey

MOST_COLUMNS = 40


def _check(survey: Survey) -> Iterator[Finding]:
    for document in survey.outline.by_kind["view"].values():
        entity = survey.outline.entities.get(document["entity"])
        if document["type"] == "board" and "board" not in document:
            yield error("definition.board_missing", "view", document["key"], ("board",))
        elif "board" in document and entity is not None:
            yield from _board(document, entity)


def _board(document: Document, entity: Entity) -> Iterator[Finding]:
    key, board = document["key"], document["board"]
    item = entity.fields.get(board["by"])
    if item is None:
        return  # another rule's finding
    options = options_of(item)
    if not options or kind_of(item) != "text":
        yield error("definition.board_unfit", "view", key, ("board", "by"), field=item.label or item.key)
        return
    for index, value in enumerate(board.get("values", ())):
        if value not in options:
            yield error("definition.board_value", "view", key, ("board", "values", index), value=value, field=item.label or item.key)
    if not board.get("values") and len(options) > MOST_COLUMNS:
        yield warning("definition.board_wide", "view", key, ("board", "by"), count=len(options), most=MOST_COLUMNS)


RULE = LintRule(
    "view_board",
    ("definition.board_missing", "definition.board_unfit", "definition.board_value", "definition.board_wide"),
    _check,
)
