"""Ids in raw input: canonical UUID text, or an object that holds one."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

_HEX = "[0-9a-fA-F]"
PATTERN = f"^{_HEX}{{8}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{12}}$"
LOWER_PATTERN = PATTERN.replace("A-F", "")
_is_id = re.compile(PATTERN[1:-1]).fullmatch
_is_lower_id = re.compile(LOWER_PATTERN[1:-1]).fullmatch


def parse_id(raw: object) -> UUID | None:
    """The id in `raw` (id text, {"id": …} with or without a title, or a UUID), or None."""
    if type(raw) is str:
        return UUID(int=int(raw.replace("-", ""), 16)) if _is_id(raw) else None
    if isinstance(raw, UUID):
        return raw
    if type(raw) is dict and raw.keys() <= {"id", "title"} and type(raw.get("id")) is str:
        return parse_id(raw["id"])
    return None


def parse_lower_id(raw: object) -> UUID | None:
    """The id in `raw`, which must be in the one form that can be told apart as text."""
    if type(raw) is str and _is_lower_id(raw):
        return UUID(int=int(raw.replace("-", ""), 16))
    return raw if isinstance(raw, UUID) else None


def id_schema() -> dict[str, Any]:
    """JSON Schema of what `parse_id` accepts."""
    text = {"type": "string", "pattern": PATTERN, "maxLength": 36}
    return {
        "anyOf": [
            {**text, "format": "uuid"},
            {
                "type": "object",
                "properties": {"id": text, "title": {}},
                "required": ["id"],
                "additionalProperties": False,
            },
        ]
    }
