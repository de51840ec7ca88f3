"""The shared vectors as Python values."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

PATH = Path(__file__).parents[2] / "vectors" / "expressions.json"
VECTORS: dict[str, Any] = json.loads(PATH.read_text())
NOW = datetime.fromisoformat(VECTORS["now"]).astimezone(UTC)
TIMEZONE = VECTORS["timezone"]
CASES = VECTORS["cases"]
KINDS = {name: kind for name, (kind, _) in VECTORS["names"].items()}


def value_of(kind: str, raw: Any) -> Any:
    """A value written in JSON as Python holds it."""
    if raw is None:
        return None
    readers = {
        "number": Decimal,
        "date": date.fromisoformat,
        "datetime": datetime.fromisoformat,
        "reference": UUID,
        "list": tuple,
        "file": lambda items: tuple(map(UUID, items)),
    }
    return readers.get(kind, lambda value: value)(raw)


SCOPE = {name: value_of(kind, raw) for name, (kind, raw) in VECTORS["names"].items()}


def same(value: Any, expected: Any) -> bool:
    """Equal and of one type: 1 is not true."""
    return type(value) is type(expected) and value == expected
