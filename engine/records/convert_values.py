"""What becomes of each value when a field changes its type: the same answer for the preview and the job.

A field that goes back to a type it had before finds its old values in their column. They stand again where
they still say what the record says: where nobody has typed anything since. What was typed since is carried
back; what can't be, and what can't be read in the first place, leaves the column as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from engine.definitions.model import Field
from engine.fields import Convert, converter
from engine.kernel.errors import Invalid, Problem
from engine.records.access import Access
from engine.records.store.conversions import Pair, is_taken, known_of

Outcome = Literal["carried", "restored", "kept", "failed", "empty"]


@dataclass(frozen=True)
class Fate:
    """What becomes of one record's value. `value` is what the new column holds afterwards."""

    pair: Pair
    outcome: Outcome
    value: Any = None
    problem: Problem | None = None

    @property
    def differs(self) -> bool:
        """Must the record be written?"""
        return bool(self.value != self.pair.new)


@dataclass(frozen=True)
class Values:
    """The two sides of a change of type.

    `is_fresh` says that the new column held nothing before; `begun_on` is when the new type was published,
    None in a preview; records after `limit` had never been carried into the old column.
    """

    access: Access
    entity: str
    before: Field
    after: Field
    is_fresh: bool
    begun_on: datetime | None = None
    limit: UUID | None = None

    def fates(self, pairs: Sequence[Pair]) -> list[Fate]:
        """What becomes of these, in the same order."""
        on, back = self._ways()
        known = known_of(self.access, self.before, self.after, [pair.old for pair in pairs])
        known_back = known if self.is_fresh else known_of(self.access, self.after, self.before, [pair.new for pair in pairs])
        return [
            self._fresh(pair, lambda value: on(value, known)) if self.is_fresh
            else self._returning(pair, lambda value: on(value, known), lambda value: back(value, known_back))
            for pair in pairs
        ]

    def _ways(self) -> tuple[Convert, Convert]:
        app = self.access.model.app
        before, after = (self.before.type, self.before.options), (self.after.type, self.after.options)
        return (
            converter(before, after, language=app.default_language, timezone=app.timezone),
            converter(after, before, language=app.default_language, timezone=app.timezone),
        )

    def _fresh(self, pair: Pair, on: Any) -> Fate:
        if pair.new is not None:
            return Fate(pair, "kept", pair.new)
        return Fate(pair, "empty") if pair.old is None else self._carry(pair, on)

    def _carry(self, pair: Pair, on: Any) -> Fate:
        try:
            return Fate(pair, "carried", on(pair.old))
        except Invalid as error:
            return Fate(pair, "failed", pair.new, error.problems[0])

    def _returning(self, pair: Pair, on: Any, back: Any) -> Fate:
        """`pair.new` is what stood in the column when the field last had this type."""
        if pair.new is None:
            return Fate(pair, "empty") if pair.old is None else self._carry(pair, on)
        try:
            then = back(pair.new)
        except Invalid:
            then = None
        if then == pair.old or self._was_changed(pair):
            return Fate(pair, "restored" if then == pair.old else "kept", pair.new)
        if pair.old is not None:
            return self._carry(pair, on)
        if (self.limit is not None and pair.id > self.limit) or self._had_no_room(then):
            return Fate(pair, "restored", pair.new)
        return Fate(pair, "empty")  # somebody has emptied it since

    def _was_changed(self, pair: Pair) -> bool:
        return self.begun_on is not None and pair.changed_on > self.begun_on

    def _had_no_room(self, value: Any) -> bool:
        """Was the value left out of the old column because another record had it already?"""
        return self.before.unique and is_taken(self.access, self.entity, self.before, value)
