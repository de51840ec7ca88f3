"""Reading `pack.json`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.kernel.errors import Problem, raise_invalid
from engine.kernel.messages import LANGUAGES
from engine.packs.pack import Manifest, Module
from engine.packs.schemas import file_problems

FORMAT = 1
PRODUCT = (0, 1, 0)
"""The version of the product that `requires` is held against."""

_SAID = {
    "uid": "pack.uid", "key": "pack.key", "version": "pack.version", "label": "pack.label", "description": "pack.label", "languages": "pack.languages",
    "requires": "pack.requires", "leaves_out": "pack.places", "modules": "pack.modules", "checksums": "pack.checksums",
}
"""What is said of a part of the manifest that its schema refuses; of the others, what the schema says."""


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
        migrations=tuple(content.get("migrations", ())),
    )


def _problems(content: Any) -> Iterator[Problem]:
    if not isinstance(content, Mapping):
        yield Problem("pack.manifest_not_object")
        return
    if content.get("format") != FORMAT:
        yield Problem("pack.format", {"format": str(content.get("format"))[:20]}, ("format",))
        return
    said = [_said(problem) for problem in file_problems("pack", content)]
    problems = {(problem.code, problem.path): problem for problem in said}
    yield from problems.values() if problems else _beyond_the_schema(content)


def _said(problem: Problem) -> Problem:
    if not problem.path:
        return problem
    part = str(problem.path[0])
    if problem.code == "definition.unknown_key" and len(problem.path) == 1:
        return Problem("pack.manifest_unknown", {"key": part}, problem.path)
    return Problem(_SAID[part], {"languages": ", ".join(LANGUAGES)}, problem.path) if part in _SAID else problem


def _beyond_the_schema(content: Mapping[str, Any]) -> Iterator[Problem]:
    """What JSON Schema can't say."""
    if not all(item in LANGUAGES for item in content["languages"]):
        yield Problem("pack.languages", {"languages": ", ".join(LANGUAGES)}, ("languages",))
    wanted = content.get("requires", {}).get("formwork", ">=0.1")
    if version_of(wanted.removeprefix(">=")) > PRODUCT:
        yield Problem("pack.too_new", {"wanted": wanted}, ("requires", "formwork"))
    if content["key"] in content.get("requires", {}):
        yield Problem("pack.requires_itself", {}, ("requires", content["key"]))
    keys = [item["key"] for item in content.get("modules", ())]
    for place, item in enumerate(content.get("modules", ())):
        if keys.count(item["key"]) > 1 or not all(key in keys for key in item.get("requires", ())):
            yield Problem("pack.modules", {}, ("modules", place))
    for place, item in enumerate(content.get("migrations", ())):
        if version_of(item["to"]) > version_of(content["version"]):
            yield Problem("pack.migration_ahead", {"version": item["to"]}, ("migrations", place, "to"))


def version_of(text: str) -> tuple[int, ...]:
    """A version as numbers that can be compared."""
    parts = [int(part) for part in text.split(".")]
    return tuple(parts + [0] * (3 - len(parts)))


def _module(item: Mapping[str, Any]) -> Module:
    return Module(item["key"], item["label"], tuple(item["documents"]), item.get("description", ""), tuple(item.get("requires", ())))
