"""Reading `pack.json`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from engine.kernel.errors import Problem, raise_invalid
from engine.kernel.messages import LANGUAGES
from engine.packs.pack import Manifest

FORMAT = 1
PRODUCT = (0, 1, 0)
"""The version of the product that `requires` is held against."""

_KEY = re.compile(r"[a-z][a-z0-9_]{0,62}")
_VERSION = re.compile(r"\d{1,4}\.\d{1,4}\.\d{1,4}")
_RANGE = re.compile(r">=(\d{1,4})\.(\d{1,4})(?:\.(\d{1,4}))?")
_KEYS = {"format", "uid", "key", "version", "label", "description", "languages", "requires", "licence", "checksums"}


def parse_manifest(content: Any) -> Manifest:
    """The manifest; raises Invalid (`pack.*`) with every problem at once."""
    raise_invalid(problem.under("pack.json") for problem in _problems(content))
    return Manifest(
        uid=content["uid"],
        key=content["key"],
        version=content["version"],
        label=content["label"],
        description=content.get("description", ""),
        languages=tuple(content["languages"]),
        requires=dict(content.get("requires", {})),
        licence=content.get("licence", ""),
    )


def _problems(content: Any) -> Iterator[Problem]:
    if not isinstance(content, Mapping):
        yield Problem("pack.manifest_not_object")
        return
    for key in content:
        if key not in _KEYS:
            yield Problem("pack.manifest_unknown", {"key": key}, (key,))
    if content.get("format") != FORMAT:
        yield Problem("pack.format", {"format": str(content.get("format"))[:20]}, ("format",))
    if not _is_uuid(content.get("uid")):
        yield Problem("pack.uid", {}, ("uid",))
    for key, pattern in (("key", _KEY), ("version", _VERSION)):
        if not isinstance(content.get(key), str) or not pattern.fullmatch(content[key]):
            yield Problem(f"pack.{key}", {}, (key,))
    if not _is_text(content.get("label")):
        yield Problem("pack.label", {}, ("label",))
    if "description" in content and not _is_text(content["description"]):
        yield Problem("pack.label", {}, ("description",))
    languages = content.get("languages")
    if not isinstance(languages, list) or not languages or not all(item in LANGUAGES for item in languages):
        yield Problem("pack.languages", {"languages": ", ".join(LANGUAGES)}, ("languages",))
    yield from _requirements(content.get("requires", {}))


def _requirements(requires: Any) -> Iterator[Problem]:
    if not isinstance(requires, Mapping):
        yield Problem("pack.requires", {}, ("requires",))
        return
    for key, wanted in requires.items():
        found = _RANGE.fullmatch(wanted) if isinstance(wanted, str) else None
        if found is None:
            yield Problem("pack.requires", {}, ("requires", key))
        elif key == "formwork" and tuple(int(part or 0) for part in found.groups()) > PRODUCT:
            yield Problem("pack.too_new", {"wanted": wanted}, ("requires", key))


def _is_uuid(value: Any) -> bool:
    try:
        return isinstance(value, str) and str(UUID(value)) == value.lower()
    except ValueError:
        return False


def _is_text(value: Any) -> bool:
    if isinstance(value, Mapping):
        return bool(value) and all(isinstance(text, str) for text in value.values())
    return isinstance(value, str) and bool(value)
