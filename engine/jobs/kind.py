"""Kinds of jobs: what a function must say about itself to be queued."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from engine.jobs.payload import read_payload
from engine.kernel.errors import EngineError, Forbidden, Invalid, NotFound
from engine.kernel.registry import Registry
from engine.storage import Work

TRIES = 8
_FIRST_DELAY = 5.0
_LONGEST_DELAY = 6 * 3600.0
_JITTER = 0.2

Run = Callable[[Work, Any], Mapping[str, Any] | None]
Function = TypeVar("Function", bound=Run)


@dataclass(frozen=True)
class JobKind:
    """A function that the worker may call.

    One that `writes` gets a writing work, which is committed together with the mark that the job is
    done: its effects on the database happen once. One that doesn't gets a reading work; it is for
    what reaches outside (a mail, a webhook) or opens works of its own for long tasks. Either must be
    safe to run twice. `every` makes it a recurring job; `as_owner` runs it under whoever queued it.
    """

    key: str
    run: Run
    payload: type[Any] | None = None
    tries: int = TRIES
    delays: tuple[float, ...] = ()
    writes: bool = True
    every: timedelta | None = None
    as_owner: bool = False

    def read(self, values: Mapping[str, Any]) -> Any:
        """The payload as the function wants it; raises Invalid."""
        return values if self.payload is None else read_payload(self.payload, values)

    def delay(self, attempts: int, chance: random.Random) -> timedelta:
        """How long to wait after so many attempts: longer each time, and never in step with others."""
        if self.delays:
            seconds = self.delays[min(attempts, len(self.delays)) - 1]
        else:
            seconds = min(_LONGEST_DELAY, _FIRST_DELAY * 4 ** min(attempts - 1, 12))
        return timedelta(seconds=seconds * (1 + _JITTER * chance.uniform(-1, 1)))


KINDS: Registry[JobKind] = Registry("jobs")


def job(
    key: str, *, payload: type[Any] | None = None, tries: int = TRIES, delays: tuple[float, ...] = (),
    writes: bool = True, every: timedelta | None = None, as_owner: bool = False,
) -> Callable[[Function], Function]:
    """Register a function of (work, payload) as a kind of job; see JobKind."""

    def register(function: Function) -> Function:
        KINDS.register(JobKind(key, function, payload, tries, delays, writes, every, as_owner))
        return function

    return register


def is_final(error: BaseException) -> bool:
    """Would the same job fail the same way again?"""
    return isinstance(error, EngineError) and isinstance(error, (Invalid, Forbidden, NotFound))
