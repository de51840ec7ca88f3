"""The column types of storage's own tables; they are written where the fields are."""

from __future__ import annotations

from engine.fields.column_types import Bytes16, Exact, Instant, Json, Texts

__all__ = ["Bytes16", "Exact", "Instant", "Json", "Texts"]
