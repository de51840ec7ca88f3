"""Everything the API answers; importing the modules adds their routes to the blueprint."""

from __future__ import annotations

from runtime.api import design, openapi, records, session
from runtime.api.area import blueprint

__all__ = ["blueprint", "design", "openapi", "records", "session"]
