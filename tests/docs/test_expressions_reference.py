"""The reference of expressions is as its functions are."""

from __future__ import annotations

import runpy
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_tables_are_up_to_date() -> None:
    generator = runpy.run_path(str(ROOT / "docs" / "generate_expressions.py"))

    assert generator["PAGE"].read_text(encoding="utf-8") == generator["page"](), "run python docs/generate_expressions.py"
