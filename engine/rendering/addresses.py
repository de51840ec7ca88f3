"""Where things are: the addresses that forms and tables link to, given by whoever owns the routes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


def _nowhere(*_parts: str) -> str:
    return ""


@dataclass(frozen=True)
class Addresses:
    """Functions from keys and ids to addresses; an empty address means that there is no such page.

    `record(entity, id)` is a record's page, `lookup(entity, field)` answers a combobox with JSON
    `[{id, title, subtitle}]`, `file(id)` sends a file, `upload` takes one, `scope` answers what an
    expression sees one step away (see docs/explanation/front_end.md), `moves(entity, id)` answers the
    menu of a state chip, `cell(entity, id, field)` gives and takes one value, `board(entity, id)` moves
    a card, `new(entity, field, value)` begins a record with one value.
    """

    record: Callable[[str, str], str] = _nowhere
    lookup: Callable[[str, str], str] = _nowhere
    file: Callable[[str], str] = _nowhere
    moves: Callable[[str, str], str] = _nowhere
    cell: Callable[[str, str, str], str] = _nowhere
    board: Callable[[str, str], str] = _nowhere
    new: Callable[[str, str, str], str] = _nowhere
    upload: str = ""
    scope: str = ""


NOWHERE = Addresses()
"""No pages at all: a preview, a test."""
