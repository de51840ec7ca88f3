"""Records that somebody may read for another reason than a role: a task or a copy of theirs.

Those who know such a reason register it here; permission doesn't know them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.kernel.actor import Actor

ExtraRead = Callable[[str, str, Any, Actor], Any]
"""Called with app, entity, the entity's table (or alias) and the actor; answers an SQL condition over
the table for the records that the actor may read as well, or None."""

EXTRA_READ: list[ExtraRead] = []
