"""A scenario as its file says it; running is the business of `scenarios`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.definitions import Text


@dataclass(frozen=True)
class Scenario:
    """One acceptance case."""

    key: str
    label: Text
    steps: tuple[Mapping[str, Any], ...]
    is_main: bool = False
    """Does it tell the main process of the pack?"""
