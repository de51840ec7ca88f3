"""Generated reference pages are what their generator would write; links of the docs lead somewhere."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_reference_pages_are_up_to_date():
    generator = runpy.run_path(str(ROOT / "docs" / "generate_reference.py"))
    stale = [name for name, text in generator["pages"]().items() if (ROOT / "docs" / "reference" / name).read_text() != text]
    assert stale == [], "run: python docs/generate_reference.py"


def test_links_in_the_docs_lead_somewhere():
    broken = []
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text()):
            if not target.startswith(("http:", "https:", "mailto:")) and not (page.parent / target).exists():
                broken.append(f"{page.relative_to(ROOT)}: {target}")
    assert broken == []
