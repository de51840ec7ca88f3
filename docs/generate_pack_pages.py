"""Write the pages of the pack format that follow from the schemas and from the table of hostile packs.

    python docs/generate_pack_pages.py
"""

from __future__ import annotations

import json
import sys
from itertools import groupby
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "docs")]

from generate_definitions import schema_lines  # noqa: E402  beside this file

from engine.kernel.messages import catalogue  # noqa: E402
from engine.packs.archive import (  # noqa: E402
    LONGEST_NAME,
    MOST_BYTES,
    MOST_FILES,
    MOST_OF_ONE,
    MOST_PACKED,
    MOST_RATIO,
)
from engine.packs.pictures import MOST_BYTES as MOST_OF_PICTURE  # noqa: E402
from engine.packs.pictures import MOST_PIXELS  # noqa: E402
from engine.packs.read_pack import MOST_JSON, MOST_VALUES  # noqa: E402
from engine.packs.schemas import file_schema  # noqa: E402
from tests.factories.hostile_packs import cases  # noqa: E402

FOLDER = ROOT / "docs" / "reference"
NOTE = "<!-- Written by docs/generate_pack_pages.py -->"
FILES = {"pack": "pack.json", "people": "people.json", "records": "records/*.json", "scenario": "scenarios/*.json", "signature": "signature.json"}


def pages() -> dict[str, str]:
    """Every page by file name."""
    schemas = {f"schemas/{name}.json": json.dumps(file_schema(name), ensure_ascii=False, indent=2) + "\n" for name in FILES}
    return {"pack_files.md": files_page(), "hostile_packs.md": hostile_page(), **schemas}


def files_page() -> str:
    """What may stand in each file that is no definition."""
    lines = ["# Files of a pack", NOTE, "", "What may stand in the files of a pack beside its definitions. See [the pack format](pack_format.md). The same as JSON Schema (Draft 2020-12),",
             "complete in itself, for editors and other programs: " + ", ".join(f"[{file}](schemas/{name}.json)" for name, file in FILES.items()) + ".", ""]
    for name, file in FILES.items():
        lines += [f"## {file}", "", *schema_lines(file_schema(name), "###"), ""]
    return "\n".join(lines).rstrip() + "\n"


def hostile_page() -> str:
    """Each hostile pack with its answer, as the tests hold it true."""
    sentences = catalogue("en")
    lines = ["# Hostile packs", NOTE, "", INTRODUCTION, "", "| limit | value |", "| --- | --- |"]
    lines += [f"| {name} | {value} |" for name, value in LIMITS.items()]
    for group, found in groupby(cases(), key=lambda case: case.group):
        lines += ["", f"## {group}", "", "| a pack with … | is answered | with |", "| --- | --- | --- |"]
        lines += [f"| {case.title} | `{case.code}` | {sentences[case.code].replace('|', '/')} |" for case in found]
    return "\n".join(lines) + "\n"


INTRODUCTION = """A pack comes from outside. It is read in memory and never extracted; every one below is refused with the reason shown,
in less than two seconds and within some tens of megabytes, and nothing of it is kept. `tests/unit/packs/test_hostile_packs.py` sends each of
them and this page is written from its list. Folders are held to the same rules; hidden files, such as `.git`, aren't looked at."""
LIMITS = {
    "files": f"{MOST_FILES:,}",
    "bytes of the zip": f"{MOST_PACKED // 2**20} MB",
    "bytes of all files": f"{MOST_BYTES // 2**20} MB",
    "bytes of one file": f"{MOST_OF_ONE // 2**20} MB",
    "bytes of one JSON file": f"{MOST_JSON // 2**20} MB",
    "values in all JSON files": f"{MOST_VALUES:,}",
    "ratio of unpacked to packed": str(MOST_RATIO),
    "letters of a path": str(LONGEST_NAME),
    "picture": f"{MOST_OF_PICTURE // 2**20} MB, {MOST_PIXELS:,} pixels a side",
}

if __name__ == "__main__":
    (FOLDER / "schemas").mkdir(exist_ok=True)
    for page, text in pages().items():
        (FOLDER / page).write_text(text, encoding="utf-8")
