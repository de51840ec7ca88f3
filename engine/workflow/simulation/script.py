"""What a simulation is asked for: the record, the person, and what is done step by step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

from engine.kernel.errors import Invalid, Problem
from engine.kernel.ids import find_id

MOST_TURNS = 100
DECISIONS = ("approve", "reject", "return", "transfer")


@dataclass(frozen=True)
class Turn:
    """One thing somebody does: make a move, decide on a seat, or let the time pass until a timer fires.

    `seat` is the place among the current visit's slots; `by` who acts (None: whoever sits there, or who began).
    """

    do: Literal["fire", "decide", "timer"]
    name: str = ""
    seat: int = 0
    by: UUID | None = None
    to: str | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    people: Mapping[str, tuple[UUID, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Script:
    """A simulation from its beginning. `fills` takes required fields that are empty for filled in."""

    workflow: str
    record: UUID | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    person: UUID | None = None
    turns: tuple[Turn, ...] = ()
    fills: bool = True


def read_script(given: Mapping[str, Any]) -> Script:
    """A script out of JSON; raises Invalid with every place that is none."""
    turns = given.get("turns", [])
    values = given.get("values", {})
    problems = [
        Problem("simulation.not_a_script", {}, (name,))
        for name, is_right in (
            ("workflow", isinstance(given.get("workflow"), str)),
            ("values", isinstance(values, dict)),
            ("turns", isinstance(turns, list) and len(turns) <= MOST_TURNS and all(isinstance(turn, dict) for turn in turns)),
        )
        if not is_right
    ]
    if problems:
        raise Invalid(*problems)
    return Script(
        workflow=given["workflow"], record=_id(given, "record"), values=values, person=_id(given, "person"),
        turns=tuple(_turn(turn, at) for at, turn in enumerate(turns)), fills=given.get("fills", True) is not False,
    )


def _turn(given: Mapping[str, Any], at: int) -> Turn:
    do: Any = given.get("do")
    name, values, people = given.get("name", ""), given.get("values") or {}, given.get("people") or {}
    is_right = (
        do in ("fire", "decide", "timer") and isinstance(name, str) and isinstance(values, dict)
        and isinstance(people, dict) and (do != "decide" or name in DECISIONS) and isinstance(given.get("seat", 0), int)
    )
    if not is_right:
        raise Invalid(Problem("simulation.not_a_script", {}, ("turns", at)))
    chosen = {
        str(rule): tuple(known for each in ids if (known := find_id(each))) for rule, ids in people.items() if isinstance(ids, list)
    }
    to = given.get("to")
    return Turn(do, name, given.get("seat", 0), _id(given, "by"), str(to) if to is not None else None, values, chosen)


def _id(given: Mapping[str, Any], name: str) -> UUID | None:
    raw = given.get(name)
    if raw in (None, ""):
        return None
    found = find_id(raw)
    if found is None:
        raise Invalid(Problem("simulation.not_a_script", {}, (name,)))
    return found
