"""Signing in with login and password, and what happens after wrong ones.

After five wrong passwords in a row signing in pauses, each time longer, at most a quarter of an hour:
nobody can lock somebody else out for good. Unknown logins, wrong passwords, pauses and closed accounts
all look the same and take equally long.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from engine.accounts import logins, passwords, store
from engine.accounts.account import Credentials
from engine.accounts.own_work import write_now
from engine.kernel.errors import Invalid, Problem
from engine.storage import Work

FREE_ATTEMPTS = 5
FIRST_PAUSE = timedelta(seconds=15)
LONGEST_PAUSE = timedelta(minutes=15)


def check_login(work: Work, login: str, password: str) -> UUID:
    """The person with this login and password; raises Invalid (`accounts.bad_login`).

    Needs a reading work: the count of wrong attempts is kept although an error is raised, in a work
    of its own, and hashing must not keep others from writing.
    """
    if work.writes:
        raise RuntimeError("check_login needs a reading work")
    known = _find(work, login)
    usable = known if known and known.is_active and not _is_paused(known, work.now) else None
    right = passwords.fits(usable.password if usable else None, password)
    if usable is None or not right:
        if usable is not None:
            _count(work, usable)
        raise Invalid(Problem("accounts.bad_login"))
    if usable.failed_logins:
        write_now(work, lambda own: store.set_attempts(own.connection, usable.user_id, 0, None))
    if passwords.is_outdated(usable.password or ""):
        renewed = passwords.hash_password(password)
        write_now(work, lambda own: store.set_password(own.connection, usable.user_id, renewed))
    return usable.user_id


def pause_after(failed: int) -> timedelta | None:
    """How long signing in pauses after so many wrong passwords in a row."""
    if failed < FREE_ATTEMPTS:
        return None
    pause: timedelta = FIRST_PAUSE * 2 ** min(failed - FREE_ATTEMPTS, 16)
    return min(LONGEST_PAUSE, pause)


def _find(work: Work, login: str) -> Credentials | None:
    normal = logins.normal_login(login[:200])
    if next(logins.problems_of({"login": normal}), None) is not None:
        return None
    return store.find_credentials(work.connection, normal)


def _is_paused(known: Credentials, now: datetime) -> bool:
    return known.locked_until is not None and now < known.locked_until


def _count(work: Work, known: Credentials) -> None:
    """One wrong password more, and perhaps a pause."""

    def change(own: Work) -> None:
        failed = store.count_attempt(own.connection, known.user_id)
        pause = pause_after(failed)
        if pause is not None:
            store.set_attempts(own.connection, known.user_id, failed, own.now + pause)
        own.log("session.refused", subject=str(known.user_id), details={"failed": failed})

    write_now(work, change)
