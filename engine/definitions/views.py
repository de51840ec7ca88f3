"""A view's document as the model holds it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from engine.definitions.model import (
    Board,
    Calendar,
    Cards,
    ColourRule,
    Column,
    Document,
    Entity,
    View,
)
from engine.definitions.names import Names
from engine.expressions import Expression
from engine.expressions import compile as compile_expression
from engine.kernel.errors import Invalid

Find = Callable[..., Expression | None]
"""The compiled expression at a path of the document."""


PAGE_SIZE: Mapping[str, int] = {"board": 20}
"""How many records a page has where the document says nothing: of a board, each column."""


def build_view(document: Document, expression: Find) -> View:
    """The view of a document. What its type needs and the document lacks stays None: lint says so."""
    board, calendar, cards = (document.get(part) for part in ("board", "calendar", "cards"))
    return View(
        key=document["key"],
        entity=document["entity"],
        type=document["type"],
        label=document["label"],
        columns=tuple(_column(item) for item in document["columns"]),
        filter=expression("filter"),
        sort=tuple(document.get("sort", ())),
        quick_filters=tuple(document.get("quick_filters", ())),
        roles=tuple(document.get("roles", ())),
        is_default=document.get("default", False),
        page_size=document.get("page_size", PAGE_SIZE.get(document["type"], 50)),
        group_by=document.get("group_by"),
        group_span=document.get("group_span", ""),
        sums=tuple(document.get("sums", ())),
        colours=tuple(_colours(document, expression)),
        board=None if board is None else Board(board["by"], tuple(board.get("values", ())), board.get("title")),
        calendar=None if calendar is None else Calendar(
            calendar["start"], calendar.get("end"), calendar.get("title"), calendar.get("colour")
        ),
        cards=None if cards is None else Cards(cards.get("title"), cards.get("chip")),
    )


def view_of(entities: Mapping[str, Entity], document: Document) -> View:
    """The view of a document that is being edited; conditions that can't be compiled yet are left out."""
    names = Names(entities, document["entity"], "list")

    def expression(*path: str | int) -> Expression | None:
        text: Any = document
        for step in path:
            text = text.get(step) if isinstance(text, Mapping) else text[step]
        try:
            return None if text is None else compile_expression(text, names, expects="yes_no")
        except Invalid:
            return None

    return build_view(document, expression)


def column_path(item: str | Mapping[str, Any]) -> str:
    """The field of a column, written short or long."""
    return item if isinstance(item, str) else str(item["field"])


def _column(item: str | Mapping[str, Any]) -> Column:
    if isinstance(item, str):
        return Column(item)
    return Column(item["field"], item.get("width"), item.get("label", ""), item.get("editable", False))


def _colours(document: Document, expression: Find) -> Iterator[ColourRule]:
    for index, rule in enumerate(document.get("colours", ())):
        when = expression("colours", index, "when")
        if when is not None:
            yield ColourRule(when, rule["colour"], rule.get("field"))
