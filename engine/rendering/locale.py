"""In whose language, time zone and currency a page is written, and at what moment.

Templates reach deep, and handing these four down through every macro makes each of them longer than
what it says. So they stand in a context variable: the caller sets it once for a request.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


@dataclass(frozen=True)
class Locale:
    """The reader: language, time zone, the app's currency, and "now" for relative times."""

    language: str = "en"
    timezone: str = "UTC"
    currency: str = "CNY"
    now: datetime | None = None

    @cached_property
    def zone(self) -> ZoneInfo:
        """The time zone; UTC where its name is unknown to this machine."""
        try:
            return ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError):
            return ZoneInfo("UTC")

    @property
    def moment(self) -> datetime:
        """The moment the page is written at."""
        return self.now or datetime.now(UTC)

    @property
    def is_chinese(self) -> bool:
        """Is the reader's language a Chinese one?"""
        return self.language.startswith("zh")


_DEFAULT = Locale()
_current: ContextVar[Locale | None] = ContextVar("formwork_locale", default=None)


def current_locale() -> Locale:
    """The locale set for this request, or English and UTC."""
    return _current.get() or _DEFAULT


def set_locale(locale: Locale) -> None:
    """Set the locale for the rest of this request (thread or task)."""
    _current.set(locale)


@contextmanager
def reading_in(locale: Locale) -> Iterator[Locale]:
    """Set the locale for a block."""
    token = _current.set(locale)
    try:
        yield locale
    finally:
        _current.reset(token)
