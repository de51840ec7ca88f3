"""Pictures of a pack: what is shown in a list of packs, so only what a browser shows and nothing that it runs."""

from __future__ import annotations

from engine.kernel.errors import Problem

MOST_BYTES = 2**20
MOST_PIXELS = 4_000
"""Of each side."""


def picture_problem(name: str, content: bytes) -> Problem | None:
    """Why a file is no picture that a pack may hold; None when it is one.

    PNG, JPEG and WebP by their content, whatever the name says: SVG holds scripts, and anything else is no picture.
    """
    if len(content) > MOST_BYTES:
        return Problem("pack.picture_too_large", {"name": name, "limit": MOST_PIXELS}, (name,))
    kind, size = _examined(content)
    ending = name.rpartition(".")[2].lower()
    if kind is None or size is None or (ending if ending != "jpg" else "jpeg") != kind:
        return Problem("pack.no_picture", {"name": name}, (name,))
    if not all(0 < side <= MOST_PIXELS for side in size):
        return Problem("pack.picture_too_large", {"name": name, "limit": MOST_PIXELS}, (name,))
    return None


def _examined(content: bytes) -> tuple[str | None, tuple[int, int] | None]:
    if content.startswith(b"\x89PNG\r\n\x1a\n") and content[12:16] == b"IHDR":
        return "png", (int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big"))
    if content.startswith(b"\xff\xd8\xff"):
        return "jpeg", _jpeg_size(content)
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "webp", _webp_size(content)
    return None, None


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    """From the start-of-frame segment."""
    at = 2
    while at + 9 < len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return int.from_bytes(content[at + 7 : at + 9], "big"), int.from_bytes(content[at + 5 : at + 7], "big")
        at += 2 + max(2, int.from_bytes(content[at + 2 : at + 4], "big"))
    return None


def _webp_size(content: bytes) -> tuple[int, int] | None:
    form = content[12:16]
    if form == b"VP8X":
        return 1 + int.from_bytes(content[24:27], "little"), 1 + int.from_bytes(content[27:30], "little")
    if form == b"VP8L":
        bits = int.from_bytes(content[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if form == b"VP8 ":
        return int.from_bytes(content[26:28], "little") & 0x3FFF, int.from_bytes(content[28:30], "little") & 0x3FFF
    return None
