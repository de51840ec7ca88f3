"""Password hashes: argon2id, never more of them at once than the machine has cores.

Parameters are those of OWASP's password storage cheat sheet (t=2, m=19 MiB, p=1): about 40 ms and
19 MiB for each hash. A burst of sign-ins therefore waits instead of eating the memory.
"""

from __future__ import annotations

import os
import threading
import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib import resources

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from engine.kernel.errors import Problem

SHORTEST = 8
LONGEST_BYTES = 1024
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_at_once = threading.BoundedSemaphore(os.cpu_count() or 1)



def problems_of(password: str, login: str = "") -> Iterator[Problem]:
    """What is wrong with a new password."""
    text = _normal(password)
    if len(text) < SHORTEST:
        yield Problem("accounts.password_short", {"count": SHORTEST}, ("password",))
    elif len(text.encode(errors="replace")) > LONGEST_BYTES:
        yield Problem("accounts.password_long", {"count": LONGEST_BYTES}, ("password",))
    elif text.casefold() in _common() or (login and text.casefold() == login.casefold()):
        yield Problem("accounts.password_common", {}, ("password",))


def hash_password(password: str) -> str:
    """The argon2id hash to keep."""
    with _at_once:
        return _hasher.hash(_normal(password))


def fits(stored: str | None, password: str) -> bool:
    """Is this the password behind the stored hash?

    Without a stored hash the answer is no, after the same work as otherwise: how long it takes must
    not tell whether there is such a person. Overlong input is refused before hashing.
    """
    if len(password) > LONGEST_BYTES or len(_normal(password).encode(errors="replace")) > LONGEST_BYTES:
        return False
    try:
        with _at_once:
            right = _hasher.verify(stored or _of_nobody(), _normal(password))
    except (VerificationError, InvalidHashError):
        return False
    return right and stored is not None


def is_outdated(stored: str) -> bool:
    """Was this hash made with other parameters than today's?"""
    return _hasher.check_needs_rehash(stored)


@cache
def _common() -> frozenset[str]:
    """The most used of the leaked passwords of at least eight characters, with those common in China."""
    found = resources.files("engine.accounts").joinpath("common_passwords.txt")
    return frozenset(found.read_text("utf-8").split())


@cache
def _of_nobody() -> str:
    return _hasher.hash(os.urandom(16).hex())


def _normal(password: str) -> str:
    """One form for what different keyboards write differently (full-width digits, accents)."""
    return unicodedata.normalize("NFKC", password)
