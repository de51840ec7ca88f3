"""What the browser loads: a lock file that installs everywhere, and pages that stay small."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
BUILD = ROOT / "runtime" / "static" / "build"
SCRIPT_LIMIT, STYLE_LIMIT, PART_LIMIT = 25_000, 12_000, 200_000


def lock() -> dict[str, Any]:
    return json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]


def manifest() -> dict[str, Any]:
    path = BUILD / "manifest.json"
    if not path.exists():
        reason = "the web assets are not built (npm run build)"
        if os.environ.get("FORMWORK_REQUIRE_ALL"):
            pytest.fail(reason)
        pytest.skip(reason)
    return json.loads(path.read_text(encoding="utf-8"))


def closure(entries: dict[str, Any], key: str) -> set[str]:
    """The entry and everything it imports before it runs."""
    found = {key}
    for name in entries[key].get("imports", ()):
        found |= closure(entries, name)
    return found


def size(file: str) -> int:
    return len(gzip.compress((BUILD / file).read_bytes(), 9))


def test_the_lock_file_names_no_registry() -> None:
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text(encoding="utf-8")


def test_every_package_of_every_platform_has_an_entry_with_a_hash() -> None:
    packages = lock()
    names = {path.rpartition("node_modules/")[2] for path in packages}
    for path, package in packages.items():
        assert set(package.get("optionalDependencies", {})) <= names, path
        assert not path or package.get("integrity"), f"{path} has no hash"


def test_no_package_runs_a_script_when_it_is_installed() -> None:
    assert [path for path, package in lock().items() if package.get("hasInstallScript")] == []


def test_a_work_page_stays_within_its_budget() -> None:
    entries = manifest()
    parts = closure(entries, "runtime/ui/main.ts")
    scripts = sum(size(entries[part]["file"]) for part in parts)
    styles = sum(
        size(file) for file in {file for part in parts for file in entries[part].get("css", ())}
    )

    assert scripts <= SCRIPT_LIMIT
    assert styles <= STYLE_LIMIT


def test_every_part_that_comes_later_is_named_and_small() -> None:
    for key, part in manifest().items():
        if part.get("isDynamicEntry"):
            assert key.startswith(("runtime/ui/", "designer/ui/"))
            assert size(part["file"]) <= PART_LIMIT
