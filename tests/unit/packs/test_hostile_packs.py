"""Packs that mean harm are refused with a reason, in bounded time and memory, and never by a crash."""

from __future__ import annotations

import os
import random
import tracemalloc
from contextlib import suppress
from pathlib import Path

import pytest

from engine.kernel.errors import EngineError, Invalid
from engine.kernel.messages import LANGUAGES, catalogue, translate
from engine.packs import read_pack, read_shelf, shelf_path, write_pack, zip_of
from tests.factories.hostile_packs import Case, cases, good, packed, with_file

CASES = list(cases())


def refused(content: bytes | Path) -> tuple[str, ...]:
    with pytest.raises(Invalid) as caught:
        read_pack(content)
    for problem in caught.value.problems:
        for language in LANGUAGES:
            assert problem.code in catalogue(language)
            sentence = translate(problem.code, problem.values, language)
            assert len(sentence) < 500
            assert sentence.isprintable()
    return tuple(problem.code for problem in caught.value.problems)


def test_a_plain_pack_is_read():
    assert read_pack(packed()).manifest.key == "small"
    assert read_pack(packed(("roles/", b""))).signature.trust == "none"


@pytest.mark.timeout(60)  # what never comes to an end is stopped; how fast it is depends on the machine
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_a_hostile_pack_is_refused_with_a_reason(case: Case):
    content = case.make()
    found = refused(content)
    assert case.code in found
    assert len(found) <= 100


@pytest.mark.parametrize("case", [case for case in CASES if case.title in ("nine megabytes of zeros in nine kilobytes", "1,500 entries over one another")], ids=lambda case: case.title)
def test_a_bomb_takes_little_memory(case: Case):
    content = case.make()
    tracemalloc.start()
    try:
        refused(content)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 100 * 2**20


def test_folders_are_held_to_the_same(tmp_path: Path):
    folder = tmp_path / "pack"
    write_pack(good(), folder)
    (folder / ".git").mkdir()
    (folder / ".git" / "HEAD").write_text("not the pack's")
    assert read_pack(folder).manifest.key == "small"
    (folder / "roles").mkdir()
    (folder / "roles" / "a.json").symlink_to("/etc/passwd")
    assert refused(folder) == ("pack.link",)
    (folder / "roles" / "a.json").unlink()
    os.mkfifo(folder / "roles" / "a.json")
    assert refused(folder) == ("pack.special_file",)
    (folder / "roles" / "a.json").unlink()
    (folder / "forms").symlink_to("/etc")
    assert refused(folder) == ("pack.link",)
    (folder / "forms").unlink()
    (folder / "roles" / "Ä.json").write_bytes(b"{}")
    assert refused(folder) == ("pack.file_name",)


def test_bad_json_is_reported_under_its_file():
    with pytest.raises(Invalid) as caught:
        read_pack(with_file("roles/a.json", b'{"kind": "role", "kind": "role"}')())
    assert caught.value.problems[0].path[0] == "roles/a.json"


def test_writing_a_pack_twice_gives_the_same_bytes(tmp_path: Path):
    files = {path.relative_to(shelf_path("manufacturing")).as_posix(): path.read_bytes()
             for path in sorted(shelf_path("manufacturing").rglob("*.json"))}
    assert zip_of(files) == zip_of(dict(reversed(files.items())))
    write_pack(files, tmp_path / "out")
    assert read_pack(tmp_path / "out").documents == read_shelf("manufacturing").documents


def test_a_zip_that_was_damaged_anywhere_is_read_or_refused_and_never_more():
    sound, dice = packed(("people.json", b"{}")), random.Random(7)
    for _ in range(300):
        content = bytearray(sound)
        for _ in range(dice.choice((1, 2, 5))):
            at = dice.randrange(len(content))
            content[at : at + dice.choice((0, 1, 4))] = dice.choice((b"\xff\xff\xff\xff", b"\0", b"PK\x05\x06", dice.randbytes(3)))
        with suppress(EngineError):
            read_pack(bytes(content))
