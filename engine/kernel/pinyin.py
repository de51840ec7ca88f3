"""How Chinese words are spelled in Latin letters, so that people find them without changing the keyboard."""

from __future__ import annotations

import os
from functools import lru_cache


@lru_cache(maxsize=20_000)
def spelled(text: str) -> str:
    """Full spelling and initials: "数字" gives "shuzi sz"; text without Chinese letters gives ""."""
    if text.isascii():
        return ""
    # Phrases tell apart the few letters of several readings, and cost 30 MiB; for finding, letters will do.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415  only designers need it

    full = "".join(lazy_pinyin(text))
    initials = "".join(lazy_pinyin(text, style=Style.FIRST_LETTER))
    return f"{full} {initials}".lower() if full != text else ""
