"""Every shipped pack, in every way that a pack has to be sound."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from engine import Engine, system_actor
from engine.definitions.texts import texts_of
from engine.packs import (
    check_pack,
    export_pack,
    install_pack,
    list_packs,
    read_pack,
    read_shelf,
    run_scenarios,
    shelf_path,
)
from engine.packs.overlay import complete

KEYS = [manifest.key for manifest in list_packs()]
KINDS = ("sqlite", "postgresql")
PLACES = [
    pytest.param(key, kind, marks=[pytest.mark.long] if (place + at) % 2 else []) for place, key in enumerate(KEYS) for at, kind in enumerate(KINDS)
]
"""Every pack on each database; in a short run on one of the two, taking turns."""


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not any(part.startswith((".", "__")) for part in path.relative_to(folder).parts)
    }


@pytest.mark.parametrize("key", KEYS)
def test_a_pack_has_neither_errors_nor_warnings(key):
    assert check_pack(shelf_path(key), read_shelf) == ()


@pytest.mark.parametrize("key", KEYS)
def test_a_pack_says_everything_in_both_languages(key):
    pack = complete(read_shelf(key), read_shelf)
    missing = [
        place.path
        for document in pack.documents
        for place in texts_of(document)
        if isinstance(place.text, dict) and not (place.text.get("zh-CN") and place.text.get("en"))
    ]
    assert not missing


@pytest.mark.parametrize(("key", "database_url"), PLACES, indirect=["database_url"])
def test_exporting_after_installing_gives_the_same_bytes_and_the_scenarios_pass(database_url, tmp_path, key):
    pack = read_pack(shelf_path(key))
    engine = Engine(database_url, data=tmp_path)
    engine.database.migrate()
    with closing(engine), engine.work(system_actor("install"), writes=True) as work:
        install_pack(work, pack, language="zh-CN", samples=False, people=False)
        assert export_pack(work, key) == files_of(shelf_path(key))
        # The engine doesn't know one language from another; each is run on one of the two databases.
        language = "zh-CN" if database_url.startswith("sqlite") else "en"
        failed = [line for outcome in run_scenarios(work, key, pack, language) if not outcome.passed for line in outcome.lines()]
        assert not failed, "\n".join(failed)
