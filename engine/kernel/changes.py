"""What happened to records, as data, for those who react before the commit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

Verb = Literal["created", "changed", "removed", "restored"]


@dataclass(frozen=True)
class Change:
    """One record was created, changed, removed or restored.

    `before` and `after` hold only the fields that differ, as Python values by field key (a created
    record has an empty `before`). `cause` says what part of the product did it when no person did.
    """

    app: str
    entity: str
    record_id: UUID
    verb: Verb
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    rev: int = 1
    cause: str | None = None
