"""The same shop as the integration tests have."""

from tests.integration.records.conftest import mark, shop

__all__ = ["mark", "shop"]
