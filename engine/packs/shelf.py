"""The packs that came with the product."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from engine.kernel import json
from engine.kernel.errors import NotFound, Problem
from engine.packs.manifest import parse_manifest
from engine.packs.pack import Manifest, Pack
from engine.packs.read_pack import read_pack


def _root() -> Path:
    return Path(str(resources.files("industry_packs")))


def list_packs() -> tuple[Manifest, ...]:
    """Manifests of the shipped packs, by key."""
    found = sorted(_root().glob("*/pack.json"))
    return tuple(parse_manifest(json.read(path.read_bytes())) for path in found)


def shelf_path(key: str) -> Path:
    """The folder of a shipped pack; raises NotFound."""
    path = _root() / key
    if not key.replace("_", "").isalnum() or not (path / "pack.json").exists():
        raise NotFound(Problem("pack.not_on_shelf", {"key": key[:80]}))
    return path


def read_shelf(key: str) -> Pack:
    """A shipped pack; raises NotFound."""
    return read_pack(shelf_path(key))


def find_source(text: str) -> Path:
    """A path as given, or the shipped pack of that name; raises NotFound."""
    path = Path(text)
    return path if path.exists() else shelf_path(text)
