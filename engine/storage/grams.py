"""Pieces of Chinese text that an index can find: single characters and pairs.

Trigram indexes know nothing shorter than three characters, and most Chinese words have two.
PostgreSQL's function `formwork_grams` (migration 0001) gives the same pieces.
"""

from __future__ import annotations

import re

_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")


def grams(text: str | None) -> list[str]:
    """Every Han character and every pair of neighbours, each once, in order of appearance."""
    found: dict[str, None] = {}
    for run in _HAN.findall(text or ""):
        found.update(dict.fromkeys(run))
        found.update(dict.fromkeys(run[at : at + 2] for at in range(len(run) - 1)))
    return list(found)


def grams_text(text: str | None) -> str:
    """The same, joined by spaces, as SQLite's full-text index wants it."""
    return " ".join(grams(text))


def needed_grams(word: str) -> list[str]:
    """Pieces that a text must have when it contains `word`: pairs, and single characters only where no pair is."""
    found: dict[str, None] = {}
    for run in _HAN.findall(word):
        pairs = [run[at : at + 2] for at in range(len(run) - 1)]
        found.update(dict.fromkeys(pairs or [run]))
    return list(found)
