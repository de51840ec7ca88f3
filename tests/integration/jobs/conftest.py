"""The world of jobs."""

from __future__ import annotations

import pytest

from engine.storage import Database
from tests.integration.jobs.job_world import World


@pytest.fixture
def jobs_world(database: Database, monkeypatch: pytest.MonkeyPatch) -> World:
    """A migrated database with kinds of jobs for tests."""
    return World(database, monkeypatch)
