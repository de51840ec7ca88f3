"""The world of accounts."""

from __future__ import annotations

import pytest
from account_world import World

from engine.storage import Database


@pytest.fixture
def world(database: Database) -> World:
    """A migrated database, empty."""
    return World(database)
