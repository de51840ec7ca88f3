"""Values of sample records: references by name, moments relative to the day of installation, two languages.

A text that begins with `@` stands for something: `@acc1` another sample, `@user:sales1` a person,
`@department:sales`, `@today-12d` a date, `@now-3h` and `@today-12d 09:30` a moment. A map of languages is one text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from engine.kernel.errors import Invalid, Problem
from engine.kernel.messages import LANGUAGES, pick

_MOMENT = re.compile(r"@(today|now)(?:([+-]\d{1,5})([dh]))?(?:(?<!h) ([01]\d|2[0-3]):([0-5]\d))?")


@dataclass
class Names:
    """What `@` names stand for while a pack's samples are installed."""

    language: str
    now: datetime
    timezone: str
    records: dict[str, UUID] = field(default_factory=dict)
    users: dict[str, UUID] = field(default_factory=dict)
    departments: dict[str, UUID] = field(default_factory=dict)
    called: dict[UUID, str] = field(default_factory=dict)
    """Names of people, as they are asked for."""
    absent: set[str] = field(default_factory=set)
    """Names that stand for nobody here: "user:sales1"."""

    def resolve(self, value: Any) -> Any:
        """A sample's value as the records room takes it; raises Invalid (`pack.unknown_name`)."""
        if isinstance(value, str):
            return value[1:] if value.startswith("@@") else self._named(value) if value.startswith("@") else value
        if isinstance(value, list):
            return [found for item in value if (found := self.resolve(item)) is not None]
        if isinstance(value, Mapping):
            if value and set(value) <= set(LANGUAGES):
                return pick(value, self.language)
            return {key: self.resolve(item) for key, item in value.items()}
        return value

    def moment(self, text: str) -> datetime:
        """The moment that a `@today…` or `@now…` stands for; raises Invalid."""
        found = _MOMENT.fullmatch(text)
        if found is None:
            raise Invalid(Problem("pack.unknown_name", {"name": text[:80]}))
        step = int(found[2] or 0)
        moment = self.now + (timedelta(hours=step) if found[3] == "h" else timedelta(days=step))
        if found[4] is None:
            return moment
        here = moment.astimezone(ZoneInfo(self.timezone)).replace(hour=int(found[4]), minute=int(found[5]), second=0, microsecond=0)
        return here.astimezone(self.now.tzinfo)

    def _named(self, text: str) -> Any:
        if _MOMENT.fullmatch(text):
            moment = self.moment(text)
            if text.startswith("@today") and ":" not in text:
                return moment.astimezone(ZoneInfo(self.timezone)).date().isoformat()
            return moment.isoformat()
        if text[1:] in self.absent:
            return None
        group, _, name = text[1:].rpartition(":")
        known = {"": self.records, "user": self.users, "department": self.departments}.get(group, {})
        if name not in known:
            raise Invalid(Problem("pack.unknown_name", {"name": text[:80]}))
        return str(known[name])
