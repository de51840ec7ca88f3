"""Texts of notifications and mails: our own sentences, and the app's templates over a record."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from engine.definitions.model import Model
from engine.definitions.names import Names
from engine.expressions import Expression, compile  # noqa: A004
from engine.kernel.messages import pick

_INSERT = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_LONGEST_SUBJECT = 200
_WORDS = {"zh-CN": ("是", "否"), "en": ("yes", "no")}

Answer = Callable[[Expression], Any]


class Template:
    """A message template of an app: subject and body, with expressions over one entity's records."""

    def __init__(self, model: Model, entity: str, key: str) -> None:
        found = model.app.templates.get(key, {})
        self._subject, self._body = found.get("subject", ""), found.get("body", "")
        self._names = Names(model.entities, entity, "template")
        self._fallback = model.app.default_language
        self._compiled: dict[str, Expression] = {}

    def subject(self, language: str, answer: Answer, timezone: str) -> str:
        """The subject, in one line."""
        text = self._fill(self._subject, language, answer, timezone)
        return one_line(text)

    def body(self, language: str, answer: Answer, timezone: str) -> str:
        """The body."""
        return self._fill(self._body, language, answer, timezone)

    def _fill(self, text: Any, language: str, answer: Answer, timezone: str) -> str:
        written = pick(text, language, self._fallback)
        return _INSERT.sub(
            lambda match: show(answer(self._expression(match[1].strip())), language, timezone), written
        )

    def _expression(self, text: str) -> Expression:
        if text not in self._compiled:
            self._compiled[text] = compile(text, self._names)
        return self._compiled[text]


def one_line(text: str) -> str:
    """Text fit for a subject: without line breaks, not too long."""
    return " ".join(text.split())[:_LONGEST_SUBJECT] or "-"


def show(value: Any, language: str, timezone: str) -> str:
    """A value for people to read."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _WORDS.get(language, _WORDS["en"])[0 if value else 1]
    if isinstance(value, Decimal):
        return f"{value:,f}"
    if isinstance(value, datetime):
        return moment(value, timezone)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return ("、" if language.startswith("zh") else ", ").join(show(item, language, timezone) for item in value)
    return str(value)


def moment(at: datetime, timezone: str) -> str:
    """A moment to the minute, where the reader is."""
    return at.astimezone(ZoneInfo(timezone)).strftime("%Y-%m-%d %H:%M")


def in_languages(languages: Iterable[str], say: Callable[[str], str]) -> Mapping[str, str]:
    """A sentence once per language."""
    return {language: say(language) for language in languages}
