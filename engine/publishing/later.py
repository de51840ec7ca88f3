"""What a publish leaves to the worker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.jobs import job
from engine.storage import Work, make_indexes, missing_indexes

INDEXES = "publishing.make_indexes"


@dataclass(frozen=True)
class IndexPayload:
    """Of which app."""

    app: str


@job(INDEXES, payload=IndexPayload, writes=False)
def make_later_indexes(work: Work, payload: IndexPayload) -> Mapping[str, Any]:
    """Make the indexes that a publish left because their tables are large; safe to repeat."""
    missing = missing_indexes(work, work.model(payload.app))
    make_indexes(work, missing)
    return {"made": len(missing)}
