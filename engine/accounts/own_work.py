"""Two things that every change of accounts has to mind: who is told, and what must be kept."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from engine.kernel.actor import system_actor
from engine.kernel.clock import SteppedClock
from engine.kernel.errors import Unavailable
from engine.storage import Work


def touch(work: Work) -> None:
    """Let every process forget what it knows of accounts, and wait for others who change them.

    Comes first: whoever changes accounts holds the stamp row, so that two changes can't each be
    right by itself and wrong together (a circle of managers, no administrator left).
    """
    work.touch("accounts")


def has_touched(work: Work) -> bool:
    """Has this work changed accounts?"""
    return work.has_touched("accounts")


def write_now(work: Work, change: Callable[[Work], None]) -> None:
    """Carry out a small change that is to stay whatever becomes of the work that leads to it.

    It happens in the work if that writes, else in a short one of its own.
    """
    if work.writes:
        change(work)
        return
    with work.database.work(system_actor("accounts"), clock=SteppedClock(work.now)) as own:
        change(own)


def note_now(work: Work, change: Callable[[Work], None]) -> None:
    """The same for what is nice to know: left out while the database is too busy to take it."""
    with suppress(Unavailable):
        write_now(work, change)
