"""Uploaded files: a name that is safe to show, and whether the content is what the ending says."""

from __future__ import annotations

import unicodedata

from engine.kernel.errors import Invalid, Problem

NAME_LIMIT = 200
HEAD = 4096
"""Bytes at the beginning of a file that are looked at."""

_ZIP, _OLE = (b"PK\x03\x04", b"PK\x05\x06"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",)
_OFFICE = "application/vnd.openxmlformats-officedocument."
KNOWN: dict[str, tuple[str, tuple[bytes, ...]]] = {
    ".pdf": ("application/pdf", (b"%PDF-",)),
    ".png": ("image/png", (b"\x89PNG\r\n\x1a\n",)),
    ".jpg": ("image/jpeg", (b"\xff\xd8\xff",)),
    ".jpeg": ("image/jpeg", (b"\xff\xd8\xff",)),
    ".gif": ("image/gif", (b"GIF87a", b"GIF89a")),
    ".webp": ("image/webp", (b"RIFF",)),
    ".bmp": ("image/bmp", (b"BM",)),
    ".tif": ("image/tiff", (b"II*\x00", b"MM\x00*")),
    ".tiff": ("image/tiff", (b"II*\x00", b"MM\x00*")),
    ".zip": ("application/zip", _ZIP),
    ".docx": (_OFFICE + "wordprocessingml.document", _ZIP),
    ".xlsx": (_OFFICE + "spreadsheetml.sheet", _ZIP),
    ".pptx": (_OFFICE + "presentationml.presentation", _ZIP),
    ".odt": ("application/vnd.oasis.opendocument.text", _ZIP),
    ".ods": ("application/vnd.oasis.opendocument.spreadsheet", _ZIP),
    ".doc": ("application/msword", _OLE),
    ".xls": ("application/vnd.ms-excel", _OLE),
    ".ppt": ("application/vnd.ms-powerpoint", _OLE),
    ".7z": ("application/x-7z-compressed", (b"7z\xbc\xaf\x27\x1c",)),
    ".rar": ("application/vnd.rar", (b"Rar!\x1a\x07",)),
    ".gz": ("application/gzip", (b"\x1f\x8b",)),
    ".dwg": ("image/vnd.dwg", (b"AC10",)),
    ".mp4": ("video/mp4", (b"\x00\x00\x00",)),
    ".mp3": ("audio/mpeg", (b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2")),
    ".txt": ("text/plain", ()),
    ".csv": ("text/csv", ()),
    ".md": ("text/plain", ()),
    ".json": ("application/json", ()),
    ".xml": ("application/octet-stream", ()),
    ".step": ("application/octet-stream", (b"ISO-10303-21",)),
    ".stp": ("application/octet-stream", (b"ISO-10303-21",)),
}
"""Media type by ending, and what such a file begins with; nothing to begin with means plain text."""

_ACTIVE = (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"#!", b"<?php")
_MARKUP = (b"<!doctype html", b"<html", b"<script", b"<svg", b"<iframe")
_HIDDEN_CATEGORIES = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def clean_name(raw: str) -> str:
    """The name without folders, control characters and marks that turn the writing direction."""
    last = raw.replace("\\", "/").rpartition("/")[2]
    shown = "".join(letter for letter in last if unicodedata.category(letter) not in _HIDDEN_CATEGORIES)
    name = unicodedata.normalize("NFC", shown).strip(" .")
    if len(name) > NAME_LIMIT:
        stem, dot, ending = name.rpartition(".")
        short = NAME_LIMIT - len(ending) - 1
        name = f"{stem[:short]}.{ending}" if dot and short > 0 else name[:NAME_LIMIT]
    return name or "file"


def ending_of(name: str) -> str:
    """The ending in lower case with its dot; "" for a name without one."""
    stem, dot, ending = name.rpartition(".")
    return f".{ending.lower()}" if dot and stem else ""


def media_type(name: str, head: bytes) -> str:
    """The media type by which the file may be served; raises Invalid when content and ending differ.

    What a browser might run (programs, scripts, web pages) is refused under whatever name.
    """
    ending = ending_of(name)
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:64].lower()
    if head.startswith(_ACTIVE) or start.startswith(_MARKUP):
        raise Invalid(Problem("file.active_content", {"name": name}))
    if ending not in KNOWN:
        return "application/octet-stream"
    kind, beginnings = KNOWN[ending]
    is_right = head.startswith(beginnings) if beginnings else b"\x00" not in head
    if head and not is_right:
        raise Invalid(Problem("file.content_differs", {"name": name, "ending": ending}))
    return kind
