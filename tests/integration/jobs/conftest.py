"""The world of jobs."""

from __future__ import annotations

import pytest
from job_world import World

from engine.storage import Database


@pytest.fixture
def jobs_world(database: Database, monkeypatch: pytest.MonkeyPatch) -> World:
    """A migrated database with kinds of jobs for tests."""
    return World(database, monkeypatch)
