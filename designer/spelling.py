"""How the Chinese words of a draft are spelled, so that everything in it is found by pinyin and initials."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from engine import spelled

LONGEST = 80
"""Names are looked for, not paragraphs."""


def spellings(documents: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Spelling by text, for every short text with Chinese letters."""
    found = {text: spelled(text) for document in documents for text in _texts(document)}
    return {text: spelling for text, spelling in found.items() if spelling}


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if not value.isascii() and len(value) <= LONGEST:
            yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
