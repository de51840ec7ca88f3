"""What jobs reach the outside world through; the worker brings it along."""

from __future__ import annotations

from dataclasses import dataclass

from engine.jobs.mail import Mail
from engine.jobs.outbound import Outbound
from engine.storage import Work

PORTS = "jobs.ports"


@dataclass(frozen=True)
class Ports:
    """The ways out: mail and HTTP."""

    mail: Mail
    outbound: Outbound


def ports_of(work: Work) -> Ports:
    """The ports of the worker that does this work; raises RuntimeError outside of a worker."""
    found: Ports | None = work.cache.get(PORTS)
    if found is None:
        raise RuntimeError("this work has no way out: only a worker's jobs may send")
    return found
