"""From one schema version of a document kind to the next: one pure function a step.

A step lives in a file of its own (`entity_v1_to_v2.py`), takes a document and returns a new one, and
is entered in `UPGRADES` under the kind and the version it starts from. Steps are never changed once
released: stored releases and packs of every past version must load for ever.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Upgrade = Callable[[dict[str, Any]], dict[str, Any]]

SCHEMA_VERSION: Mapping[str, int] = {
    "app": 1,
    "entity": 1,
    "form": 1,
    "view": 1,
    "workflow": 1,
    "role": 1,
    "locale": 1,
}
"""The current schema version of each kind, in the order in which kinds are shown."""

UPGRADES: Mapping[tuple[str, int], Upgrade] = {}


def upgrade(
    document: dict[str, Any],
    *,
    versions: Mapping[str, int] = SCHEMA_VERSION,
    upgrades: Mapping[tuple[str, int], Upgrade] = UPGRADES,
) -> dict[str, Any]:
    """Bring a document to the current version of its kind, step by step.

    Every step sets `schema` itself here, so that none can forget it. Raises KeyError when a step is
    missing: that is a mistake of ours, never of the document.
    """
    kind = document["kind"]
    for version in range(document["schema"], versions[kind]):
        document = {**upgrades[kind, version](document), "schema": version + 1}
    return document
