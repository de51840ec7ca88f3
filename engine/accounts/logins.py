"""The form of logins and of the other texts that people are described with."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any
from zoneinfo import ZoneInfo

from email_validator import EmailNotValidError, validate_email

from engine.accounts.account import THEMES
from engine.kernel.errors import Problem

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_LONGEST = {"login": 64, "name": 120, "title": 120}
_SIGNS = frozenset("._-+@")


def normal_login(login: str) -> str:
    """The one form of a login: compatibility forms folded (NFKC), lower case."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", login).strip().casefold())


def normal_name(name: str) -> str:
    """A name with single blanks and no control characters."""
    plain = "".join(sign for sign in name if unicodedata.category(sign) not in ("Cc", "Cf", "Cs"))
    return " ".join(unicodedata.normalize("NFC", plain).split())


def problems_of(values: dict[str, Any]) -> Iterator[Problem]:
    """What is wrong with the form of a person's details; looks only at those given."""
    for key, value in values.items():
        if key in _CHECKS and value is not None and not _CHECKS[key](value):
            yield Problem(f"accounts.{key}_form", {"value": str(value)[:80]}, (key,))
    for key, limit in _LONGEST.items():
        if len(values.get(key) or "") > limit:
            yield Problem("accounts.too_long", {"count": limit}, (key,))


def _is_login(text: str) -> bool:
    return bool(text) and all(sign.isalnum() or sign in _SIGNS for sign in text) and text[0].isalnum()


def _is_email(text: str) -> bool:
    try:
        validate_email(text, check_deliverability=False)
    except EmailNotValidError:
        return False
    return True


def _is_timezone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown, a path, a folder's name
        return False
    return True


_CHECKS: dict[str, Callable[[str], bool]] = {
    "login": _is_login,
    "name": bool,
    "email": _is_email,
    "timezone": _is_timezone,
    "language": lambda text: _LANGUAGE.fullmatch(text) is not None,
    "theme": THEMES.__contains__,
}
