"""The pages of the pack format are as the schemas and the tests are."""

from __future__ import annotations

import runpy
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_pages_of_the_pack_format_are_up_to_date():
    module = runpy.run_path(str(ROOT / "docs" / "generate_pack_pages.py"))
    stale = [name for name, text in module["pages"]().items() if (module["FOLDER"] / name).read_text(encoding="utf-8") != text]
    assert stale == [], "run python docs/generate_pack_pages.py"
