"""Forgets jobs that are over: the done after two weeks, the failed after three months."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from engine.jobs.kind import job
from engine.jobs.queue import delete_old_jobs
from engine.storage import Work


@job("jobs.clean_up", every=timedelta(hours=6))
def clean_up(work: Work, _: Mapping[str, Any]) -> dict[str, int]:
    """Delete old jobs; says how many."""
    return {"count": delete_old_jobs(work, timedelta(days=14), timedelta(days=90))}
