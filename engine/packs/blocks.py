"""The building blocks that came with the product: documents without identity, offered in the palettes."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from engine.kernel import json
from engine.kernel.pinyin import spelled


@lru_cache(maxsize=1)
def list_blocks() -> tuple[dict[str, Any], ...]:
    """All blocks by what they offer and their key: {"key", "offers", "label", "description", "fields" or "document", "spelled"}."""
    root = Path(str(resources.files("templates_library")))
    found = [json.read(path.read_bytes()) for path in sorted(root.glob("*/*.json"))]
    return tuple({**{name: block[name] for name in _SENT if name in block}, "spelled": _spelled(block)} for block in found)


_SENT = ("key", "offers", "label", "description", "fields", "document")


def _spelled(block: dict[str, Any]) -> str:
    texts = [text for name in ("label", "description") for text in block.get(name, {}).values()]
    texts += [text for item in block.get("fields", ()) for text in item["label"].values()]
    return " ".join(dict.fromkeys(part for text in texts for part in (text, spelled(text)) if part)).lower()
