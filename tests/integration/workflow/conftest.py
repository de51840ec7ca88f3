"""The worked example on both databases."""

from __future__ import annotations

import pytest

from engine.storage import Database
from tests.factories.quotations import Quotations


@pytest.fixture
def quotations(database: Database) -> Quotations:
    """The sales app with its people, ready for quotations."""
    return Quotations(database).prepare()
