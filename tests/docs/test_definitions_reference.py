"""The reference of definitions is as its schemas are."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parents[2]


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate_definitions", ROOT / "docs" / "generate_definitions.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_page_is_up_to_date() -> None:
    module = generator()

    stale = [name for name, text in module.pages().items() if (module.FOLDER / name).read_text(encoding="utf-8") != text]

    assert stale == [], "run python docs/generate_definitions.py"


def test_no_page_is_left_over() -> None:
    module = generator()

    assert {path.name for path in module.FOLDER.glob("*.md")} == set(module.pages())
