"""Colour rules: which of them hold for a record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.definitions import ColourRule
from engine.expressions import evaluate
from engine.records import Record
from engine.rendering.locale import current_locale
from engine.rendering.views.sight import Sight

ROW = ""
"""The key of the colour of the whole record."""


@dataclass(frozen=True)
class Tints:
    """The rules that count for this reader, and the names that they read.

    A rule that looks at something hidden would tell of it, so it counts for nobody who may not see all of it.
    """

    sight: Sight
    rules: tuple[ColourRule, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The fields that the rules read."""
        found = dict.fromkeys(name for rule in self.rules for name in sorted(rule.when.names) if _is_field(name))
        return tuple(found)

    def of(self, record: Record) -> Mapping[str, str]:
        """Colours by column, and under `ROW` that of the record; the first rule that holds decides."""
        if not self.rules:
            return {}
        found: dict[str, str] = {}
        locale = current_locale()
        for rule in self.rules:
            key = rule.field or ROW
            if key in found:
                continue
            answer = evaluate(rule.when, lambda name: self._value(record, name), now=locale.moment, timezone=self._timezone)
            if answer is True:
                found[key] = rule.colour
        return found

    @property
    def _timezone(self) -> str:
        return self.sight.model.app.timezone

    def _value(self, record: Record, name: str) -> Any:
        if name == "id":
            return record.id
        if not name.startswith("actor."):
            return record.values.get(name)
        actor = self.sight.source.work.actor
        if name == "actor.roles":
            return tuple(sorted(actor.roles_in(self.sight.model.app.key)))
        known = {"id": actor.user_id, "name": actor.name, "department": actor.department_id, "language": actor.language}
        return known.get(name.removeprefix("actor."))


def tints_of(sight: Sight) -> Tints:
    """The colour rules of a view that this reader's eyes may follow."""
    rules = [
        rule
        for rule in sight.view.colours
        if all(sight.sees(name) for name in rule.when.names if _is_field(name)) and (rule.field is None or sight.sees(rule.field))
    ]
    return Tints(sight, tuple(rules))


def _is_field(name: str) -> bool:
    return name != "id" and not name.startswith("actor.") and not name.endswith("()")
