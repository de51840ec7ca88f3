"""Reading `pack.json`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from engine.kernel.errors import Problem, raise_invalid
from engine.kernel.messages import LANGUAGES
from engine.packs.pack import Manifest, Module

FORMAT = 1
PRODUCT = (0, 1, 0)
"""The version of the product that `requires` is held against."""

_KEY = re.compile(r"[a-z][a-z0-9_]{0,62}")
_VERSION = re.compile(r"\d{1,4}\.\d{1,4}\.\d{1,4}")
_RANGE = re.compile(r">=(\d{1,4})\.(\d{1,4})(?:\.(\d{1,4}))?")
_PLACE = re.compile(r"(entity|form|view|workflow|role|locale)/[a-z][a-z0-9_]{0,62}")
_SUM = re.compile(r"[0-9a-f]{64}")
_MODULE = {"key", "label", "description", "documents", "requires"}
_KEYS = {"format", "uid", "key", "version", "label", "description", "languages", "requires", "licence", "icon", "leaves_out", "modules", "checksums"}


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
        icon=content.get("icon", ""),
        leaves_out=tuple(content.get("leaves_out", ())),
        modules=tuple(_module(item) for item in content.get("modules", ())),
        checksums=dict(content.get("checksums", {})),
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
    yield from _identity(content)
    languages = content.get("languages")
    if not isinstance(languages, list) or not languages or not all(item in LANGUAGES for item in languages):
        yield Problem("pack.languages", {"languages": ", ".join(LANGUAGES)}, ("languages",))
    yield from _requirements(content.get("requires", {}))
    yield from _places(content.get("leaves_out", []), ("leaves_out",))
    yield from _modules(content.get("modules", []))
    sums = content.get("checksums", {})
    if not isinstance(sums, Mapping) or not all(isinstance(item, str) and _SUM.fullmatch(item) for item in sums.values()):
        yield Problem("pack.checksums", {}, ("checksums",))


def _identity(content: Mapping[str, Any]) -> Iterator[Problem]:
    if not _is_uuid(content.get("uid")):
        yield Problem("pack.uid", {}, ("uid",))
    for key, pattern in (("key", _KEY), ("version", _VERSION)):
        if not isinstance(content.get(key), str) or not pattern.fullmatch(content[key]):
            yield Problem(f"pack.{key}", {}, (key,))
    if not _is_text(content.get("label")):
        yield Problem("pack.label", {}, ("label",))
    if "description" in content and not _is_text(content["description"]):
        yield Problem("pack.label", {}, ("description",))
    for key in ("icon", "licence"):
        if not isinstance(content.get(key, ""), str):
            yield Problem("pack.label", {}, (key,))


def _module(item: Mapping[str, Any]) -> Module:
    return Module(item["key"], item["label"], tuple(item["documents"]), item.get("description", ""), tuple(item.get("requires", ())))


def _modules(modules: Any) -> Iterator[Problem]:
    if not isinstance(modules, list):
        yield Problem("pack.modules", {}, ("modules",))
        return
    keys = [item.get("key") for item in modules if isinstance(item, Mapping)]
    for place, item in enumerate(modules):
        path = ("modules", place)
        if not isinstance(item, Mapping) or not set(item) <= _MODULE or not _is_key(item.get("key")) or not _is_text(item.get("label")):
            yield Problem("pack.modules", {}, path)
            continue
        if keys.count(item["key"]) > 1 or not all(key in keys for key in item.get("requires", ())):
            yield Problem("pack.modules", {}, path)
        yield from _places(item.get("documents"), (*path, "documents"))


def _places(places: Any, path: tuple[str | int, ...]) -> Iterator[Problem]:
    if not isinstance(places, list) or not all(isinstance(place, str) and _PLACE.fullmatch(place) for place in places):
        yield Problem("pack.places", {}, path)


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


def _is_key(value: Any) -> bool:
    return isinstance(value, str) and _KEY.fullmatch(value) is not None


def _is_uuid(value: Any) -> bool:
    try:
        return isinstance(value, str) and str(UUID(value)) == value.lower()
    except ValueError:
        return False


def _is_text(value: Any) -> bool:
    if isinstance(value, Mapping):
        return bool(value) and all(isinstance(text, str) for text in value.values())
    return isinstance(value, str) and bool(value)
