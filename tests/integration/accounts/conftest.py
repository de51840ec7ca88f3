"""The world of accounts."""

from __future__ import annotations

import pytest

from engine.storage import Database
from tests.integration.accounts.account_world import World


@pytest.fixture
def world(database: Database) -> World:
    """A migrated database, empty."""
    return World(database)
