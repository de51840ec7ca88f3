"""An engine on each database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine import Engine


@pytest.fixture
def packs_engine(database_url, tmp_path) -> Iterator[Engine]:
    found = Engine(database_url, data=tmp_path)
    found.database.migrate()
    yield found
    found.close()
